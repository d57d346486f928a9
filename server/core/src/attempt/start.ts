import type { AccessChange } from '@cardea/wire-profile';
import type { Actor } from '../actor.ts';
import type { Context } from '../context.ts';
import { CoreError } from '../errors.ts';
import { coarse } from '../geofence/position.ts';
import type { GrantUses } from '../grant/uses.ts';
import type { Durable } from '../link/durable.ts';
import type { LockLink } from '../link/link.ts';
import type { Attempt, AttemptOperation, Door } from '../model.ts';
import { OPERATION_CLASS, ROLES } from '../person/roles.ts';
import type { OpenAttempts } from './open-attempts.ts';
import { type Permit, stillHolds } from './permit.ts';
import { factOf } from './record.ts';

/** What a new attempt is made of. */
export interface AttemptInput {
  readonly actor: Actor;
  readonly lockId: string;
  readonly doorId: string | null;
  readonly operation: AttemptOperation;
  readonly timeToLiveS: number;
}

/** An attempt as it begins, not yet recorded. */
export function newAttempt(context: Context, input: AttemptInput): Attempt {
  const { actor, lockId, doorId, operation, timeToLiveS } = input;
  const createdAt = context.now();
  return {
    id: context.newId('att'),
    organizationId: actor.organizationId,
    doorId,
    lockId,
    actorId: actor.personId,
    operation,
    state: 'pending',
    reason: null,
    createdAt,
    expiresAt: createdAt + timeToLiveS * 1000,
    sentAt: null,
    endedAt: null,
    queuePosition: null,
    clockOffsetS: null,
    receipt: null,
    lateReceipt: null,
    grantId: null,
    confirmBy: null,
  };
}

/** What is asked of a door, by whom and by what. */
export interface Asked {
  readonly actor: Actor;
  readonly door: Door;
  readonly operation: AttemptOperation;
  readonly timeToLiveS: number;
  readonly stepBack?: boolean;
  /** What is asked of the lock in place of the operation. */
  readonly change?: AccessChange;
  /** The actor's role when left out. */
  readonly permit?: Permit;
}

/** Makes an attempt and hands it to its lock; answers it as it is once it is durable. The caller has checked it. */
export async function startAttempt(
  context: Context,
  open: OpenAttempts,
  link: LockLink,
  asked: Asked,
  uses?: GrantUses,
): Promise<Attempt> {
  const { actor, door, operation, timeToLiveS, permit } = asked;
  const made = newAttempt(context, { actor, lockId: link.lock.id, doorId: door.id, operation, timeToLiveS });
  const attempt = permit?.by === 'grant' ? { ...made, grantId: permit.grant.id } : made;
  await submit(context, link, asked, attempt, recordOf(attempt, permit, uses));
  const now = await context.read((tx) => tx.attempts.get(actor.organizationId, attempt.id));
  return open.withPosition(now ?? attempt);
}

/** Hands an attempt to its lock; `record` makes it durable. */
export async function submit(
  context: Context,
  link: LockLink,
  asked: Asked,
  attempt: Attempt,
  record: Durable,
): Promise<void> {
  const { actor, door, operation, timeToLiveS, permit = { by: 'role' } } = asked;
  await link.submit({
    id: attempt.id,
    attempt,
    operation,
    // By a grant a command carries no more than the operation needs.
    class: permit.by === 'grant' ? OPERATION_CLASS[operation] : ROLES[actor.role].class,
    expiresAtMs: attempt.expiresAt,
    timeToLiveS,
    stepBack: asked.stepBack ?? false,
    ...(asked.change !== undefined && { change: asked.change }),
    propertyId: door.propertyId,
    record,
    stillPermitted: () => context.read((tx) => stillHolds(tx, permit, { actor, door, operation, at: context.now() })),
  });
}

/** An attempt becomes durable with the use that it takes of its grant, and with the place that its phone has claimed. */
export function recordOf(attempt: Attempt, permit: Permit | undefined, uses: GrantUses | undefined): Durable {
  return async (tx, note) => {
    await tx.attempts.insert(attempt);
    if (permit?.by !== 'grant') return;
    const { grant, position } = permit;
    const now = await tx.grants.get(grant.organizationId, grant.id);
    // Revoked between the decision and this unit.
    if (now?.state !== 'active') throw new CoreError('not_permitted', 'the grant does not permit it any more');
    await uses?.take(tx, now, attempt);
    if (!grant.conditions.geofence || position === undefined) return;
    // The place is the person's and goes with the person; that there was a claim is a fact.
    const claim = { ...coarse(position), attemptId: attempt.id, personId: attempt.actorId };
    await tx.positionClaims.insert({ ...claim, claimedAt: attempt.createdAt });
    await note({ ...factOf(attempt), type: 'attempt.position_claimed' });
  };
}
