import type { LockMode } from '@cardea/wire-profile';
import type { Attempts } from '../attempt/attempts.ts';
import type { OpenAttempts } from '../attempt/open-attempts.ts';
import { requireUse } from '../attempt/permit.ts';
import { newAttempt, submit } from '../attempt/start.ts';
import { checkName, checkPage, checkWhole, found } from '../checks.ts';
import type { Context } from '../context.ts';
import type { Actor } from '../core.ts';
import { CoreError } from '../errors.ts';
import type { LockLink } from '../link/link.ts';
import type { Links } from '../link/links.ts';
import type { Attempt, Door } from '../model.ts';
import { requireOperation, requireScope } from '../person/roles.ts';
import type { Restored } from '../restore/restored.ts';
import { modeInForce } from './model.ts';
import type { DoorModeStarted, ModeUseCases } from './use-cases.ts';

/** Nobody stands at a door and waits for its mode. */
const TIME_TO_LIVE_S = 60;
/** Of a whole property: its locks share a radio, and take their turns. */
const TIME_TO_LIVE_ALL_S = 300;
const DOORS_MOST = 10_000;
/** Locks that are asked before the record has taken the first of them. */
const AT_ONCE = 50;
/** A lock counts seconds in four octets. */
const LATEST_S = 0xffff_ffff;
const REASON_MOST = 200;

/** Modes over the links of the locks. */
export function modeUseCases(
  context: Context,
  links: Links,
  open: OpenAttempts,
  attempts: Pick<Attempts, 'operate'>,
  restored: Restored,
): ModeUseCases {
  const { read, write, now } = context;

  const start = async (
    actor: Actor,
    door: Door,
    link: LockLink,
    mode: LockMode,
    untilAt: number | null,
    timeToLiveS: number,
  ): Promise<Attempt> => {
    const lockId = link.lock.id;
    const operation = `set_${mode}` as const;
    const attempt = newAttempt(context, { actor, lockId, doorId: door.id, operation, timeToLiveS });
    const untilS = untilAt === null ? 0 : untilAt / 1000;
    const asked = { actor, door, operation, timeToLiveS, change: { kind: 'mode', mode, untilS } } as const;
    await submit(context, link, asked, attempt, async (tx) => {
      await tx.attempts.insert(attempt);
      await tx.modes.ask({ attemptId: attempt.id, lockId, mode, untilAt });
    });
    const known = await read((tx) => tx.attempts.get(actor.organizationId, attempt.id));
    return open.withPosition(known ?? attempt);
  };

  const linkOf = ({ lockId }: Door): LockLink | undefined => {
    const link = lockId === null ? undefined : links.byId(lockId);
    return link?.lock.state === 'bound' ? link : undefined;
  };

  const startOne = async (
    actor: Actor,
    door: Door,
    mode: LockMode,
    untilAt: number | null,
  ): Promise<DoorModeStarted> => {
    const link = linkOf(door);
    if (link === undefined) return { door, attempt: null, reason: 'no_lock' };
    const report = await read((tx) => tx.modes.get(link.lock.id));
    const settled = (await read((tx) => tx.modes.newestAsked(link.lock.id))) === undefined;
    const known = modeInForce(report, now(), restored.newest?.restoredAt);
    const same = known?.mode === mode && known.untilAt === untilAt;
    if (settled && same) return { door, attempt: null, reason: 'confirmed' };
    try {
      const attempt = await start(actor, door, link, mode, untilAt, TIME_TO_LIVE_ALL_S);
      return { door, attempt, reason: null };
    } catch (error) {
      if (!(error instanceof CoreError)) throw error;
      return { door, attempt: null, reason: error.code === 'too_many' ? 'too_many' : 'no_lock' };
    }
  };

  return {
    async set(actor, doorId, mode, untilAt) {
      requireOperation(actor, `set_${mode}`);
      checkUntil(mode, untilAt, now());
      const door = found('door', await read((tx) => tx.doors.get(actor.organizationId, doorId)));
      const link = linkOf(door);
      if (link === undefined) throw new CoreError('precondition_failed', 'the door has no bound lock');
      return start(actor, door, link, mode, untilAt, TIME_TO_LIVE_S);
    },

    async setAll(actor, propertyId, mode, untilAt) {
      requireOperation(actor, `set_${mode}`);
      checkUntil(mode, untilAt, now());
      const { organizationId } = actor;
      const doors = await read(async (tx) => {
        found('property', await tx.properties.get(organizationId, propertyId));
        return tx.doors.list(organizationId, { propertyId }, { after: undefined, limit: DOORS_MOST });
      });
      await write(async (_, note) => {
        const detail = { mode, doors: doors.length };
        await note({ organizationId, type: 'estate.mode_asked', propertyId, personId: actor.personId, detail });
      });
      const started: DoorModeStarted[] = [];
      for (let at = 0; at < doors.length; at += AT_ONCE) {
        const some = doors.slice(at, at + AT_ONCE);
        started.push(...(await Promise.all(some.map((door) => startOne(actor, door, mode, untilAt)))));
      }
      return started;
    },

    async list(actor, propertyId, page) {
      requireScope(actor, 'locks:read');
      checkPage(page);
      const { organizationId } = actor;
      return read(async (tx) => {
        found('property', await tx.properties.get(organizationId, propertyId));
        const doors = await tx.doors.list(organizationId, { propertyId }, page);
        const views = [];
        for (const door of doors) {
          if (door.lockId === null) {
            views.push({ door, known: null, asked: null });
            continue;
          }
          const report = await tx.modes.get(door.lockId);
          const newest = await tx.modes.newestAsked(door.lockId);
          const attempt = newest && (await tx.attempts.get(organizationId, newest.attemptId));
          views.push({
            door,
            known: modeInForce(report, now(), restored.newest?.restoredAt),
            asked: newest && attempt ? { mode: newest.mode, attempt: open.withPosition(attempt) } : null,
          });
        }
        return views;
      });
    },

    async override(actor, doorId, reason, timeToLiveS, position) {
      requireUse(actor, 'override');
      const detail = { reason: checkName('reason', reason, REASON_MOST) };
      const { organizationId, personId } = actor;
      // Whoever may not override the door puts nothing on record with a reason of his own.
      return attempts.operate(actor, doorId, 'override', timeToLiveS, position, ({ propertyId, lockId }) =>
        write(async (_, note) => {
          await note({ organizationId, type: 'door.override_asked', propertyId, doorId, lockId, personId, detail });
        }),
      );
    },
  };
}

/** @throws CoreError `invalid` */
function checkUntil(mode: LockMode, untilAt: number | null, now: number): void {
  if (untilAt === null) return;
  const field = 'until';
  if (mode === 'normal') throw new CoreError('invalid', 'the normal mode has no end', { field });
  checkWhole(field, untilAt / 1000, 1, LATEST_S);
  if (untilAt <= now) throw new CoreError('invalid', 'until has passed already', { field });
}
