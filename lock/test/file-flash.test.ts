import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodeKeyAgreement, nodePrimitives, seededRandom } from '@cardea/kit-node';
import { Secret } from '@cardea/kit-runtime';
import { FACTORY_STATE } from '@cardea/wire-lock';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  cardeaMachine,
  createElement,
  createNorFlash,
  LOCK_FLASH,
  openDurableStore,
  openFileFlash,
  VirtualLockError,
} from '../src/index.ts';

const element = createElement({
  primitives: nodePrimitives,
  random: seededRandom('file flash'),
  agreement: nodeKeyAgreement,
  rootKey: new Secret(new Uint8Array(16).fill(5)),
  identifier: 'C0DEA0000102',
  serialKey: undefined,
});
const codec = cardeaMachine.durable;
const FORMER = { sectorOctets: 4_096, sectors: 16 };

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cardea-flash-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test.each([1, 700])('the flash of a lock from before it kept access rights goes on after %i writes', async (writes) => {
  const path = join(folder, 'lock.flash');
  const former = createNorFlash(FORMER);
  const store = openDurableStore(former, codec, element);
  for (let i = 1; i <= writes; i++) {
    store.commit({ kind: 'record', record: { ...FACTORY_STATE.record, timeFloorS: i } });
  }
  await writeFile(path, former.image(), { mode: 0o600 });
  const flash = await openFileFlash(path);
  const opened = openDurableStore(flash, codec, element);
  expect(opened.durable.record.timeFloorS).toBe(writes);
  opened.commit({ kind: 'record', record: { ...FACTORY_STATE.record, timeFloorS: writes + 1 } });
  await flash.close();
  expect(await stat(path)).toMatchObject({ size: LOCK_FLASH.sectorOctets * LOCK_FLASH.sectors });
  const again = await openFileFlash(path);
  expect(openDurableStore(again, codec, element).durable.record.timeFloorS).toBe(writes + 1);
  await again.close();
});

test('a flash of any other size is damage', async () => {
  const path = join(folder, 'lock.flash');
  await writeFile(path, new Uint8Array(65_535));
  await expect(openFileFlash(path)).rejects.toThrow(VirtualLockError);
});
