import { nodePrimitives } from '@cardea/kit-node';
import { serialKeyOf } from '@cardea/wire-scpm';
import { expect, it } from 'vitest';
import { IDENTIFIER, openWorld, type World } from './kit.ts';

const toldOf = (world: World) =>
  world.sent.flatMap(({ message }) => (message.kind === 'locks' ? [message.locks] : [])).at(-1);

it('tells a gateway the serial key of a lock whose maker speaks SCPM, as a secret', async () => {
  const world = await openWorld({ maker: 'cardea' });
  const [lock] = toldOf(world) ?? [];
  expect(lock?.identifier).toBe(IDENTIFIER);
  expect(lock?.serialKey?.reveal()).toEqual(serialKeyOf(nodePrimitives, new Uint8Array(16)));
  expect(JSON.stringify(lock)).toContain('"serialKey":"[secret]"');
});

it('tells none of another maker', async () => {
  const world = await openWorld();
  expect(toldOf(world)).toEqual([{ identifier: IDENTIFIER, maker: 'test', advertisementKey: undefined }]);
});
