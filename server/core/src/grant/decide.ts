import type { Position } from '../geofence/position.ts';
import type { Door, Grant, GrantOperation, Person, Property, Schedule } from '../model.ts';
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

/** What a person holds at a door, with what it is read by. */
export interface Held {
  readonly property: Property | undefined;
  readonly grants: readonly { readonly grant: Grant; readonly schedule: Schedule | undefined }[];
}

/** Reads it: the grants that are active, or where there are none those that are over, for why somebody may not. */
export async function heldAt(
  tx: Transaction,
  { organizationId, personId, door }: Pick<Request, 'organizationId' | 'personId' | 'door'>,
  known?: Property,
): Promise<Held> {
  const targets = targetsOfDoor(door);
  const active = await tx.grants.ofPersonAt(organizationId, personId, targets);
  const grants =
    active.length > 0 ? active : await tx.grants.formerOfPersonAt(organizationId, personId, targets, FORMER_MOST);
  if (grants.length === 0) return { property: undefined, grants: [] };
  const property = known ?? (await tx.properties.get(organizationId, door.propertyId));
  const schedules = new Map<string, Schedule | undefined>();
  for (const { scheduleId } of grants) {
    if (scheduleId === null || schedules.has(scheduleId)) continue;
    schedules.set(scheduleId, await tx.schedules.get(organizationId, scheduleId));
  }
  return { property, grants: grants.map((grant) => ({ grant, schedule: schedules.get(grant.scheduleId ?? '') })) };
}

/**
 * Whether a person may do something at a door, from afar: by the role of staff, else by any of the person's grants that
 * reach the door. Default is no.
 */
export async function decide(tx: Transaction, request: Request): Promise<Decision> {
  const person = await tx.persons.get(request.organizationId, request.personId);
  const byRole = decideByRole(person, request);
  return byRole.permit || person === undefined ? byRole : decideByGrant(byRole, await heldAt(tx, request), request);
}

/** The first half: whether the person is known, and may by the role alone. */
export function decideByRole(person: Person | undefined, request: Pick<Request, 'scopes' | 'operation'>): Decision {
  const known = finding('person', person !== undefined, () =>
    person === undefined ? 'this person is not known (any more)' : `the person is known as ${roleWords(person)}`,
  );
  if (person === undefined) return refusal([known]);
  const role = roleFinding(person, request.scopes ?? ROLES[person.role].scopes, request.operation);
  const permit = role.passed === true;
  return { permit, by: permit ? 'role' : null, grant: undefined, secondPerson: false, rules: [known, role] };
}

/** The second half, where the role alone does not permit. */
export function decideByGrant(
  byRole: Decision,
  held: Held,
  request: Pick<Request, 'at' | 'operation' | 'position'>,
): Decision {
  const best = bestOf(held, request, 'afar');
  if (best !== undefined) return { ...best, rules: [...byRole.rules, ...best.rules] };
  return refusal([...byRole.rules, finding('grant', false, () => 'no grant of this person reaches this door')]);
}

/** The grant that lets it happen, or came nearest to it: fewest rules against it, the newest of equals. */
export function bestOf(
  { property, grants }: Held,
  { at, operation, position }: Pick<Request, 'at' | 'operation' | 'position'>,
  where: Question['where'],
): Decision | undefined {
  if (property === undefined) return undefined;
  let best: { readonly decision: Decision; readonly against: number } | undefined;
  for (const { grant, schedule } of grants) {
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

function roleFinding(person: Person, scopes: readonly Scope[], operation: Request['operation']): Finding {
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
