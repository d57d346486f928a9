import { importP256, nodePrimitives, signP256 } from '@cardea/kit-node';
import { toBase64 } from '@cardea/kit-octets';
import { Secret } from '@cardea/kit-runtime';
import { hashPrintedCode, type Manifest, type ManifestLock, signManifest, wrapFactoryKey } from '@cardea/wire-manifest';
import { describe, expect, it } from 'vitest';
import { openWorld, page, recordOf, stranger, type World } from './kit.ts';

const scalar = (last: number) => Uint8Array.from({ length: 32 }, (_, at) => (at === 31 ? last : 7));
const maker = importP256(scalar(1));
const laterMaker = importP256(scalar(2));
const serial = importP256(scalar(3));
const transportKey = new Secret(new Uint8Array(32).fill(5));
const factoryKeyOf = (n: number) => new Secret(new Uint8Array(16).fill(n));
const identifierOf = (n: number) => `C0DEA00002${n.toString(16).padStart(2, '0').toUpperCase()}`;

function lockOf(n: number): ManifestLock {
  const factoryKey = factoryKeyOf(n);
  return {
    identifier: identifierOf(n),
    model: 'c-one',
    bluetooth: '5.0',
    factory_key: wrapFactoryKey(nodePrimitives, transportKey, 'test', identifierOf(n), factoryKey),
    serial_public_key: toBase64(serial.publicKey),
    printed_code_hash: hashPrintedCode(nodePrimitives, factoryKey, new Secret('12345678')),
  };
}

const manifestOf = (locks: readonly ManifestLock[], key = maker): Promise<Manifest> =>
  signManifest(
    { version: 1, maker: 'test', model: 'c-one', issued_at: '2026-01-31T09:00:00Z', locks },
    async (message) => signP256(key.privateKey, message),
  );

const parcel = (manifest: unknown, publicKey = maker.publicKey, key = transportKey) => ({
  manifest,
  maker_key: toBase64(publicKey),
  transport_key: toBase64(key.reveal()),
});
const signed = async (count: number) =>
  parcel(await manifestOf(Array.from({ length: count }, (_, n) => lockOf(n + 1))));

const take = ({ core, owner }: World, input: unknown) => core.locks.importManifest(owner, input);
const locksOf = ({ store }: World) => store.read((tx) => tx.locks.all());

/** Refused with this code and field; the record is as it was, and a good manifest is still taken. */
async function refused(world: World, input: unknown, code: string, field: string | undefined): Promise<string> {
  const before = [await recordOf(world.store, world.owner.organizationId), await locksOf(world)];
  const error: unknown = await take(world, input).then(
    () => 'taken',
    (found: unknown) => found,
  );
  expect(error).toMatchObject({ name: 'CoreError', code, field });
  expect([await recordOf(world.store, world.owner.organizationId), await locksOf(world)]).toEqual(before);
  return String(error);
}

describe("a maker's manifest", () => {
  it('brings its locks with their keys, once', async () => {
    const world = await openWorld();
    expect(await take(world, await signed(3))).toEqual({ added: 3, known: 0 });
    const [first] = (await locksOf(world)).filter(({ identifier }) => identifier === identifierOf(1));
    expect(first).toMatchObject({ maker: 'test', model: 'c-one', state: 'manifest', bluetooth: '5.0' });
    const id = first?.id ?? '';
    const key = await world.store.read((tx) => tx.locks.factoryKey(id));
    expect(key?.reveal()).toEqual(factoryKeyOf(1).reveal());
    const known = await world.store.read((tx) => tx.locks.serial(id));
    expect(known?.publicKey).toEqual(serial.publicKey);
    // Again, and with a lock more: what is known stays as it is.
    expect(await take(world, await signed(3))).toEqual({ added: 0, known: 3 });
    expect(await take(world, await signed(4))).toEqual({ added: 1, known: 3 });
    expect(await world.core.locks.legitimacy(world.owner, identifierOf(4))).toEqual({ status: 0, reason: null });
  });

  it('whose signature is of another key, or over something else, brings nothing', async () => {
    const world = await openWorld();
    const good = await manifestOf([lockOf(1)]);
    const forged = parcel(await manifestOf([lockOf(1)], laterMaker));
    await refused(world, forged, 'invalid', 'manifest.signature');
    await refused(world, parcel({ ...good, model: 'c-two' }), 'invalid', 'manifest.signature');
    await refused(world, parcel({ ...good, locks: [lockOf(1), lockOf(2)] }), 'invalid', 'manifest.signature');
    await refused(world, parcel({ ...good, signature: toBase64(new Uint8Array(64)) }), 'invalid', 'manifest.signature');
    expect(await take(world, parcel(good))).toEqual({ added: 1, known: 0 });
  });

  it('every single bit of the signature counts', async () => {
    const world = await openWorld();
    const good = await manifestOf([lockOf(1)]);
    const octets = Uint8Array.from(Buffer.from(good.signature, 'base64'));
    for (let bit = 0; bit < 512; bit += 7) {
      const flipped = octets.slice();
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      await expect(take(world, parcel({ ...good, signature: toBase64(flipped) }))).rejects.toMatchObject({
        field: 'manifest.signature',
      });
    }
    expect(await locksOf(world)).toHaveLength(1);
  });

  it("of a known maker with another key is a conflict, however well it is signed: the first import's key is pinned", async () => {
    const world = await openWorld();
    await take(world, await signed(1));
    const later = parcel(await manifestOf([lockOf(2)], laterMaker), laterMaker.publicKey);
    const text = await refused(world, later, 'conflict', 'maker_key');
    expect(text).toContain('maker test');
    expect(await take(world, await signed(2))).toEqual({ added: 1, known: 1 });
  });

  it('that is refused pins no key', async () => {
    const world = await openWorld();
    await refused(world, parcel(await manifestOf([lockOf(1)]), laterMaker.publicKey), 'invalid', 'manifest.signature');
    expect(await take(world, await signed(1))).toEqual({ added: 1, known: 0 });
  });

  it('that names a lock of another organization is taken as if that one were not there: each has its own record', async () => {
    const world = await openWorld();
    const other = await stranger(world.store);
    await world.core.locks.importManifest(other, parcel(await manifestOf([lockOf(2)])));
    expect(await world.core.locks.importManifest(world.owner, await signed(3))).toEqual({ added: 3, known: 0 });
    const find = { identifier: identifierOf(2) };
    const [own] = await world.core.locks.list(world.owner, find, page);
    const [others] = await world.core.locks.list(other, find, page);
    expect(own?.id).not.toBe(others?.id);
    await world.core.locks.remove(other, others?.id ?? '', { force: true });
    const withdrawn = await world.core.locks.list(other, find, page);
    expect([withdrawn[0]?.state, own?.state]).toEqual(['withdrawn', 'manifest']);
  });

  it('that names a lock of another maker is a conflict', async () => {
    const world = await openWorld();
    const { organizationId } = world.owner;
    await world.store.unit((tx) =>
      tx.locks.insert({
        id: 'lock_9',
        organizationId,
        identifier: identifierOf(1),
        maker: 'another',
        model: 'm',
        bluetooth: '5.0',
        state: 'manifest',
        createdAt: 1,
      }),
    );
    await refused(world, await signed(1), 'conflict', 'manifest.locks[0].identifier');
  });

  it('that is good but for its last key brings nothing: the lock and its field are named', async () => {
    const world = await openWorld();
    const bad = { ...lockOf(3), factory_key: lockOf(2).factory_key };
    const half = parcel(await manifestOf([lockOf(1), lockOf(2), bad]));
    await refused(world, half, 'invalid', 'manifest.locks[2].factory_key');
    await refused(
      world,
      parcel(await manifestOf([lockOf(1)]), maker.publicKey, new Secret(new Uint8Array(32))),
      'invalid',
      'manifest.locks[0].factory_key',
    );
    expect(await take(world, await signed(3))).toEqual({ added: 3, known: 0 });
  });

  const good = lockOf(1);
  it.each<readonly [string, (manifest: Manifest) => unknown, string]>([
    ['no object', () => 'manifest', 'manifest'],
    ['a list', () => [], 'manifest'],
    ['null', () => null, 'manifest'],
    ['another version', (m) => ({ ...m, version: 2 }), 'manifest.version'],
    ['a maker with spaces', (m) => ({ ...m, maker: 'a b' }), 'manifest.maker'],
    ['no model', ({ model: _, ...m }) => m, 'manifest.model'],
    ['a time that is none', (m) => ({ ...m, issued_at: '2026-02-30T00:00:00Z' }), 'manifest.issued_at'],
    ['no locks', (m) => ({ ...m, locks: [] }), 'manifest.locks'],
    ['too many locks', (m) => ({ ...m, locks: Array(10_001).fill(good) }), 'manifest.locks'],
    ['a member that is not known', (m) => ({ ...m, remark: 'x' }), 'manifest.remark'],
    ['a signature that is no base64', (m) => ({ ...m, signature: '!'.repeat(88) }), 'manifest.signature'],
    ['a short signature', (m) => ({ ...m, signature: 'AA==' }), 'manifest.signature'],
    ['a lock that is no object', (m) => ({ ...m, locks: [7] }), 'manifest.locks[0]'],
    ['a lock twice', (m) => ({ ...m, locks: [good, good] }), 'manifest.locks[1].identifier'],
    [
      'a lower-case identifier',
      (m) => ({ ...m, locks: [{ ...good, identifier: 'c0dea0000201' }] }),
      'manifest.locks[0].identifier',
    ],
    ['a number as identifier', (m) => ({ ...m, locks: [{ ...good, identifier: 1 }] }), 'manifest.locks[0].identifier'],
    ['another Bluetooth', (m) => ({ ...m, locks: [{ ...good, bluetooth: '3.0' }] }), 'manifest.locks[0].bluetooth'],
    [
      'a long key',
      (m) => ({ ...m, locks: [{ ...good, factory_key: '00'.repeat(33) }] }),
      'manifest.locks[0].factory_key',
    ],
    [
      'a point that is compressed',
      (m) => ({ ...m, locks: [{ ...good, serial_public_key: toBase64(new Uint8Array(65).fill(2)) }] }),
      'manifest.locks[0].serial_public_key',
    ],
    [
      'no hash of the code',
      (m) => ({ ...m, locks: [{ ...good, printed_code_hash: '' }] }),
      'manifest.locks[0].printed_code_hash',
    ],
  ])('with %s is refused by the name of the field, and nothing is stored', async (_, change, field) => {
    const world = await openWorld();
    const text = await refused(world, parcel(change(await manifestOf([good]))), 'invalid', field);
    expect(text).toMatch(/must be|is missing|is not a known member|is the same|at most/);
    expect(await take(world, await signed(1))).toEqual({ added: 1, known: 0 });
  });

  it.each<readonly [string, (good: object) => unknown, string | undefined]>([
    ['nothing', () => undefined, undefined],
    ['a text', () => '{}', undefined],
    ['a list', (request) => [request], undefined],
    ['one member more', (request) => ({ ...request, force: true }), 'force'],
    ['no maker key', (request) => ({ ...request, maker_key: undefined }), 'maker_key'],
    ['a maker key that is no base64', (request) => ({ ...request, maker_key: '*'.repeat(88) }), 'maker_key'],
    ['a short transport key', (request) => ({ ...request, transport_key: 'AAAA' }), 'transport_key'],
    ['a number as transport key', (request) => ({ ...request, transport_key: 5 }), 'transport_key'],
  ])('handed over as %s is refused by the name of the field', async (_, change, field) => {
    const world = await openWorld();
    await refused(world, change(await signed(1)), 'invalid', field);
  });

  it('leaves no key in what is said of it', async () => {
    const world = await openWorld();
    await take(world, await signed(2));
    const told = JSON.stringify([await recordOf(world.store, world.owner.organizationId), await locksOf(world)]);
    for (const secret of [transportKey, factoryKeyOf(1), factoryKeyOf(2)]) {
      expect(told).not.toContain(Buffer.from(secret.reveal()).toString('hex'));
      expect(told).not.toContain(toBase64(secret.reveal()));
    }
  });
});
