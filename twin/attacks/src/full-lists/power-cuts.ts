import { isDeepStrictEqual } from 'node:util';
import { seededRandom } from '@cardea/kit-node';
import { cardeaMachine, createNorFlash, type FlashSeal, openDurableStore, VirtualLockError } from '@cardea/lock';
import { type AccessDelta, DENIED_KEPT_MAX, PIN_SLOTS, SCHEDULES_KEPT_MAX, USES_KEPT_MAX } from '@cardea/wire-access';
import type { Trial } from '../attack.ts';
import { boundLock, PowerGone } from '../bench-lock.ts';
import { BenchPhone } from '../bench-phone.ts';

/** Of a rewriting of a whole bank every so manieth octet is tried, of a single record every one. */
const SPARSE = 61;
const RECORD_OCTETS_MOST = 2_000;

/**
 * The power is cut at every octet of every kind of change, in a flash whose lists are full: what is there afterwards is
 * the record before the change or the one after it, never an index without its entry or a list that has lost one.
 */
export function everyOctet(seed: number): readonly Trial[] {
  const { codec, full } = fullRecord(seed);
  return changes(seed).map(([name, delta]) => {
    const change = { kind: 'access', deltas: [delta] } as const;
    const whole = createNorFlash();
    const filled = openDurableStore(whole, codec, PLAIN);
    for (const one of full) filled.commit({ kind: 'access', deltas: [one] });
    const image = whole.image();
    const before = filled.durable.access;
    const from = whole.touchedOctets;
    filled.commit(change);
    const octets = whole.touchedOctets - from;
    const after = filled.durable.access;
    const step = octets > RECORD_OCTETS_MOST ? SPARSE : 1;
    let broken = 0;
    let tried = 0;
    for (let cut = 0; cut < octets; cut += step) {
      tried++;
      const flash = createNorFlash(undefined, image);
      const store = openDurableStore(flash, codec, PLAIN);
      flash.cutAfter(cut);
      try {
        store.commit(change);
      } catch (error) {
        if (!(error instanceof VirtualLockError)) throw error;
      }
      flash.powerOn();
      const { access } = openDurableStore(flash, codec, PLAIN).durable;
      if (!isDeepStrictEqual(access, before) && !isDeepStrictEqual(access, after)) broken++;
    }
    return { name: `${name}: power cut at ${tried} of ${octets} octets`, through: broken > 0, tried };
  });
}

/** A key for one opening, the power cut at each write of its use, and tried again: it opens once, or not at all. */
export function usedOnce(seed: number): readonly Trial[] {
  const trials: Trial[] = [];
  for (const written of [false, true]) {
    let twice = 0;
    let tried = 0;
    for (let write = 1; write <= 4; write++) {
      tried++;
      const lock = boundLock(seed);
      const phone = new BenchPhone(lock.random);
      const key = phone.bundle(lock, { uses: 1 });
      const before = lock.opened;
      lock.powerCut = { write: lock.writes + write, written };
      try {
        phone.tap(lock, key);
      } catch (error) {
        if (!(error instanceof PowerGone)) throw error;
      }
      lock.restart();
      if (!lock.agree('session')) throw new Error('no session after the power cut');
      lock.setTime();
      phone.tap(lock, key);
      phone.tap(lock, key);
      if (lock.opened > before + 1) twice++;
    }
    const when = written ? 'after' : 'before';
    trials.push({ name: `a key for one opening, power cut ${when} a write, opens twice`, through: twice > 0, tried });
  }
  return trials;
}

/** Nothing is sealed here: where the octets lie is what is looked at. */
const PLAIN: FlashSeal = { seal: (_, octets) => octets, open: (_, sealed) => sealed };

function changes(seed: number): readonly (readonly [string, AccessDelta])[] {
  const random = seededRandom(`attack 16 ${seed} changes`);
  const grantId = random.octets(16);
  return [
    ['a use counted', { kind: 'used', uses: { grantId, used: 1, notAfterS: 2_000 }, floorS: 1_500 }],
    [
      'an order',
      { kind: 'order', order: { orderNo: 99, series: [], denied: [{ grantId, leaseEndS: 2_000 }] }, floorS: 1_500 },
    ],
    ['a PIN removed', { kind: 'pin-removed', slot: 7 }],
    ['a use of a PIN', { kind: 'pin-used', slot: 7, used: 3 }],
    ['a schedule replaced', { kind: 'schedule', number: 3, table: random.octets(300) }],
    ['a series raised', { kind: 'raised', series: 1, generation: 77 }],
    ['everything forgotten that is over, and both banks rewritten', { kind: 'forget', floorS: 1_500 }],
  ];
}

/** What fills every list, half of it over at the floor that the changes name. */
function fullRecord(seed: number) {
  const random = seededRandom(`attack 16 ${seed}`);
  const until = (at: number): number => (at % 2 === 0 ? 1_000 : 3_000);
  const list = <T>(count: number, make: (at: number) => T): readonly T[] =>
    Array.from({ length: count }, (_, at) => make(at));
  const full: readonly AccessDelta[] = [
    ...list(SCHEDULES_KEPT_MAX, (at) => ({ kind: 'schedule', number: at + 1, table: random.octets(300) }) as const),
    ...list(PIN_SLOTS, (at) => {
      const verifier = random.octets(32);
      const pin = { slot: at + 1, verifier, notBeforeS: 0, notAfterS: 9_000, scheduleNumber: 0, uses: 9 };
      return { kind: 'pin', pin } as const;
    }),
    ...list(USES_KEPT_MAX, (at) => {
      const uses = { grantId: random.octets(16), used: 1, notAfterS: until(at) };
      return { kind: 'used', uses, floorS: 0 } as const;
    }),
    ...list(DENIED_KEPT_MAX, (at) => {
      const denied = [{ grantId: random.octets(16), leaseEndS: until(at) }];
      return { kind: 'order', order: { orderNo: at + 1, series: [], denied }, floorS: 0 } as const;
    }),
  ];
  return { codec: cardeaMachine.durable, full };
}
