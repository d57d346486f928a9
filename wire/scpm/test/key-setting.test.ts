import { equal } from '@cardea/kit-octets';
import { describe, expect, it } from 'vitest';
import { isJoined } from '../src/index.ts';
import { activeKey, World } from './world.ts';

const keysAtKsn = (world: World, i = 0) =>
  world.ksn.peers.find(({ address }) => equal(address, world.device(i).address))?.keys ?? [];

it('9.2.1 d), e): the algorithm that both ends have and the KSN prefers protects the user key', () => {
  for (const preferred of [1, 2] as const) {
    const world = new World({ seed: 5, preferred });
    world.join();
    world.pass(20_000, () => isJoined(world.ksn, world.device().address));
    expect(isJoined(world.ksn, world.device().address)).toBe(true);
    expect(world.device().keys.find(({ keyIndex }) => keyIndex === 1)?.algorithm).toBe(preferred);
    expect(keysAtKsn(world).find(({ keyIndex }) => keyIndex === 1)?.algorithm).toBe(preferred);
  }
});

for (const profile of ['hardened', 'standard'] as const) {
  describe(`9.2.1 a user key is initialised: ${profile}`, () => {
    it('a) to i): both ends hold the key', () => {
      const world = new World({ seed: 1, settings: { profile } });
      world.join();
      world.pass(20_000, () => isJoined(world.ksn, world.device().address));
      expect(isJoined(world.ksn, world.device().address)).toBe(true);
      expect(activeKey(world.device().keys, 1)).toBe(activeKey(keysAtKsn(world), 1));
      expect(activeKey(world.device().keys, 1)).not.toBe('none');
    });

    it('9.3.1 a) to m), 9.3.2: an update ends with the new key at both ends', () => {
      const world = new World({ seed: 2, settings: { profile }, devices: 2 });
      world.join(0);
      world.join(1);
      world.pass(20_000);
      const before = activeKey(world.device().keys, 1);
      world.tell('ksn', { kind: 'update-key', keyIndex: 1, key: world.freshKey() });
      world.pass(30_000);
      for (const i of [0, 1]) {
        expect(activeKey(world.device(i).keys, 1)).toBe(activeKey(keysAtKsn(world, i), 1));
        expect(activeKey(world.device(i).keys, 1)).not.toBe(before);
      }
      expect(world.ksn.domainKeys[0]).toMatchObject({ generation: 2, next: undefined });
    });

    it('9.2.2 a service provider key is set under the user key, and taken back', () => {
      const world = new World({ seed: 3, settings: { profile } });
      world.join();
      world.pass(20_000);
      const devices = [world.device().address];
      world.tell('ksn', { kind: 'add-provider', keyIndex: 3, key: world.freshKey(), devices });
      world.pass(5_000);
      expect(activeKey(world.device().keys, 3)).toBe(activeKey(keysAtKsn(world), 3));
      expect(activeKey(world.device().keys, 3)).not.toBe('none');
      world.tell('ksn', { kind: 'remove-provider', keyIndex: 3 });
      world.pass(5_000);
      expect(activeKey(world.device().keys, 3)).toBe('none');
    });

    it('lock messages go both ways, in one fragment and in five', () => {
      const world = new World({ seed: 4, settings: { profile } });
      world.join();
      world.pass(20_000);
      for (const size of [1, 240, 241, 1200]) {
        const octets = world.random.octets(size);
        world.tell('ksn', {
          kind: 'send',
          to: world.device().address,
          keyIndex: 1,
          octets,
          token: size,
          expiresAtMs: undefined,
        });
        world.pass(2_000);
        expect(world.of('device-0', 'deliver').at(-1)?.octets).toEqual(octets);
        expect(world.of('ksn', 'message-done').at(-1)).toMatchObject({ token: size, arrived: true });
        world.tell('device-0', {
          kind: 'send',
          to: world.ksn.address,
          keyIndex: 1,
          octets,
          token: size,
          expiresAtMs: undefined,
        });
        world.pass(2_000);
        expect(world.of('ksn', 'deliver').at(-1)?.octets).toEqual(octets);
      }
    });
  });
}
