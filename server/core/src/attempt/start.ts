import type { Context } from '../context.ts';
import type { Actor } from '../core.ts';
import type { LockLink } from '../link/link.ts';
import type { Attempt, AttemptOperation, Door } from '../model.ts';
import { mayOperate, ROLES } from '../person/roles.ts';
import type { OpenAttempts } from './open-attempts.ts';

/** Whether an actor still may: its person, role, password and token as the record has them now. */
async function stillPermitted(context: Context, actor: Actor, operation: AttemptOperation): Promise<boolean> {
  return context.read(async (tx) => {
    const person = await tx.persons.get(actor.organizationId, actor.personId);
    if (person === undefined || !mayOperate(person.role, actor.scopes, operation)) return false;
    if (!actor.tokenId.startsWith('tok_')) return true;
    const token = await tx.tokens.get(actor.organizationId, actor.tokenId);
    return token !== undefined && token.expiresAt > context.now();
  });
}

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

/** Makes an attempt and hands it to its lock; answers it as it is once it is durable. The caller has checked it. */
export async function startAttempt(
  context: Context,
  open: OpenAttempts,
  link: LockLink,
  input: {
    readonly actor: Actor;
    readonly door: Door;
    readonly operation: AttemptOperation;
    readonly timeToLiveS: number;
    readonly stepBack?: boolean;
  },
): Promise<Attempt> {
  const { actor, door, operation, timeToLiveS } = input;
  const attempt = newAttempt(context, { actor, lockId: link.lock.id, doorId: door.id, operation, timeToLiveS });
  await link.submit({
    id: attempt.id,
    attempt,
    operation,
    class: ROLES[actor.role].class,
    expiresAtMs: attempt.expiresAt,
    timeToLiveS,
    stepBack: input.stepBack ?? false,
    propertyId: door.propertyId,
    stillPermitted: () => stillPermitted(context, actor, operation),
  });
  const now = await context.read((tx) => tx.attempts.get(actor.organizationId, attempt.id));
  return open.withPosition(now ?? attempt);
}
