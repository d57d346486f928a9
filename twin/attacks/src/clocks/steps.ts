import type { Trial } from '../attack.ts';
import { type BenchLock, boundLock } from '../bench-lock.ts';
import { BenchPhone } from '../bench-phone.ts';

const HOUR_S = 3_600;
/** What a crystal may lose in the time since the clock was set. */
const DRIFT_S = 2;

/** Whoever holds the RAS's clock, or an operator's confirmation, sets a lock back: never below what has passed. */
export function stepsBack(seed: number): readonly Trial[] {
  const lock = boundLock(seed);
  const set = (timeS: number, stepBack: boolean): string => {
    const answer = lock.ask(lock.command({ name: 'set_time', nonce: lock.nonce(), stepBack, timeS }, 'manage'));
    return answer?.kind === 'receipt' ? answer.result : 'nothing';
  };
  lock.pass(HOUR_S * 1000);
  lock.setTime();
  const trials: Trial[] = [
    { name: 'an hour back', through: set(lock.nowS - HOUR_S, false) !== 'step_back' },
    { name: 'an hour back, confirmed', through: set(lock.nowS - HOUR_S, true) !== 'below_floor' },
    { name: '50 s back, a hundred times', through: manySmallSteps(lock, set) },
  ];
  lock.turnClock(2 * HOUR_S * 1000);
  return [
    ...trials,
    { name: 'the clock ran ahead, and is put right unconfirmed', through: set(lock.nowS, false) !== 'step_back' },
    {
      name: 'the clock ran ahead, and cannot be put right though an operator confirms (an owner locked out)',
      through: set(lock.nowS, true) !== 'done' || Math.abs(lock.askTime().lockTimeS - lock.nowS) > 3,
    },
  ];
}

/** Steps that need no confirmation do not add up. */
function manySmallSteps(lock: BenchLock, set: (timeS: number, stepBack: boolean) => string): boolean {
  for (let step = 0; step < 100; step++) set(lock.askTime().lockTimeS - 50, false);
  return lock.nowS - lock.askTime().lockTimeS > 5;
}

/**
 * Somebody turns the lock's own hardware clock back when a key's lease is over: it does not open, neither at once, by the
 * time that has passed since the clock was set, nor after a power cut.
 */
export function turnedHardware(seed: number, weak: boolean): readonly Trial[] {
  const trials: Trial[] = [];
  for (const [name, turnS] of [
    ['back by a minute', -60],
    ['back by an hour', -HOUR_S],
    ['back by a day', -24 * HOUR_S],
    ['back by a year', -365 * 24 * HOUR_S],
    ['back to 1970', -1_767_225_600],
  ] as const) {
    for (const cut of [false, true]) {
      const lock = boundLock(seed);
      const phone = new BenchPhone(lock.random);
      const key = phone.bundle(lock, { leaseEndS: lock.nowS + HOUR_S, notAfterS: lock.nowS + 24 * HOUR_S });
      const opensBefore = phone.tap(lock, key) === 'done';
      lock.pass((HOUR_S + DRIFT_S) * 1000);
      lock.turnClock(turnS * 1000);
      if (weak) lock.believe(lock.nowS + turnS);
      if (cut) lock.restart();
      const before = lock.opened;
      for (let minute = 0; minute < 60; minute += 4) {
        phone.tap(lock, key);
        lock.pass(240_000);
      }
      trials.push({
        name: `hardware clock turned ${name}${cut ? ', then a power cut' : ''}, a key that is over`,
        through: lock.opened > before || !opensBefore,
        tried: 15,
      });
    }
  }
  return trials;
}

/** Moments at which other clocks have broken: the lock opens by fresh commands and keys, and refuses what is over. */
export function oddMoments(seed: number): readonly Trial[] {
  return (
    [
      ['the leap day of 2028', Date.UTC(2028, 1, 28, 23, 59, 50)],
      ['the end of a year', Date.UTC(2026, 11, 31, 23, 59, 50)],
      ['2038, the end of 31 bits', Date.UTC(2038, 0, 19, 3, 13, 58)],
      ['2100, no leap year', Date.UTC(2100, 1, 28, 23, 59, 50)],
    ] as const
  ).map(([name, atMs]) => {
    const lock = boundLock(seed);
    lock.pass(atMs - lock.nowMs);
    if (!lock.agree('session')) throw new Error('no session');
    lock.setTime();
    const phone = new BenchPhone(lock.random);
    const over = phone.bundle(lock, { leaseEndS: lock.nowS + 5 });
    const good = phone.bundle(lock, { leaseEndS: lock.nowS + HOUR_S });
    const stale = lock.operate('unlock');
    const wrong: string[] = [];
    if (phone.tap(lock, over) !== 'done') wrong.push('a good key does not open before');
    // Over the odd moment.
    lock.pass(20_000);
    const before = lock.opened;
    if (phone.tap(lock, over) !== 'expired') wrong.push('a key that is over');
    lock.ask(stale);
    if (lock.opened !== before) wrong.push('a command of before');
    if (phone.tap(lock, good) !== 'done') wrong.push('a good key does not open after');
    const receipt = lock.ask(lock.operate('unlock'));
    if (receipt?.kind !== 'receipt' || receipt.result !== 'done') wrong.push('its owner does not get in');
    return { name: `${name} ${wrong.join(', ')}`.trim(), through: wrong.length > 0, tried: 4 };
  });
}
