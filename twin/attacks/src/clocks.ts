import { type Attack, type AttackOptions, resultOf } from './attack.ts';
import { oddMoments, stepsBack, turnedHardware } from './clocks/steps.ts';
import { heldTimes, storedTimes } from './clocks/stored-time.ts';

/**
 * Attack 18: whoever makes a lock believe in another time opens it by a key that is over. The lock's own clock, the
 * gateway that carries its time, the server's clock and the calendar are each turned.
 */
export const clocks: Attack = {
  id: 18,
  title: 'clocks set back or jumping; a SET_TIME held and delivered later; 2038; leap day; a gateway that stores times',
  weakDouble: 'a lock that takes every time that was once said under its key, and keeps no floor',
  async run({ weak, seed }: AttackOptions) {
    const same = [...storedTimes(seed, weak), ...turnedHardware(seed, weak)];
    if (weak) return resultOf(same);
    return resultOf([...same, heldTimes(seed), ...stepsBack(seed), ...oddMoments(seed)]);
  },
};
