import { Secret } from '@cardea/kit-runtime';
import { describe, expect, it } from 'vitest';
import { decodePhoneRecord } from '../src/index.ts';
import { CARRIED, ORDER, scene } from './door.ts';

describe('a tap opens a door without any server', () => {
  it.each([247, 23])('over an ATT MTU of %i, by the lock’s own word', async (mtu) => {
    const { phone, seen, done } = await scene({}, { mtu });
    const opening = await done(phone.tap('101', 'unlock'));
    expect(opening).toMatchObject({ kind: 'answered', receipt: { result: 'done', eventSequence: 7 } });
    expect(seen).toEqual({ hellos: 1, presentations: 1, orders: 0, good: 1 });
  });

  it('what the lock gives for the RAS is kept before the tap is over, and until it is handed in', async () => {
    const { phone, kept, done } = await scene();
    await done(phone.tap('101', 'unlock'));
    expect(decodePhoneRecord(kept.text!).carried).toEqual([{ identifier: 'C0DEA0000101', octets: CARRIED }]);
    await phone.handedIn(phone.carried);
    expect(decodePhoneRecord(kept.text!).carried).toEqual([]);
  });

  it('a refusal of the lock is the lock’s word, too', async () => {
    const { phone, done } = await scene({ result: 'privacy' });
    expect(await done(phone.tap('101', 'unlock'))).toMatchObject({ kind: 'answered', receipt: { result: 'privacy' } });
  });

  it('brings the order once the door is open, and only once', async () => {
    const { phone, seen, done } = await scene({}, { order: ORDER });
    await done(phone.tap('101', 'unlock'));
    await done(phone.tap('101', 'unlock'));
    expect(seen).toMatchObject({ presentations: 2, orders: 1 });
  });

  it('waits for a lock that serves somebody else', async () => {
    const { phone, done, seen } = await scene({ busyMs: 4_000 });
    expect(await done(phone.tap('101', 'unlock'))).toMatchObject({ kind: 'answered' });
    expect(seen.presentations).toBe(1);
  });
});

describe('a lock that the person has pointed out', () => {
  it('is asked without being looked for', async () => {
    const { phone, done, identifier, key } = await scene();
    const unseen = { ...key, advertisementKey: new Secret(new Uint8Array(16)) };
    await phone.replaceKeys([unseen]);
    expect(await done(phone.tap('101', 'unlock'))).toEqual({ kind: 'not_heard' });
    expect(await done(phone.tap('101', 'unlock', identifier))).toMatchObject({ kind: 'answered' });
  });

  it('is told nothing when it is another one than that of the door', async () => {
    const { phone, done, seen, identifier } = await scene({ impostor: true });
    expect(await done(phone.tap('101', 'unlock', identifier))).toEqual({ kind: 'refused', reason: 'other_lock' });
    expect(seen.presentations).toBe(0);
  });

  it('and cannot be connected to was not asked', async () => {
    const { phone, done, seen } = await scene();
    expect(await done(phone.tap('101', 'unlock', 'C0DEA0000999'))).toMatchObject({ kind: 'not_connected' });
    expect(seen.hellos).toBe(0);
  });
});

describe('nothing is said to have opened without the lock’s word', () => {
  it('an impostor gets neither grant nor signature', async () => {
    const { phone, done, seen } = await scene({ impostor: true });
    expect(await done(phone.tap('101', 'unlock'))).toEqual({ kind: 'refused', reason: 'other_lock' });
    expect(seen.presentations).toBe(0);
  });

  it('a lock that is silent at first was not asked', async () => {
    const { phone, done } = await scene({ silent: 'proof' });
    expect(await done(phone.tap('101', 'unlock'))).toEqual({ kind: 'refused', reason: 'no_answer' });
  });

  it.each([{ silent: 'answer' }, { hangsUpAt: 'presentation' }, { alters: true }] as const)(
    'after the presentation the outcome is unknown: %o; it is not presented again',
    async (behaviour) => {
      const { phone, done, seen } = await scene(behaviour);
      expect(await done(phone.tap('101', 'unlock'))).toEqual({ kind: 'refused', reason: 'unknown_outcome' });
      expect(seen.presentations).toBe(1);
      expect(phone.carried).toEqual([]);
    },
  );

  it('a refusal opens nothing', async () => {
    const { phone, done } = await scene({ refuses: true });
    expect(await done(phone.tap('101', 'unlock'))).toEqual({ kind: 'refused', reason: 'refused' });
  });

  it('a lock that is not heard within 10 s is not there', async () => {
    const { phone, medium, clock, done, identifier } = await scene();
    medium.setFaults(identifier, { range: 'out' });
    const began = clock.monotonic();
    expect(await done(phone.tap('101', 'unlock'))).toEqual({ kind: 'not_heard' });
    expect(clock.monotonic() - began).toBe(10_000);
  });

  it('a door or operation without a key asks nobody', async () => {
    const { phone, seen } = await scene();
    expect(await phone.tap('102', 'unlock')).toEqual({ kind: 'no_key' });
    expect(await phone.tap('101', 'override')).toEqual({ kind: 'no_key' });
    expect(seen.hellos).toBe(0);
  });
});
