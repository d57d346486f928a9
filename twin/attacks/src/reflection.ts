import { type Attack, type AttackOptions, resultOf } from './attack.ts';
import { lockHearsItself } from './reflection/lock-hears-itself.ts';
import { reflectedProof } from './sasl/reflected-proof.ts';
import { turnedFrames } from './scpm/turned-frames.ts';

/**
 * Attack 10: whatever was said is said again to somebody else: to its sender, as the answer to itself, to another lock,
 * in another direction.
 */
export const reflection: Attack = {
  id: 10,
  title:
    'reflection: a frame back to its sender, as an answer to itself, to another lock; a proof of SASL back to who gave it',
  weakDouble: 'nodes and clients that take whatever is right under the one secret that they share, whoever said it',
  async run({ weak, seed, effort }: AttackOptions) {
    const trials = [...turnedFrames(seed, effort, weak), await reflectedProof(seed, weak)];
    if (!weak) return resultOf([...trials, ...lockHearsItself(seed)]);
    return { ...resultOf(trials), succeeded: trials.every(({ through }) => through) };
  },
};
