import type { Grant, Person, Property } from '../model.ts';
import type { Transaction } from '../ports.ts';
import { type DoorLock, lockFindings } from './at-the-lock.ts';
import { bestOf, type Decision, decideByGrant, decideByRole, type Held, heldAt, type Request } from './decide.ts';
import type { ExplainedWay, Explanation } from './explanation.ts';
import { offlineRights } from './offline.ts';
import { allPass, type Finding, finding } from './rule.ts';

/** Both ways to open a door, with what the person holds there. */
export interface Ways {
  readonly held: Held;
  readonly afar: ExplainedWay;
  readonly atDoor: Explanation['door'];
}

/** Whether and why a person may open a door from afar and at the door itself. */
export async function waysOf(
  tx: Transaction,
  request: Request,
  { person, property, known }: { readonly person: Person; readonly property: Property; readonly known: DoorLock },
): Promise<Ways> {
  const held = await heldAt(tx, request, property);
  const byRole = decideByRole(person, request);
  const decision = byRole.permit ? byRole : decideByGrant(byRole, held, request);
  const asked = { override: request.operation === 'override', at: request.at, timeZone: property.timeZone };
  const afar = lockFindings(known, { ...asked, where: 'afar', timeBound: false });
  const atDoor = await atTheDoor(tx, request, held, property, known, asked);
  return { held, afar: wayOf(decision, decision.rules, afar), atDoor };
}

async function atTheDoor(
  tx: Transaction,
  request: Request,
  held: Held,
  property: Property,
  known: DoorLock,
  asked: { readonly override: boolean; readonly at: number; readonly timeZone: string },
): Promise<Explanation['door']> {
  const best = bestOf(held, request, 'door');
  const grant = best?.grant;
  if (best === undefined || grant === undefined) {
    const none = finding('grant', false, () => 'no grant of this person reaches this door');
    return { ...wayOf(undefined, [none], []), opensUntil: null };
  }
  const rights =
    known.lock === undefined
      ? undefined
      : await offlineRights(tx, grant, known.lock.id, { at: request.at, property, report: known.report });
  const own = rights === undefined ? best.rules : [...best.rules, rights.finding];
  const decision: Decision = { ...best, permit: allPass(own), by: allPass(own) ? 'grant' : null };
  const lock = lockFindings(known, { ...asked, where: 'door', timeBound: isTimeBound(grant) });
  return { ...wayOf(decision, own, lock), opensUntil: rights?.opensUntil ?? null };
}

/** Every key has a lease, and so a time; a grant that is for ever and always leaves the matter to it. */
function isTimeBound({ notAfter, scheduleId }: Grant): boolean {
  return notAfter !== null || scheduleId !== null;
}

function wayOf(
  decision: Pick<Decision, 'permit' | 'by' | 'grant'> | undefined,
  own: readonly Finding[],
  lock: readonly Finding[],
): ExplainedWay {
  const permitted = decision?.permit ?? false;
  // A role that permits does not ask for a grant: what stands against is only what stands against.
  const all = [...own, ...lock];
  return {
    permitted,
    opens: permitted && allPass(lock),
    by: decision?.by ?? null,
    grantId: decision?.grant?.id ?? null,
    against: all.find(({ passed }) => passed === false)?.rule ?? null,
    rules: all.map(({ rule, passed, detail }) => ({ rule, passed, detail: detail() })),
  };
}
