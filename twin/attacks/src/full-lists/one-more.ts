import { nodePrimitives } from '@cardea/kit-node';
import {
  DENIED_KEPT_MAX,
  encodeScheduleTable,
  ORDER_DENIED_MAX,
  onlinePinVerifier,
  PIN_SLOTS,
  SCHEDULES_KEPT_MAX,
  USES_KEPT_MAX,
} from '@cardea/wire-access';
import type { Trial } from '../attack.ts';
import { type BenchLock, boundLock } from '../bench-lock.ts';
import { BenchPhone } from '../bench-phone.ts';

const DAY_S = 86_400;

/** One more than full in every bounded list of the lock: the answer is `full`, and what was first is still in force. */
export function oneMore(seed: number, weak: boolean): readonly Trial[] {
  const lists = [denied(seed, weak), uses(seed, weak), pins(seed, weak)];
  return [...lists, ...(weak ? [] : [schedules(seed)])].flat();
}

/** Somebody whose key was denied has 64 others denied, so that his own is forgotten. */
function denied(seed: number, weak: boolean): readonly Trial[] {
  const { lock, phone } = world(seed);
  const key = phone.bundle(lock);
  if (phone.tap(lock, key) !== 'done') throw new Error('a good key does not open');
  const leaseEndS = lock.nowS + DAY_S;
  const others = (count: number) =>
    Array.from({ length: count }, () => ({ grantId: lock.random.octets(16), leaseEndS }));
  const order = (orderNo: number, all: ReturnType<typeof others>) =>
    lock.change({ kind: 'order', order: { orderNo, series: [], denied: all } });
  const filled = [
    order(1, [{ grantId: key.grantId, leaseEndS }, ...others(ORDER_DENIED_MAX - 1)]),
    order(2, others(DENIED_KEPT_MAX - ORDER_DENIED_MAX)),
  ];
  const more = order(3, others(1));
  if (weak) lock.forgetOldest('denied');
  return [
    { name: 'the list of the denied does not fill', through: filled.some((result) => result !== 'done') },
    { name: 'one denied grant more than full is taken', through: more !== 'full' },
    { name: 'the first denied key, when the list is full', through: phone.tap(lock, key) !== 'revoked' },
    {
      name: 'a generation cannot be raised either (then nothing could be revoked)',
      through:
        lock.change({ kind: 'order', order: { orderNo: 4, series: [{ series: 1, generation: 9 }], denied: [] } }) !==
        'done',
    },
  ];
}

/** Somebody with a key for one opening uses 64 others, so that the lock forgets that his was used. */
function uses(seed: number, weak: boolean): readonly Trial[] {
  const { lock, phone } = world(seed);
  const once = () => phone.bundle(lock, { uses: 1 });
  const first = once();
  const filled = [first, ...Array.from({ length: USES_KEPT_MAX - 1 }, once)].map((key) => phone.tap(lock, key));
  const more = phone.tap(lock, once());
  if (weak) lock.forgetOldest('uses');
  return [
    { name: 'the list of counted keys does not fill', through: filled.some((result) => result !== 'done') },
    { name: 'a counted key more than full opens uncounted', through: more !== 'full' },
    { name: 'the first key, used up, when the list is full', through: phone.tap(lock, first) !== 'spent' },
    { name: 'a key that is not counted is refused', through: phone.tap(lock, phone.bundle(lock)) !== 'done' },
  ];
}

/** Slots of PINs: all full, and each taken by another's. */
function pins(seed: number, weak: boolean): readonly Trial[] {
  const { lock } = world(seed);
  const put = (slot: number, digits: string) =>
    lock.change({
      kind: 'pin',
      pin: {
        ...{ slot, verifier: onlinePinVerifier(nodePrimitives, lock.bindingKey, digits), scheduleNumber: 0, uses: 0 },
        ...{ notBeforeS: 0, notAfterS: 0xffff_ffff },
      },
    });
  const digits = (slot: number): string => String(100_000 + slot);
  const filled = Array.from({ length: PIN_SLOTS }, (_, at) => put(at + 1, digits(at + 1)));
  const over = Array.from({ length: PIN_SLOTS }, (_, at) => put(at + 1, '999999'));
  if (weak) {
    lock.forgetOldest('pins');
    put(1, '999999');
  }
  return [
    { name: 'the slots do not fill', through: filled.some((result) => result !== 'done') },
    {
      name: 'a PIN takes the slot of another that still opens',
      through: over.some((result) => result !== 'full') || lock.enter('999999') === 'opened',
      tried: PIN_SLOTS,
    },
    { name: 'the first PIN does not open any more', through: lock.enter(digits(1)) !== 'opened' },
    { name: 'a slot beyond the last', through: encodes(() => put(PIN_SLOTS + 1, '123456')) },
  ];
}

/** Schedules: one more is not taken, and the first still shuts. */
function schedules(seed: number): readonly Trial[] {
  const { lock, phone } = world(seed);
  const put = (number: number) =>
    lock.change({
      kind: 'schedule',
      number,
      table: encodeScheduleTable({
        ...{ number, validUntilS: lock.nowS + DAY_S, baseOffsetMin: 0, transitions: [], special: [] },
        weekly: number === 1 ? [] : [{ days: 0x7f, startMin: 0, endMin: 1440 }],
      }),
    });
  const filled = Array.from({ length: SCHEDULES_KEPT_MAX }, (_, at) => put(at + 1));
  const by = (scheduleNumber: number) => phone.tap(lock, phone.bundle(lock, { scheduleNumber }));
  return [
    { name: 'the schedules do not fill', through: filled.some((result) => result !== 'done') },
    { name: 'a schedule more than full is taken', through: put(SCHEDULES_KEPT_MAX + 1) !== 'full' },
    { name: 'the first, which is never open, opens', through: by(1) !== 'outside_schedule' },
    { name: 'one that is open is shut', through: by(2) !== 'done' },
    { name: 'a key by a schedule that the lock has not', through: by(SCHEDULES_KEPT_MAX + 1) !== 'outside_schedule' },
  ];
}

function encodes(run: () => unknown): boolean {
  try {
    run();
    return true;
  } catch {
    return false;
  }
}

function world(seed: number): { readonly lock: BenchLock; readonly phone: BenchPhone } {
  const lock = boundLock(seed);
  return { lock, phone: new BenchPhone(lock.random) };
}
