import { type Attack, type AttackOptions, resultOf } from './attack.ts';
import { everyClass } from './low-roles/at-lock.ts';
import { everyRole } from './low-roles/at-server.ts';
import { everyGrant } from './low-roles/by-key.ts';
import { whatIsOthers } from './low-roles/of-others.ts';

/**
 * Attack 22: somebody of a low role sends what only a higher one may, as CVE-2022-32507 had it. The whole matrix is tried,
 * at the server by the API's own table at the lock by the table of its instructions, and by the operations of
 * keys.
 */
export const lowRoles: Attack = {
  id: 22,
  title:
    'a low role sends a high command: every role x every operation of the API, every class x every instruction, every key x every operation',
  weakDouble:
    'a server whose client alone looks at the role, and which sends every command in the highest class and seals every bit',
  async run({ weak, seed }: AttackOptions) {
    const parts = [
      await everyRole(seed, weak),
      await whatIsOthers(seed, weak),
      everyClass(seed, weak),
      everyGrant(seed, weak),
    ];
    const result = resultOf(parts.flat());
    // Each double has to fall by itself, or one that stands would hide behind the other.
    return weak ? { ...result, succeeded: parts.every((each) => each.some(({ through }) => through)) } : result;
  },
};
