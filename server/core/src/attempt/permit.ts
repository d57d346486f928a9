import type { Actor } from '../actor.ts';
import type { Context } from '../context.ts';
import { CoreError } from '../errors.ts';
import type { Position } from '../geofence/position.ts';
import { type Decision, decide } from '../grant/decide.ts';
import { judge } from '../grant/judge.ts';
import { reaches } from '../grant/reach.ts';
import { allPass } from '../grant/rule.ts';
import type { AttemptOperation, Door, Grant, GrantOperation } from '../model.ts';
import { mayOperate, requireOperation, requireScope } from '../person/roles.ts';
import type { Transaction } from '../ports.ts';

/** What may be asked of a door from afar. */
export type DoorOperation = GrantOperation | 'status';

/** By what an attempt is permitted. */
export type Permit =
  | { readonly by: 'role' }
  | {
      readonly by: 'grant';
      readonly grant: Grant;
      readonly position: Position | undefined;
      /** Another person has to confirm. */
      readonly secondPerson: boolean;
    };

/** By the role of who asks. */
export const BY_ROLE: Permit = { by: 'role' };

/** Whether an operation is one that is asked of a door. */
export function isDoorOperation(operation: AttemptOperation): operation is DoorOperation {
  return operation === 'unlock' || operation === 'lock' || operation === 'status' || operation === 'override';
}

/**
 * The first check of what is asked of a door: by role and token, or else the actor may use what is granted to him.
 * @throws CoreError `not_permitted`, and whatever {@link requireScope} asks first
 */
export function requireUse(actor: Actor, operation: DoorOperation): void {
  if (mayOperate(actor.role, actor.scopes, operation) || !actor.scopes.includes('access:use')) {
    requireOperation(actor, operation);
  } else {
    requireScope(actor, 'access:use');
  }
}

/** By what the actor may do this now. @throws CoreError `not_permitted`, with the first rule that stands against it */
export async function permitFor(
  context: Context,
  actor: Actor,
  door: Door,
  operation: DoorOperation,
  position: Position | undefined,
): Promise<Permit> {
  if (mayOperate(actor.role, actor.scopes, operation)) return BY_ROLE;
  const { organizationId, personId, scopes } = actor;
  const at = context.now();
  const decision = await context.read((tx) =>
    decide(tx, { organizationId, personId, door, at, operation, position, scopes }),
  );
  const { permit, grant, secondPerson } = decision;
  if (!permit || grant === undefined) throw new CoreError('not_permitted', firstAgainst(decision));
  return { by: 'grant', grant, position, secondPerson };
}

/** Whether a permit still holds for an attempt that had to wait; its own use is taken already. */
export async function stillHolds(
  tx: Transaction,
  permit: Permit,
  asked: { readonly actor: Actor; readonly door: Door; readonly operation: AttemptOperation; readonly at: number },
): Promise<boolean> {
  const { actor, operation, at } = asked;
  const { organizationId } = actor;
  const person = await tx.persons.get(organizationId, actor.personId);
  if (person === undefined) return false;
  if (actor.tokenId.startsWith('tok_')) {
    const token = await tx.tokens.get(organizationId, actor.tokenId);
    if (token === undefined || token.expiresAt <= at) return false;
  }
  if (permit.by === 'role') return mayOperate(person.role, actor.scopes, operation);
  if (!isDoorOperation(operation)) return false;
  const door = await tx.doors.get(organizationId, asked.door.id);
  const grant = await tx.grants.get(organizationId, permit.grant.id);
  const property = await tx.properties.get(organizationId, asked.door.propertyId);
  if (door === undefined || grant === undefined || property === undefined || !reaches(grant.scope, door)) return false;
  const schedule = grant.scheduleId === null ? undefined : await tx.schedules.get(organizationId, grant.scheduleId);
  const before: Grant = { ...grant, used: Math.max(0, grant.used - 1) };
  return allPass(judge(before, { at, operation, where: 'afar', position: permit.position, property, schedule }));
}

function firstAgainst({ rules }: Decision): string {
  const against = rules.find(({ passed }) => passed === false);
  return against === undefined ? 'nothing permits this' : against.detail();
}
