import { equal, toHex } from '@cardea/kit-octets';
import { expect, it } from 'vitest';
import { isJoined } from '../src/index.ts';
import { activeKey, World } from './world.ts';

/** A device joins, a key is updated, a message goes either way; the power is cut at the `at`-th effect of one end. */
function run(end: 'ksn' | 'device-0', at: number): { readonly world: World; readonly wasCut: boolean } {
  const world = new World({ seed: 7 });
  let effects = 0;
  world.cutHere = (name, effect) => name === end && effect.kind !== 'wake' && ++effects === at;
  const { address } = world.device();
  const give = (): void => {
    world.join();
    world.pass(120_000, () => isJoined(world.ksn, address));
  };
  give();
  if (world.ksn.entries.length === 0) give();
  world.tell('ksn', { kind: 'update-key', keyIndex: 1, key: world.freshKey() });
  world.pass(60_000);
  for (const from of ['ksn', 'device-0'] as const) {
    const octets = Uint8Array.of(from.length, at & 0xff, at >> 8);
    const to = from === 'ksn' ? address : world.ksn.address;
    world.tell(from, { kind: 'send', to, keyIndex: 1, octets, token: at, expiresAtMs: undefined });
    world.pass(60_000);
  }
  world.pass(300_000);
  return { world, wasCut: effects >= at };
}

for (const end of ['ksn', 'device-0'] as const) {
  it(`power cut before every single effect of ${end}: the same active key at both ends, and nothing twice`, () => {
    let at = 1;
    for (; ; at++) {
      const { world, wasCut } = run(end, at);
      if (!wasCut) break;
      const { address } = world.device();
      const atKsn = world.ksn.peers.find((peer) => equal(peer.address, address))?.keys ?? [];
      expect({ at, joined: isJoined(world.ksn, address) }).toEqual({ at, joined: true });
      expect({ at, key: activeKey(world.device().keys, 1) }).toEqual({ at, key: activeKey(atKsn, 1) });
      expect({ at, next: world.ksn.domainKeys[0]?.next }).toEqual({ at, next: undefined });
      const delivered = [...world.of('ksn', 'deliver'), ...world.of('device-0', 'deliver')].map(({ octets }) =>
        toHex(octets),
      );
      expect({ at, twice: delivered.length - new Set(delivered).size }).toEqual({ at, twice: 0 });
    }
    expect(at).toBeGreaterThan(20);
  }, 300_000);
}
