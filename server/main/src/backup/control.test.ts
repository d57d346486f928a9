import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Log, silentLog } from '@cardea/kit-runtime';
import type { OpenStore } from '@cardea/server-store';
import { afterEach, expect, it } from 'vitest';
import { listenControl } from './control.ts';

let folder = '';
afterEach(() => rm(folder, { recursive: true, force: true }));

it('a copy that cannot be removed is a line in the log, not the end of the server', async () => {
  folder = await mkdtemp(join(tmpdir(), 'cardea-control-'));
  let logged = (_message: string): void => undefined;
  const told = new Promise<string>((resolve) => {
    logged = resolve;
  });
  const log: Log = { ...silentLog, error: (message) => logged(message) };
  const store = {
    // A folder in the place of the copy is what `rm` refuses.
    async snapshot(to: string) {
      await mkdir(to);
    },
  } as Partial<OpenStore> as OpenStore;
  const close = await listenControl(folder, store, log);
  const socket = createConnection(join(folder, 'control.sock'));
  socket.write('{"do":"snapshot"}\n');
  await new Promise((resolve) => socket.once('data', resolve));
  socket.destroy();
  expect(await told).toBe('a copy of the record could not be removed');
  await close();
});
