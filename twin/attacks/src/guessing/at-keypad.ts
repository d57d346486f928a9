import { nodePrimitives } from '@cardea/kit-node';
import { onlinePinVerifier } from '@cardea/wire-access';
import type { Trial } from '../attack.ts';
import { type BenchLock, boundLock } from '../bench-lock.ts';
import { BenchPhone } from '../bench-phone.ts';

const DAY_MS = 86_400_000;
const HONEST_PIN = '482913';
/** Five at once, eleven up to the wait of a day, one a day from then on, and what ends of days make of it. */
const ENTRIES_A_YEAR_MOST = 400;

const CLOCK_SET_DAYS = 30;

/** How somebody at a keypad spends a year: what he does before each entry, and how long he waits at most. */
interface Strategy {
  readonly name: string;
  before?(lock: BenchLock, weak: boolean): void;
  /** Days that he lets the keypad rest before a burst. */
  readonly restDays?: number;
}

const STRATEGIES: readonly Strategy[] = [
  { name: 'enters whenever he can' },
  {
    name: 'cuts the power before each entry',
    before(lock, weak) {
      if (weak) lock.forgetEntries();
      cutPower(lock);
    },
  },
  { name: 'rests for five days, then enters all he can in a day', restDays: 5 },
  { name: 'rests for a month, then enters all he can in a day', restDays: 30 },
  {
    name: 'stands there when an honest guest has entered his own PIN',
    before: (lock) => void lock.enter(HONEST_PIN),
  },
];

/** A year of each strategy: how many guesses the keypad looks at. */
export function aYearOfGuesses(seed: number, weak: boolean, days: number): readonly Trial[] {
  return STRATEGIES.map((strategy) => {
    const lock = keypadLock(seed);
    let looked = 0;
    let tried = 0;
    const most = Math.ceil((ENTRIES_A_YEAR_MOST * days) / 365) + 20;
    const endMs = lock.nowMs + days * DAY_MS;
    let setMs = lock.nowMs;
    while (lock.nowMs < endMs && looked <= most) {
      // A lock whose clock nobody sets any more looks at no entry at all.
      if (lock.nowMs > setMs + CLOCK_SET_DAYS * DAY_MS) {
        resume(lock);
        setMs = lock.nowMs;
      }
      if (strategy.restDays !== undefined) lock.pass(strategy.restDays * DAY_MS);
      const burstMs = lock.nowMs + DAY_MS;
      do {
        strategy.before?.(lock, weak);
        let entry = guess(lock);
        // An entry that is not looked at costs him nothing: he tries again, a little later each time.
        for (
          let waitMs = 30_000;
          entry === 'nothing' && lock.nowMs < burstMs;
          waitMs = Math.min(waitMs * 2, 7_200_000)
        ) {
          lock.pass(waitMs);
          tried++;
          entry = guess(lock);
        }
        tried++;
        if (entry !== 'nothing') looked++;
      } while (lock.nowMs < burstMs && looked <= most);
    }
    const limit = strategy.restDays === undefined ? most : Math.ceil((days / strategy.restDays) * 17) + 20;
    return {
      name: `${strategy.name}: ${looked > most ? 'more than ' : ''}${Math.min(looked, most)} guesses looked at in ${days} days`,
      through: looked > Math.min(most, limit),
      tried,
    };
  });
}

/** Wrong again and again until the keypad is closed for a day: who has a phone, or is the RAS, does not notice. */
export function lockOutOfOthers(seed: number): readonly Trial[] {
  const lock = keypadLock(seed);
  const phone = new BenchPhone(lock.random);
  const key = phone.bundle(lock, { leaseEndS: lock.nowS + 30 * 86_400, notAfterS: lock.nowS + 30 * 86_400 });
  for (let entries = 0; entries < 2_000; entries++) {
    guess(lock);
    lock.pass(entries % 20 === 0 ? 3_600_000 : 1_000);
  }
  const closed = lock.enter(HONEST_PIN) === 'nothing';
  const byPhone = phone.tap(lock, key);
  const receipt = ownerOpens(lock);
  const reopened = lock.change({ kind: 'keypad-reopened' });
  return [
    { name: 'the keypad was closed at all (else the rest shows nothing)', through: !closed },
    { name: 'a phone at a lock whose keypad is closed', through: byPhone !== 'done', tried: 2_000 },
    { name: 'the RAS at a lock whose keypad is closed', through: !receipt },
    { name: 'staff reopen the keypad', through: reopened !== 'done' || lock.enter(HONEST_PIN) !== 'opened' },
  ];
}

/** A wrong entry whose power is cut at each write: it is counted, or the keypad has shown nothing that tells it from a right one. */
export function powerCutAtEntry(seed: number, weak: boolean): readonly Trial[] {
  const trials: Trial[] = [];
  for (const written of [false, true]) {
    const lock = keypadLock(seed);
    let opened = 0;
    let closed = false;
    for (let entries = 0; entries < 40 && !closed; entries++) {
      lock.powerCut = { write: lock.writes + 1, written };
      const before = lock.opened;
      try {
        guess(lock);
      } catch (error) {
        if (!isPowerGone(error)) throw error;
      }
      opened += lock.opened - before;
      if (weak) lock.forgetEntries();
      lock.restart();
      resume(lock);
      closed = lock.enter(HONEST_PIN) !== 'opened';
    }
    // Cut before the count is written, no guess was ever answered: that is no more than not to have guessed.
    trials.push({
      name: `power cut at the write of a wrong entry, ${written ? 'after' : 'before'} it is whole`,
      through: opened > 0 || (written && !closed),
      tried: 40,
    });
  }
  return trials;
}

/** A lock with one guest's PIN, its clock set. */
export function keypadLock(seed: number): BenchLock {
  const lock = boundLock(seed);
  const verifier = onlinePinVerifier(nodePrimitives, lock.bindingKey, HONEST_PIN);
  const result = lock.change({
    kind: 'pin',
    pin: { slot: 1, verifier, notBeforeS: 0, notAfterS: 0xffff_ffff, scheduleNumber: 0, uses: 0 },
  });
  if (result !== 'done') throw new Error(`the bench lock did not take a PIN: ${result}`);
  if (lock.enter(HONEST_PIN) !== 'opened') throw new Error('the PIN does not open: the attack would show nothing');
  return lock;
}

/** A guess that is wrong: online and offline shapes in turn, never the honest one. */
function guess(lock: BenchLock): ReturnType<BenchLock['enter']> {
  const octets = lock.random.octets(5);
  const number = octets.reduce((value, octet) => (value * 256 + octet) % 1e10, 0);
  const text = octets.at(0) === undefined || (octets[0] ?? 0) % 2 === 0 ? pad(number % 1e6, 6) : pad(number, 10);
  return lock.enter(text === HONEST_PIN ? '000000' : text);
}

const pad = (value: number, digits: number): string => String(value).padStart(digits, '0');

/** After a power cut the owner's RAS makes a session and sets the clock at once: the best case for a guesser. */
function cutPower(lock: BenchLock): void {
  lock.restart();
  resume(lock);
}

function resume(lock: BenchLock): void {
  if (!lock.agree('session')) throw new Error('no session after the power cut');
  lock.setTime();
}

function ownerOpens(lock: BenchLock): boolean {
  if (!lock.agree('session')) return false;
  lock.setTime();
  const before = lock.opened;
  const receipt = lock.ask(lock.operate('unlock'));
  return receipt?.kind === 'receipt' && receipt.result === 'done' && lock.opened === before + 1;
}

function isPowerGone(error: unknown): boolean {
  return error instanceof Error && error.name === 'PowerGone';
}
