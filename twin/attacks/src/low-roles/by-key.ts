import { seededRandom } from '@cardea/kit-node';
import type { OfflineOperation } from '@cardea/wire-profile';
import type { Trial } from '../attack.ts';
import { type BenchLock, boundLock } from '../bench-lock.ts';
import { BenchPhone } from '../bench-phone.ts';

const OPERATIONS = ['unlock', 'lock', 'override'] as const satisfies readonly OfflineOperation[];

/**
 * Every set of operations that a grant may hold x every operation that a phone may ask for, by a phone that was made to
 * ask: the bits in the sealed grant decide at the lock. `weak`: the RAS seals every bit and leaves the limit to the app.
 */
export function everyGrant(seed: number, weak: boolean): readonly Trial[] {
  const lock = boundLock(seed);
  const phone = new BenchPhone(seededRandom(`attack 22 ${seed} phone`));
  const trials: Trial[] = [];
  for (let bits = 1; bits < 2 ** OPERATIONS.length; bits++) {
    const granted = OPERATIONS.filter((_, at) => (bits >> at) % 2 === 1);
    const key = phone.bundle(lock, { operations: weak ? OPERATIONS : granted });
    for (const asked of OPERATIONS) {
      const moved = lock.bolt.length;
      const end = phone.tap(lock, key, asked);
      const did = lock.bolt.length > moved;
      const name = `a key for ${granted.join(' and ')}: ${asked}`;
      if (granted.includes(asked)) {
        trials.push({ name: `${name}, which it holds, is refused`, through: !did || end !== 'done' });
      } else {
        trials.push({ name, through: did || end !== 'not_permitted' });
      }
    }
  }
  return [...trials, ...underLockdown(lock, phone, weak)];
}

/** Lockdown is the highest command of all: of the keys only an override opens, and neither PIN nor phone undoes it. */
function underLockdown(lock: BenchLock, phone: BenchPhone, weak: boolean): readonly Trial[] {
  if (lock.change({ kind: 'mode', mode: 'lockdown', untilS: 0 }) !== 'done') throw new Error('no lockdown');
  if (weak) lock.change({ kind: 'mode', mode: 'normal', untilS: 0 });
  const guest = phone.tap(lock, phone.bundle(lock), 'unlock');
  const staff = phone.tap(lock, phone.bundle(lock, { operations: OPERATIONS }), 'override');
  return [
    { name: "a guest's key in a lockdown", through: guest !== 'lockdown' },
    { name: 'an override in a lockdown is refused', through: staff !== 'done' },
  ];
}
