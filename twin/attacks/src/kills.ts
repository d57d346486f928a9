import { type Attack, resultOf } from './attack.ts';
import { killJournal, killRecord } from './kill/children.ts';
import { killLock } from './kill/lock.ts';

const KILLS = 10;

/**
 * Attack 26: the server, the gateway and the lock are killed in a commit, a revocation, an unlock. Here the parts that
 * promise something, each by itself; the whole estate as real processes under load: `npm run chaos`.
 */
export const kills: Attack = {
  id: 26,
  title: 'kill -9 of the server, gateway, lock in a commit, a revocation, an unlock',
  weakDouble: 'a record and a journal that acknowledge before the commit, and a chip that says "written" too early',
  async run({ weak, seed, effort }) {
    const options = { weak, seed, kills: KILLS * effort };
    return resultOf([...(await killRecord(options)), ...(await killJournal(options)), ...(await killLock(options))]);
  },
};
