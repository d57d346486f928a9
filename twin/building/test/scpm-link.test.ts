import { seededRandom } from '@cardea/kit-node';
import { Secret } from '@cardea/kit-runtime';
import { encodeHello } from '@cardea/wire-access';
import { CHANNEL, MESSAGE } from '@cardea/wire-lock';
import { expect, it } from 'vitest';
import { RadioKsn } from './radio-ksn.ts';
import { createScpmBench, joinAndAsk, STRAY } from './scpm-bench.ts';

it('what a lock has to say on a link that is gone is dropped, and a new link carries what is said on it', async () => {
  const bench = await createScpmBench();
  const { clock, medium, lock, ksn } = bench;
  await joinAndAsk(bench);
  const before = ksn.inside.length;
  // The lock hears, and is not heard any more.
  const hush = medium.tap({ frame: ({ direction }) => (direction === 'to-central' ? { kind: 'drop' } : undefined) });
  ksn.say(STRAY);
  await clock.advance(3_000);
  ksn.off();
  await clock.advance(1_000);
  hush();
  ksn.on();
  await clock.runUntil(() => ksn.isConnected, 60_000);
  // Longer than a lock repeats what nobody has confirmed.
  await clock.advance(120_000);
  expect(ksn.inside).toHaveLength(before);
  ksn.say(STRAY);
  await clock.runUntil(() => ksn.inside.length > before, 60_000);
  expect(ksn.inside.at(-1)?.octets[0]).toBe(MESSAGE.refusal);
  expect(lock.view().powered).toBe(true);
});

it('under a service provider’s key a key can be presented, and nothing else be said', async () => {
  const bench = await createScpmBench();
  const { clock, ksn } = bench;
  await joinAndAsk(bench);
  const keyIndex = 3;
  ksn.tell({ kind: 'add-provider', keyIndex, key: new Secret(new Uint8Array(16).fill(9)), devices: [ksn.device] });
  const holds = () =>
    ksn.state.entries.some(({ keys }) => keys.some((key) => key.keyIndex === keyIndex && key.active !== undefined));
  await clock.runUntil(holds, 60_000);
  const before = ksn.inside.length;
  const said = [
    ksn.say(STRAY, keyIndex),
    ksn.say({ ...STRAY, channel: CHANNEL.binding }, keyIndex),
    ksn.say({ ...STRAY, channel: CHANNEL.scpm }, keyIndex),
  ];
  await clock.runUntil(() => said.every((token) => ksn.arrived.includes(token)), 60_000);
  await clock.advance(30_000);
  expect(ksn.inside).toHaveLength(before);

  const hello = { grantId: new Uint8Array(16), nonceP: new Uint8Array(16), epkP: new Uint8Array(65).fill(4) };
  ksn.say({ channel: CHANNEL.mobileKey, octets: encodeHello(hello) }, keyIndex);
  await clock.runUntil(() => ksn.inside.length > before, 60_000);
  // Nobody has bound this lock yet, and it says so inside.
  expect(ksn.inside.at(-1)).toMatchObject({ channel: CHANNEL.mobileKey });
  expect(ksn.outside).toEqual([]);
});

it('an answer that is due when the user key comes goes inside', async () => {
  const bench = await createScpmBench();
  const { clock, lock, ksn } = bench;
  ksn.on();
  await clock.runUntil(() => ksn.isConnected, 60_000);
  ksn.sayOutside(STRAY);
  await clock.runUntil(() => ksn.outside.length === 1, 60_000);
  ksn.join();
  await clock.runUntil(() => ksn.joined && lock.view().hasUserKey, 60_000);
  ksn.sayOutside(STRAY);
  await clock.advance(30_000);
  expect(ksn.outside).toHaveLength(1);
  expect(ksn.inside).toEqual([]);
});

it('joins however many domains it belonged to before', async () => {
  const bench = await createScpmBench();
  const { clock, medium, lock, identity } = bench;
  for (let i = 0; i < 12; i++) {
    const radio = medium.radioFor(`node ${i}`);
    const ksn = new RadioKsn({ clock, random: seededRandom(`ksn ${i}`), radio, lock: identity });
    ksn.on();
    ksn.join();
    await clock.runUntil(() => ksn.joined && lock.view().hasUserKey, 10 * 60_000);
    ksn.off();
    lock.factoryReset();
    await clock.advance(10_000);
  }
});
