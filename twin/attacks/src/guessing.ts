import { type Attack, type AttackOptions, resultOf } from './attack.ts';
import { aYearOfGuesses, lockOutOfOthers, powerCutAtEntry } from './guessing/at-keypad.ts';
import { challenges, radioNoise } from './guessing/on-the-air.ts';

const DAYS = 365;
const NOISE_FRAMES = 1_000;
const EXCHANGES = 25;

/**
 * Attack 6: PINs and challenges are guessed, and the waits that stand against it are turned against the lock's owner. The
 * waits grow for each keypad and are kept through power cuts; phones, cards, the RAS and good frames never wait.
 */
export const guessing: Attack = {
  id: 6,
  title: "guessing: PINs, challenges, keys; a lock-out turned against the lock's owner",
  weakDouble: 'a keypad that counts wrong entries in memory alone, so that a power cut makes it forget them',
  async run({ weak, seed, effort }: AttackOptions) {
    const same = [...aYearOfGuesses(seed, weak, DAYS), ...powerCutAtEntry(seed, weak)];
    if (weak) return resultOf(same);
    return resultOf([
      ...same,
      ...lockOutOfOthers(seed),
      ...radioNoise(seed, NOISE_FRAMES * effort),
      ...challenges(seed, EXCHANGES * effort),
    ]);
  },
};
