import type { Cancel } from '@cardea/kit-runtime';
import type { Actor } from '../actor.ts';
import { found } from '../checks.ts';
import type { Context } from '../context.ts';
import { CoreError } from '../errors.ts';
import type { Position } from '../geofence/position.ts';
import type { GrantUses } from '../grant/uses.ts';
import type { LockLink } from '../link/link.ts';
import type { Attempt } from '../model.ts';
import { expired, failed, type Transition } from './life.ts';
import type { OpenAttempts } from './open-attempts.ts';
import { BY_ROLE, permitFor, requireUse, stillHolds } from './permit.ts';
import { advance, factOf } from './record.ts';
import { type Asked, newAttempt, recordOf, submit } from './start.ts';

/** So long an attempt waits for the second person. */
const CONFIRM_WITHIN_S = 60;
/** Attempts of one person that wait for a second one. */
const WAITING_OF_PERSON_MOST = 3;

/** Attempts that wait for a second person: nothing of them has left yet. */
export interface Confirmations {
  /** Records an attempt that waits. @throws CoreError `too_many` */
  begin(link: LockLink, asked: Asked): Promise<Attempt>;
  /**
   * Another person, who may open the door himself, lets it go: from then on it lives as any other.
   * @throws CoreError `not_found`, `not_permitted`, `precondition_failed` when it does not wait (any more)
   */
  confirm(actor: Actor, id: string, position: Position | undefined): Promise<Attempt>;
  stop(): void;
}

interface Waiting {
  readonly link: LockLink;
  readonly asked: Asked;
  readonly cancel: Cancel;
}

/** Nobody waits. */
export function createConfirmations(context: Context, open: OpenAttempts, uses: GrantUses): Confirmations {
  const { clock, log } = context.ports;
  const waiting = new Map<string, Waiting>();

  const conclude = async (organizationId: string, id: string, how: (one: Attempt) => Transition): Promise<void> => {
    const after = await context.write((tx, note) => advance(tx, note, organizationId, id, how));
    if (after !== undefined) open.put(after.attempt);
  };

  const expire = (organizationId: string, id: string): void => {
    waiting.delete(id);
    conclude(organizationId, id, (attempt) => expired(attempt, context.now())).catch((error: unknown) => {
      log.error('an attempt that nobody confirmed could not be ended', { attempt: id, error: String(error) });
    });
  };

  return {
    async begin(link, asked) {
      const { actor, door, operation, permit } = asked;
      let own = 0;
      for (const other of waiting.values()) if (other.asked.actor.personId === actor.personId) own++;
      if (own >= WAITING_OF_PERSON_MOST) {
        throw new CoreError('too_many', 'others of your attempts wait to be confirmed', {
          retryAfterS: CONFIRM_WITHIN_S,
        });
      }
      const input = { actor, lockId: link.lock.id, doorId: door.id, operation, timeToLiveS: CONFIRM_WITHIN_S };
      const made = newAttempt(context, input);
      const grantId = permit?.by === 'grant' ? permit.grant.id : null;
      const attempt: Attempt = { ...made, grantId, confirmBy: made.expiresAt };
      const record = recordOf(attempt, permit, uses);
      const cancel = clock.after(CONFIRM_WITHIN_S * 1000, () => expire(attempt.organizationId, attempt.id));
      waiting.set(attempt.id, { link, asked, cancel });
      try {
        await context.write(async (tx, note) => {
          await record(tx, note);
          await note({
            ...factOf(attempt),
            propertyId: door.propertyId,
            type: 'attempt.awaits_confirmation',
            detail: { operation, grant_id: grantId },
          });
        });
      } catch (error) {
        cancel();
        waiting.delete(attempt.id);
        throw error;
      }
      open.put(attempt);
      return attempt;
    },

    async confirm(actor, id, position) {
      const attempt = found('attempt', await context.read((tx) => tx.attempts.get(actor.organizationId, id)));
      const asked = waiting.get(id)?.asked;
      if (asked === undefined) throw notWaiting();
      if (attempt.actorId === actor.personId) {
        throw new CoreError('not_permitted', 'another person has to confirm this');
      }
      requireUse(actor, 'unlock');
      await permitFor(context, actor, asked.door, 'unlock', position);
      // Two may confirm at once: one of them is the second person.
      const entry = waiting.get(id);
      if (entry === undefined) throw notWaiting();
      waiting.delete(id);
      entry.cancel();
      const { link, asked: first } = entry;
      const going: Attempt = { ...attempt, expiresAt: context.now() + first.timeToLiveS * 1000 };
      try {
        await submit(context, link, first, going, async (tx, note) => {
          // In the unit from which it leaves: what was revoked while it waited does not act.
          const { actor: asker, door, operation, permit = BY_ROLE } = first;
          if (!(await stillHolds(tx, permit, { actor: asker, door, operation, at: context.now() }))) {
            throw new CoreError('not_permitted', 'what the first person was granted does not permit it any more');
          }
          await tx.attempts.update(attempt.organizationId, id, { expiresAt: going.expiresAt });
          await note({ ...factOf(attempt), type: 'attempt.confirmed', personId: actor.personId });
        });
      } catch (error) {
        const refused = error instanceof CoreError && error.code === 'not_permitted';
        const reason = refused ? 'not_permitted' : 'busy';
        await conclude(attempt.organizationId, id, (one) => failed(one, reason, context.now()));
        throw error;
      }
      const now = await context.read((tx) => tx.attempts.get(attempt.organizationId, id));
      return open.withPosition(now ?? going);
    },

    stop() {
      for (const { cancel } of waiting.values()) cancel();
      waiting.clear();
    },
  };
}

function notWaiting(): CoreError {
  return new CoreError('precondition_failed', 'the attempt does not wait for a second person (any more)');
}
