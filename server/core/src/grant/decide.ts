import type { Position } from '../geofence/position.ts';
import type { Door, Grant, GrantOperation, Person } from '../model.ts';
import { mayOperate, ROLES } from '../person/roles.ts';
import type { Scope, Transaction } from '../ports.ts';
import { judge, type Question } from './judge.ts';
import { targetsOfDoor } from './reach.ts';
import { allPass, type Finding, finding } from './rule.ts';

/** How many grants that are over are looked at for why somebody may not. */
const FORMER_MOST = 3;

/** Who wants what of a door, and when. */
export interface Request {
  readonly organizationId: string;
  readonly personId: string;
  readonly door: Door;
  readonly at: number;
  readonly operation: GrantOperation | 'status';
  /** Where the phone says that it is. */
  readonly position?: Position | undefined;
  /** The scopes of the token that asks; left out: all of the person's role. A role counts only as far as they do. */
  readonly scopes?: readonly Scope[];
}

/** Whether the server lets it happen, by what, and every rule that was asked on the way. */
export interface Decision {
  readonly permit: boolean;
  readonly by: 'role' | 'grant' | null;
  /** The grant that permits; else the one that came nearest. */
  readonly grant: Grant | undefined;
  /** Permitted once another person who may open the door has confirmed. */
  readonly secondPerson: boolean;
  readonly rules: readonly Finding[];
}

/**
 * Whether a person may do something at a door, from afar: by the role of staff, else by any of the person's grants that
 * reach the door. Default is no.
 */
export async function decide(tx: Transaction, request: Request): Promise<Decision> {
  const { organizationId, personId, door, operation } = request;
  const person = await tx.persons.get(organizationId, personId);
  const known = finding('person', person !== undefined, () =>
    person === undefined ? 'this person is not known (any more)' : `the person is known as ${roleWords(person)}`,
  );
  if (person === undefined) return refusal([known]);
  const scopes = request.scopes ?? ROLES[person.role].scopes;
  const role = byRole(person, scopes, operation);
  if (role.passed === true) {
    return { permit: true, by: 'role', grant: undefined, secondPerson: false, rules: [known, role] };
  }
  const reaching = await tx.grants.ofPersonAt(organizationId, personId, targetsOfDoor(door));
  const best = await bestOf(tx, reaching, request, 'afar');
  if (best !== undefined) return { ...best, rules: [known, role, ...best.rules] };
  const former = await tx.grants.formerOfPersonAt(organizationId, personId, targetsOfDoor(door), FORMER_MOST);
  const over = await bestOf(tx, former, request, 'afar');
  if (over !== undefined) return { ...over, rules: [known, role, ...over.rules] };
  return refusal([known, role, finding('grant', false, () => 'no grant of this person reaches this door')]);
}

/** The grant that lets it happen, or came nearest to it: fewest rules against it, the newest of equals. */
export async function bestOf(
  tx: Transaction,
  grants: readonly Grant[],
  request: Pick<Request, 'organizationId' | 'door' | 'at' | 'operation' | 'position'>,
  where: Question['where'],
): Promise<Decision | undefined> {
  if (grants.length === 0) return undefined;
  const { organizationId, door, at, operation, position } = request;
  const property = await tx.properties.get(organizationId, door.propertyId);
  if (property === undefined) return undefined;
  let best: { readonly decision: Decision; readonly against: number } | undefined;
  for (const grant of grants) {
    const schedule = grant.scheduleId === null ? undefined : await tx.schedules.get(organizationId, grant.scheduleId);
    const rules = judge(grant, { at, operation, where, position, property, schedule });
    const permit = allPass(rules);
    const { secondPerson, firstUse } = grant.conditions;
    // Of several that permit, the one that asks for least and has most left.
    const asks =
      (secondPerson ? 4 : 0) +
      (firstUse !== null && grant.firstUsedAt === null ? 2 : 0) +
      (grant.uses === null ? 0 : 1);
    const failed = rules.filter(({ passed }) => passed === false).length;
    const against = permit ? asks : 100 * failed;
    if (best !== undefined && best.against < against) continue;
    best = { decision: { permit, by: permit ? 'grant' : null, grant, secondPerson, rules }, against };
  }
  return best?.decision;
}

function byRole(person: Person, scopes: readonly Scope[], operation: Request['operation']): Finding {
  const may = mayOperate(person.role, scopes, operation);
  return finding('role', may ? true : null, () =>
    may
      ? `${roleWords(person)} may ${operation} every door`
      : `${roleWords(person)} may ${operation} doors by a grant only`,
  );
}

function roleWords({ role }: Person): string {
  return role === 'owner' ? 'the owner' : role.replace('_', ' ');
}

function refusal(rules: readonly Finding[]): Decision {
  return { permit: false, by: null, grant: undefined, secondPerson: false, rules };
}
