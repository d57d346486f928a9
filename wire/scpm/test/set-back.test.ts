import { nodePrimitives } from '@cardea/kit-node';
import { equal, toHex } from '@cardea/kit-octets';
import { describe, expect, it } from 'vitest';
import { decodeSecureFrame, encodeAnswer, isJoined, isSecure, sealFrame, suiteOf } from '../src/index.ts';
import { World } from './world.ts';

type End = 'ksn' | 'device-0';

const other = (end: End): End => (end === 'ksn' ? 'device-0' : 'ksn');
const addressOf = (world: World, end: End) => (end === 'ksn' ? world.ksn.address : world.device().address);

function joined(seed: number, preferred: 1 | 2): World {
  const world = new World({ seed, preferred });
  world.join();
  world.pass(20_000, () => isJoined(world.ksn, world.device().address));
  return world;
}

/** Sends a message and says whether it arrived, once. */
function say(world: World, from: End): boolean {
  const octets = world.random.octets(12);
  world.tell(from, {
    kind: 'send',
    to: addressOf(world, other(from)),
    keyIndex: 1,
    octets,
    token: world.nowMs,
    expiresAtMs: undefined,
  });
  world.pass(40_000);
  return world.of(other(from), 'deliver').filter((each) => equal(each.octets, octets)).length === 1;
}

/** Both ends talk; the records of one are put back to what they were before, and it starts from them. */
function putBack(world: World, end: End): void {
  const records = world.stations.get(end)?.records ?? new Map<string, Uint8Array>();
  const before = [...records];
  for (const from of ['ksn', 'device-0', 'ksn', 'device-0'] as const) say(world, from);
  records.clear();
  for (const [name, octets] of before) records.set(name, octets);
  world.cut(end);
  world.pass(1_000);
}

for (const end of ['ksn', 'device-0'] as const) {
  describe(`8.1.5 (ours): ${end} with the records of an earlier time`, () => {
    it('goes on from where its peer knows that it was, either way', () => {
      for (const preferred of [1, 2] as const) {
        for (const first of ['ksn', 'device-0'] as const) {
          const world = joined(11, preferred);
          putBack(world, end);
          expect([first, say(world, first), say(world, other(first))]).toEqual([first, true, true]);
        }
      }
    });

    it('serves nothing again of what was sent to it since', () => {
      const world = joined(12, 1);
      putBack(world, end);
      const deliveries = world.of(end, 'deliver').length;
      for (const { octets } of world.heard.slice()) {
        world.inject(octets);
        world.pass(100);
      }
      world.pass(60_000);
      expect(world.of(end, 'deliver')).toHaveLength(deliveries);
      expect(say(world, other(end))).toBe(true);
    });

    it('takes the answer to an inquiry of that time for none of now', () => {
      const world = joined(13, 1);
      putBack(world, end);
      const answers = (frames: readonly { readonly from: string; readonly octets: Uint8Array }[]) =>
        frames.filter(({ from, octets }) => {
          if (from !== other(end) || !isSecure(octets)) return false;
          const { response, services, failure } = decodeSecureFrame(octets, 6);
          return response && services === 'auth' && failure === undefined;
        });
      const old = answers(world.heard);
      const sent = world.heard.length;
      // Whatever the peer says is withheld, and every old answer is given in its place.
      world.tamper = ({ from, octets }) => (from === other(end) ? old.map((each) => each.octets) : [octets]);
      say(world, end);
      expect(old.length).toBeGreaterThan(0);
      const encrypted = world.heard
        .slice(sent)
        .filter(({ from, octets }) => from === end && decodeSecureFrame(octets, 6).services === 'auth+enc');
      expect(encrypted.map(({ octets }) => toHex(octets))).toEqual([]);
      world.tamper = undefined;
      world.pass(60_000);
      expect(say(world, end)).toBe(true);
    });
  });
}

it('8.1.5 (ours): an answer to another operation is no answer to this one', () => {
  const world = joined(14, 1);
  say(world, 'ksn');
  const { address } = world.device();
  const key = world
    .device()
    .keys.find(({ keyIndex }) => keyIndex === 1)
    ?.key.reveal() as Uint8Array;
  const direction = { sa: address, da: world.ksn.address, response: true, dh: false };
  const suite = suiteOf(nodePrimitives, { profile: 'hardened', algorithm: 1, key }, direction);
  world.tamper = ({ from, octets }) => {
    if (from === 'ksn') return [octets];
    const { snf } = decodeSecureFrame(octets, 6);
    const head = { ...direction, keyIndex: 1, services: 'auth+enc', snf } as const;
    return [sealFrame(suite, head, encodeAnswer({ to: 'commit', status: 'ok' }))];
  };
  const done = world.of('ksn', 'message-done').length;
  const octets = Uint8Array.of(1);
  world.tell('ksn', { kind: 'send', to: address, keyIndex: 1, octets, token: 9, expiresAtMs: undefined });
  world.pass(10_000);
  expect(world.of('ksn', 'message-done')).toHaveLength(done);
  world.tamper = undefined;
  world.pass(20_000);
  expect(world.of('ksn', 'message-done').at(-1)).toMatchObject({ token: 9, arrived: true });
});

for (const was of ['joined', 'removed'] as const) {
  it(`9.2.1 (ours): a device that is as it came from the factory joins again, though it was ${was}`, () => {
    const world = joined(15, 2);
    say(world, 'ksn');
    say(world, 'device-0');
    const { address } = world.device();
    if (was === 'removed') world.tell('ksn', { kind: 'remove', device: address });
    world.stations.get('device-0')?.records.clear();
    world.cut('device-0');
    world.pass(1_000);
    world.join();
    world.pass(60_000);
    expect(isJoined(world.ksn, address)).toBe(true);
    expect([say(world, 'ksn'), say(world, 'device-0')]).toEqual([true, true]);
  });
}
