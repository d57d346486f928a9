import { checkPage, checkWhole, found } from '../checks.ts';
import type { Context } from '../context.ts';
import type { Actor, Core } from '../core.ts';
import { CoreError } from '../errors.ts';
import { checkPosition, type Position } from '../geofence/position.ts';
import type { GrantUses } from '../grant/uses.ts';
import type { Links } from '../link/links.ts';
import type { Attempt, AttemptOperation, Door } from '../model.ts';
import { holds, requireScope } from '../person/roles.ts';
import type { Confirmations } from './confirmations.ts';
import { isOver } from './life.ts';
import type { OpenAttempts } from './open-attempts.ts';
import { isDoorOperation, permitFor, requireUse } from './permit.ts';
import { startAttempt } from './start.ts';

/** Time to live of a command when none is asked for: 10 s, within which somebody stands at the door. */
export const TIME_TO_LIVE_S = 10;
const TIME_TO_LIVE_LEAST_S = 2;
const TIME_TO_LIVE_MOST_S = 60;
/** Longest that one call waits for an attempt. */
export const WAIT_MOST_MS = 120_000;

/** The use cases, with a word in between for those that put more on record. */
export type Attempts = Omit<Core['attempts'], 'operate'> & {
  /** `decided` runs once it is permitted and the lock can be asked, before anything of it is recorded or leaves. */
  operate(
    actor: Actor,
    doorId: string,
    operation: AttemptOperation,
    timeToLiveS: number | undefined,
    position?: Position,
    decided?: (door: Door) => Promise<void>,
  ): Promise<Attempt>;
};

/** Attempts: commands to a door's lock and what became of them. Without `locks:read` everybody sees his own. */
export function attemptUseCases(
  context: Context,
  links: Links,
  open: OpenAttempts,
  uses: GrantUses,
  confirmations: Confirmations,
): Attempts {
  const read = async (actor: Actor, id: string): Promise<Attempt> => {
    const all = holds(actor, 'locks:read');
    if (!all) requireScope(actor, 'access:use');
    const attempt = await context.read((tx) => tx.attempts.get(actor.organizationId, id));
    return found('attempt', all || attempt?.actorId === actor.personId ? attempt : undefined);
  };
  return {
    async operate(actor, doorId, operation, timeToLiveS = TIME_TO_LIVE_S, position, decided) {
      if (!isDoorOperation(operation)) {
        throw new CoreError('invalid', 'operation must be unlock, lock, status or override', { field: 'operation' });
      }
      requireUse(actor, operation);
      checkWhole('time_to_live_s', timeToLiveS, TIME_TO_LIVE_LEAST_S, TIME_TO_LIVE_MOST_S);
      if (position !== undefined) checkPosition(position);
      const door = found('door', await context.read((tx) => tx.doors.get(actor.organizationId, doorId)));
      const permit = await permitFor(context, actor, door, operation, position);
      const link = door.lockId === null ? undefined : links.byId(door.lockId);
      if (link === undefined || link.lock.state !== 'bound') {
        throw new CoreError('precondition_failed', 'the door has no bound lock');
      }
      await decided?.(door);
      const asked = { actor, door, operation, timeToLiveS, permit };
      const waits = permit.by === 'grant' && permit.secondPerson && operation !== 'status';
      return waits ? confirmations.begin(link, asked) : startAttempt(context, open, link, asked, uses);
    },
    async confirm(actor, id, position) {
      if (position !== undefined) checkPosition(position);
      return confirmations.confirm(actor, id, position);
    },
    async get(actor, id) {
      return open.withPosition(await read(actor, id));
    },
    async list(actor, filter, page) {
      const all = holds(actor, 'locks:read');
      if (!all) requireScope(actor, 'access:use');
      const seen = all ? filter : { ...filter, actorId: actor.personId };
      const attempts = await context.read((tx) => tx.attempts.list(actor.organizationId, seen, checkPage(page)));
      return attempts.map(open.withPosition);
    },
    async wait(actor, id, timeoutMs) {
      checkWhole('timeout_ms', timeoutMs, 0, WAIT_MOST_MS);
      const attempt = await read(actor, id);
      if (isOver(attempt)) return attempt;
      await open.whenOver(id, timeoutMs);
      return open.withPosition(await read(actor, id));
    },
  };
}
