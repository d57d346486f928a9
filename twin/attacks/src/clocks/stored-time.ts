import { toHex } from '@cardea/kit-octets';
import { CHANNEL } from '@cardea/wire-lock';
import type { Trial } from '../attack.ts';
import { type BenchLock, boundLock } from '../bench-lock.ts';
import { BenchPhone } from '../bench-phone.ts';

const HOUR_MS = 3_600_000;
const HOURS = 12;
/** What an honest lock's clock may be off after its owner has set it: half a round trip, a second, the drift of a day. */
const HONEST_S = 4;

/**
 * A hostile gateway has kept every message by which the owner set a lock's clock, hour by hour. Later it plays them to the
 * lock, so that a key which is over is good again: to the lock as it is, after a reconnection, after a power cut, and
 * within its owner's new session.
 */
export function storedTimes(seed: number, weak: boolean): readonly Trial[] {
  return (['as it is', 'after a reconnection', 'after a power cut', 'in a new session'] as const).map((state) => {
    const lock = boundLock(seed);
    const phone = new BenchPhone(lock.random);
    const key = phone.bundle(lock, { leaseEndS: lock.nowS + 3_600 });
    const times = new Map<string, number>();
    const from = lock.heard.length;
    for (let hour = 0; hour < HOURS; hour++) {
      setTime(lock, times);
      lock.pass(HOUR_MS);
    }
    const stored = lock.heard.slice(from).filter(({ toLock }) => toLock);
    if (state === 'after a reconnection') lock.reconnect();
    else if (state !== 'as it is') {
      lock.restart();
      if (state === 'in a new session' && !lock.agree('session')) throw new Error('no new session');
    }
    let opened = 0;
    for (const { channel, octets } of stored) {
      const before = lock.opened;
      lock.give(channel, octets);
      const told = times.get(toHex(octets));
      if (weak && told !== undefined) lock.believe(told);
      phone.tap(lock, key);
      opened += lock.opened - before;
    }
    if (!weak && state === 'after a power cut' && !lock.agree('session')) throw new Error('no new session');
    const { clock, lockTimeS } = weak ? { clock: 'valid', lockTimeS: lock.nowS } : lock.askTime();
    const off = clock === 'valid' && Math.abs(lockTimeS - lock.nowS) > HONEST_S;
    return {
      name: `${stored.length} stored messages, ${times.size} of them times, at the lock ${state}: ${opened} opens`,
      through: opened > 0 || off,
      tried: stored.length,
    };
  });
}

/** The owner sets the clock; what goes over the air is noted with the time that it holds. */
function setTime(lock: BenchLock, times: Map<string, number>): void {
  const message = lock.command({ name: 'set_time', nonce: lock.nonce(), stepBack: false, timeS: lock.nowS }, 'manage');
  times.set(toHex(message), lock.nowS);
  lock.give(CHANNEL.lock, message);
}

/**
 * A SET_TIME held for every half second up to half a minute: past 5 s it does not count, and until then the clock is off by
 * no more than the lock itself takes it to be.
 */
export function heldTimes(seed: number): Trial {
  const lock = boundLock(seed);
  const wrong: string[] = [];
  let tried = 0;
  for (let heldMs = 0; heldMs <= 30_000; heldMs += 500) {
    tried++;
    lock.setTime();
    const nonce = lock.nonce();
    const held = lock.command({ name: 'set_time', nonce, stepBack: false, timeS: lock.nowS }, 'manage');
    lock.pass(heldMs);
    const answer = lock.ask(held);
    const set = answer?.kind === 'receipt' && answer.result === 'done';
    const offS = Math.abs(lock.askTime().lockTimeS - lock.nowS);
    if (set !== heldMs <= 5_000) wrong.push(`${set ? 'counted' : 'did not count'} after ${heldMs} ms`);
    if (offS > heldMs / 2_000 + 2) wrong.push(`off by ${offS} s after ${heldMs} ms`);
  }
  return { name: `a SET_TIME held and delivered later ${wrong.join(', ')}`.trim(), through: wrong.length > 0, tried };
}
