import { type Attack, resultOf } from './attack.ts';
import { halfMigrated } from './fail-open/half-migrated.ts';
import { failOpenMatrix } from './fail-open/matrix.ts';
import { startWithout } from './fail-open/start-without.ts';

/**
 * Attack 44: whatever an opening depends on is lost, in every state of the lock: a door never opens by itself, and leaving
 * from inside always works.
 */
export const failOpen: Attack = {
  id: 44,
  title:
    'fail-open: server, database, network, gateway, power or time gone, a migration half done, keys or certificate gone',
  weakDouble: 'a lock that lets go when its power comes back, as a strike that is built to fail open',
  async run({ weak, seed }) {
    const matrix = await failOpenMatrix(weak, seed);
    return resultOf(weak ? matrix : [...matrix, ...(await halfMigrated(seed)), ...(await startWithout())]);
  },
};
