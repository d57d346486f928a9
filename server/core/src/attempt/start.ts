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
  const createdAt = context.now();
  const attempt: Attempt = {
    id: context.newId('att'),
    organizationId: actor.organizationId,
    doorId: door.id,
    lockId: link.lock.id,
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
  };
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
