import { type Attack, type AttackOptions, resultOf } from './attack.ts';
import { weakerSessions } from './scpm/weaker-session.ts';

/** Attack 5: a man in the middle rewrites what the ends offer one another, for a weaker session than both have. */
export const downgrade: Attack = {
  id: 5,
  title: 'downgrade: the algorithms, services and keys of SCPM rewritten on the way',
  weakDouble: 'a lock that confirms whatever list of algorithms its key setting node says that it heard',
  async run({ weak, seed, effort }: AttackOptions) {
    return resultOf(weakerSessions(seed, effort, weak));
  },
};
