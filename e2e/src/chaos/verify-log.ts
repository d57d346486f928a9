import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Finding } from '@cardea/twin-faults';

const BIN = fileURLToPath(new URL('../../../app/bin/cardea.mjs', import.meta.url));

/** Has the audit log of an estate's running server verified by the command line, as an operator does. */
export async function verifyLog(folder: string): Promise<readonly Finding[]> {
  const child = spawn(process.execPath, [BIN, 'audit', 'verify', '--json'], {
    env: { ...process.env, CARDEA_PROFILE: join(folder, 'cli.json') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  }
  await once(child, 'close');
  return child.exitCode === 0 ? [] : [{ rule: 'lie', detail: `the log does not verify: ${said.trim().slice(0, 500)}` }];
}
