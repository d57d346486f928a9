import { nodeDh, nodePrimitives, seededRandom } from '@cardea/kit-node';
import { Secret, silentLog } from '@cardea/kit-runtime';
import { LINK_CHARACTERISTIC } from '@cardea/wire-lock';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeDomain } from '../../../gateway/src/scpm/create-domain.ts';
import { createDomainPart, type DomainPart } from '../../../gateway/src/scpm/domain-part.ts';
import { memoryStore } from '../../../gateway/test/memory-store.ts';
import { createDemoEstate, type Estate } from '../src/index.ts';

let estate: Estate;
let part: DomainPart | undefined;
/** Channels of the pieces that locks of maker `cardea` heard and sent, since this was emptied. */
const channels = new Set<number>();

/** The product's RAS, gateway and locks, and a domain at the gateway; its node prefers `algorithm`. */
async function start(algorithm: 'cbc' | 'ccm'): Promise<void> {
  const store = memoryStore();
  const random = seededRandom('domain');
  const choice = { profile: 'hardened', group: 2, rotateEveryMs: 0, pin: new Secret('246810') } as const;
  await makeDomain(store, { primitives: nodePrimitives, random, nowMs: 0 }, { ...choice, algorithm });
  const stored = await store.read();
  const seen = new Set<string>();
  estate = await createDemoEstate({
    seed: 7,
    // A lock of Bluetooth 4.2 (MTU 23), one of 5.0, and one of the second maker.
    keep({ maker, bluetooth }) {
      const kind = `${maker} ${bluetooth}`;
      const isNew = !seen.has(kind);
      seen.add(kind);
      return isNew;
    },
    domain: (clock) => (ports) => {
      const parts = { clock, random, log: silentLog, primitives: nodePrimitives, dh: nodeDh, store };
      part = createDomainPart({ ...parts, broken: fail }, ports, stored);
      return part;
    },
  });
  estate.medium.tap({
    frame({ characteristic, value }) {
      if (characteristic === LINK_CHARACTERISTIC) channels.add((value[0] ?? 0) & 0x3f);
      return undefined;
    },
  });
}

function fail(error: unknown): never {
  throw error;
}

const cardeaDoors = () => estate.doors.filter((door) => estate.identity(door).maker === 'cardea');
const areJoined = () =>
  cardeaDoors().every(
    (door) => estate.lock(door).view().hasUserKey && part?.domain?.isJoined(estate.identity(door).identifier) === true,
  );

beforeEach(() => {
  channels.clear();
  part = undefined;
});
afterEach(() => estate.stop());

it.each(['cbc', 'ccm'] as const)(
  'the locks of an estate join their gateway’s domain by themselves, and what the RAS says travels inside: %s',
  async (algorithm) => {
    await start(algorithm);
    await estate.enrolAll();
    await estate.clock.runUntil(areJoined, 30 * 60_000);
    // What was on its way then has come.
    await estate.clock.advance(60_000);
    channels.clear();
    for (const door of estate.doors) {
      const before = estate.lock(door).view().opens;
      const opened = await estate.operate(door, 'unlock', 30);
      expect(opened, door).toMatchObject({ state: 'succeeded' });
      expect(estate.lock(door).view()).toMatchObject({ boltOut: false, opens: before + 1 });
      expect(await estate.operate(door, 'lock', 30), door).toMatchObject({ state: 'succeeded' });
    }
    expect([...channels]).toEqual([2]);
  },
);

it('a key of the domain that is renewed disturbs no door, and after a power cut a lock is spoken to inside again', async () => {
  await start('cbc');
  await estate.enrolAll();
  await estate.clock.runUntil(areJoined, 30 * 60_000);
  await estate.clock.advance(60_000);
  channels.clear();
  part?.domain?.renew([1]);
  const [door = ''] = cardeaDoors();
  expect(await estate.operate(door, 'unlock', 30)).toMatchObject({ state: 'succeeded' });
  const userKey = () => part?.domain?.state.domainKeys.find(({ keyIndex }) => keyIndex === 1);
  await estate.clock.runUntil(() => userKey()?.generation === 2 && userKey()?.next === undefined, 30 * 60_000);
  estate.lock(door).powerOff();
  await estate.clock.advance(30_000);
  estate.lock(door).powerOn();
  await estate.clock.advance(120_000);
  expect(await estate.operate(door, 'status', 30)).toMatchObject({ state: 'succeeded' });
  expect(await estate.operate(door, 'lock', 30)).toMatchObject({ state: 'succeeded' });
  expect([...channels]).toEqual([2]);
});
