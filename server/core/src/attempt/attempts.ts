import { checkPage, checkWhole, found } from '../checks.ts';
import type { Context } from '../context.ts';
import type { Core } from '../core.ts';
import { CoreError } from '../errors.ts';
import type { Links } from '../link/links.ts';
import { requireOperation, requireScope } from '../person/roles.ts';
import { isOver } from './life.ts';
import type { OpenAttempts } from './open-attempts.ts';
import { startAttempt } from './start.ts';

/** Time to live of a command when none is asked for: 10 s, within which somebody stands at the door. */
export const TIME_TO_LIVE_S = 10;
const TIME_TO_LIVE_LEAST_S = 2;
const TIME_TO_LIVE_MOST_S = 60;
/** Longest that one call waits for an attempt. */
export const WAIT_MOST_MS = 120_000;

/** Attempts: commands to a door's lock and what became of them. */
export function attemptUseCases(context: Context, links: Links, open: OpenAttempts): Core['attempts'] {
  return {
    async operate(actor, doorId, operation, timeToLiveS = TIME_TO_LIVE_S) {
      if (operation !== 'unlock' && operation !== 'lock' && operation !== 'status') {
        throw new CoreError('invalid', 'operation must be unlock, lock or status', { field: 'operation' });
      }
      requireOperation(actor, operation);
      checkWhole('time_to_live_s', timeToLiveS, TIME_TO_LIVE_LEAST_S, TIME_TO_LIVE_MOST_S);
      const door = found('door', await context.read((tx) => tx.doors.get(actor.organizationId, doorId)));
      const link = door.lockId === null ? undefined : links.byId(door.lockId);
      if (link === undefined || link.lock.state !== 'bound') {
        throw new CoreError('precondition_failed', 'the door has no bound lock');
      }
      return startAttempt(context, open, link, { actor, door, operation, timeToLiveS });
    },
    async get(actor, id) {
      requireScope(actor, 'locks:read');
      const attempt = await context.read((tx) => tx.attempts.get(actor.organizationId, id));
      return open.withPosition(found('attempt', attempt));
    },
    async list(actor, filter, page) {
      requireScope(actor, 'locks:read');
      const all = await context.read((tx) => tx.attempts.list(actor.organizationId, filter, checkPage(page)));
      return all.map(open.withPosition);
    },
    async wait(actor, id, timeoutMs) {
      requireScope(actor, 'locks:read');
      checkWhole('timeout_ms', timeoutMs, 0, WAIT_MOST_MS);
      const read = async () => found('attempt', await context.read((tx) => tx.attempts.get(actor.organizationId, id)));
      const attempt = await read();
      if (isOver(attempt)) return attempt;
      await open.whenOver(id, timeoutMs);
      return open.withPosition(await read());
    },
  };
}
