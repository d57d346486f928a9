import { type Attack, type AttackOptions, resultOf } from './attack.ts';
import { oneMore } from './full-lists/one-more.ts';
import { everyOctet, usedOnce } from './full-lists/power-cuts.ts';

/**
 * Attack 16: every bounded list of a lock is filled by one more than it holds, so that what stands against the attacker
 * falls out of it; and the power is cut while it is written.
 */
export const fullLists: Attack = {
  id: 16,
  title: 'key slots exhausted or overwritten: one more than full, power cut between record and index',
  weakDouble: 'a lock whose full lists make room by forgetting the oldest',
  async run({ weak, seed }: AttackOptions) {
    if (weak) return resultOf(oneMore(seed, true));
    return resultOf([...oneMore(seed, false), ...usedOnce(seed), ...everyOctet(seed)]);
  },
};
