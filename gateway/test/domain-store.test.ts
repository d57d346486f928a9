import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEnvelope, nodePrimitives, seededRandom } from '@cardea/kit-node';
import { Secret } from '@cardea/kit-runtime';
import { openKsn } from '@cardea/wire-scpm';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeDomain } from '../src/scpm/create-domain.ts';
import { type DomainStore, openDomainStore } from '../src/scpm/domain-store.ts';

let folder: string;
let store: DomainStore;
const parts = { primitives: nodePrimitives, random: seededRandom(5), nowMs: 1_750_000_000_000 };
const choice = {
  profile: 'hardened',
  group: 2,
  algorithm: 'ccm',
  rotateEveryMs: 0,
  pin: new Secret('135791'),
} as const;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'domain-'));
  store = openDomainStore(join(folder, 'domain'), await createEnvelope(join(folder, 'key')));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('keeps a domain sealed: nothing of it is in clear, and a record opens under its own name alone', async () => {
  expect(await store.read()).toBeUndefined();
  const about = await makeDomain(store, parts, choice);
  const stored = await store.read();
  expect(stored?.about).toEqual(about);
  const key = openKsn(stored?.domain ?? new Uint8Array(0), []).domainKeys[0]?.key.reveal() ?? new Uint8Array(0);
  for (const name of await readdir(join(folder, 'domain'))) {
    const octets = await readFile(join(folder, 'domain', name));
    expect(octets.includes(Buffer.from(key))).toBe(false);
    expect(octets.includes(about.serialKey)).toBe(false);
  }
  await writeFile(join(folder, 'domain', 'domain'), await readFile(join(folder, 'domain', 'about')));
  await expect(store.read()).rejects.toMatchObject({ code: 'damaged' });
});

it('A-2 a second domain, and one that its profile cannot be, is refused', async () => {
  await expect(makeDomain(store, parts, { ...choice, pin: new Secret('12345') })).rejects.toMatchObject({
    code: 'invalid',
  });
  await expect(makeDomain(store, parts, { ...choice, group: 3 })).rejects.toMatchObject({ code: 'invalid' });
  await expect(makeDomain(store, parts, { ...choice, rotateEveryMs: 1 })).rejects.toMatchObject({ code: 'invalid' });
  expect(await store.read()).toBeUndefined();
  await makeDomain(store, parts, choice);
  await expect(makeDomain(store, parts, choice)).rejects.toMatchObject({ code: 'exists' });
});

it('an erased record is gone, and a folder without its main record is damaged, not empty', async () => {
  await makeDomain(store, parts, choice);
  await store.persist('device-020304050607', Uint8Array.of(1));
  expect((await store.read())?.devices).toHaveLength(1);
  await store.persist('device-020304050607', undefined);
  expect((await store.read())?.devices).toEqual([]);
  await rm(join(folder, 'domain', 'about'));
  await expect(makeDomain(store, parts, choice)).rejects.toMatchObject({ code: 'damaged' });
  await rm(join(folder, 'domain', 'domain'));
  expect(await store.read()).toBeUndefined();
  await makeDomain(store, parts, choice);
  await rm(join(folder, 'domain', 'domain'));
  await expect(store.read()).rejects.toMatchObject({ code: 'damaged' });
});
