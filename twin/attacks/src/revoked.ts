import { type Attack, type AttackOptions, type AttackResult, resultOf } from './attack.ts';
import { type Revoked, revokedOffline } from './revoked/schedules.ts';

const SCHEDULES = 40;

/**
 * Attack 17: somebody whose right was taken back stands with his phone, which he has altered so that it shows what it
 * holds for ever, before a lock that nobody can reach. He may get in until the T that the server has shown, and never after
 * it by true time, whatever the lock's clock does within its bound.
 */
export const revoked: Attack = {
  id: 17,
  title: 'a revoked person with an offline phone at an offline lock: opens until the shown T at most, by true time',
  weakDouble: 'a server that shows the end of the lease, and leaves out how slow the clock of the lock may be',
  async run({ weak, seed, effort }: AttackOptions) {
    return tell(await revokedOffline({ seed, schedules: SCHEDULES * effort, weak }));
  },
};

function tell(seen: Revoked): AttackResult {
  return resultOf([
    {
      name: `${seen.schedules} schedules, ${seen.taps} taps: ${seen.after} opens after T, the latest ${seen.latestAfterMs} ms`,
      through: seen.after > 0,
      tried: seen.taps,
    },
    {
      name: `keys that opened before they were taken back: ${seen.before} of ${seen.schedules}`,
      through: seen.before < seen.schedules,
    },
    {
      name: `revoked and not yet past T: ${seen.between} opens (then there was something to end)`,
      through: seen.between === 0,
    },
    {
      name: `opens after the lock had said that it knows: ${seen.afterAcknowledged}, of ${seen.acknowledged} that said so`,
      through: seen.afterAcknowledged > 0 || seen.acknowledged === 0,
      tried: seen.acknowledged,
    },
  ]);
}
