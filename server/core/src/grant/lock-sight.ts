import type { Person } from '../model.ts';
import type { ExplainedWay } from './explanation.ts';
import type { RuleName } from './rule.ts';
import type { Ways } from './ways.ts';

/** What these rules say in words is the state of the lock, or how it is reached. */
const OF_THE_LOCK: readonly RuleName[] = ['lock', 'mode', 'clock', 'last_proof', 'gateway'];

/**
 * Whether somebody sees what a lock says of itself by his grants there (docs/grants.md, 19): what a door does tells of who
 * lives behind it. A guest does while he may open it, everybody else while the window of a grant has begun.
 *
 * @param ways how the person may unlock the door at `now`
 */
export function seesLock({ role }: Person, { held, afar, atDoor }: Ways, now: number): boolean {
  if (role === 'guest') return afar.permitted || atDoor.permitted;
  return held.grants.some(
    ({ grant: { state, notBefore, notAfter } }) =>
      state === 'active' && notBefore <= now && (notAfter === null || now < notAfter),
  );
}

/** A way as it is told to somebody who does not see the lock: by the rules about the person alone. */
export function withoutLock<W extends ExplainedWay>(way: W): W {
  const rules = way.rules.filter(({ rule }) => !OF_THE_LOCK.includes(rule));
  const against = rules.find(({ passed }) => passed === false)?.rule ?? null;
  return { ...way, opens: way.permitted, against, rules };
}
