import type { OpenAttempts } from '../attempt/open-attempts.ts';
import { newAttempt, startAttempt } from '../attempt/start.ts';
import { chainUseCase } from '../chain/view.ts';
import { checkPage, found, LARGE_PAGE_LIMIT } from '../checks.ts';
import type { Context } from '../context.ts';
import type { Actor, Core, LockView } from '../core.ts';
import { CoreError } from '../errors.ts';
import type { Presence } from '../gateway/presence.ts';
import { withdrawDurably } from '../link/binding.ts';
import type { Durable } from '../link/durable.ts';
import type { Links } from '../link/links.ts';
import type { Attempt, Lock } from '../model.ts';
import { requireOperation, requireScope } from '../person/roles.ts';
import type { Restored } from '../restore/restored.ts';
import { createSlices } from '../slices.ts';
import { legitimacy } from './legitimacy.ts';
import { importManifest } from './manifest-import.ts';
import { createLockViewer, type KnownLock, knowLock } from './view.ts';

/** A binding waits up to a minute for the button or the printed code; the agreement around it needs the rest. */
const BIND_TIME_TO_LIVE_S = 120;
const MANAGE_TIME_TO_LIVE_S = 30;
/** So many locks one read of the record looks up: writers need not wait for all of a page. */
const LOCKS_A_READ = 100;

/** Locks: what is known of them, their registration and removal. */
export function lockUseCases(
  context: Context,
  links: Links,
  presence: Presence,
  open: OpenAttempts,
  restored: Restored,
): Core['locks'] {
  const view = createLockViewer(context, presence, restored);
  /** The bound lock with its door and link, for a command to it. */
  const bound = async (organizationId: string, id: string) => {
    const known = await context.read(async (tx) => {
      const lock = await tx.locks.get(organizationId, id);
      return lock && knowLock(tx, lock);
    });
    const { lock, door } = found('lock', known);
    const link = links.byId(lock.id);
    if (lock.state !== 'bound' || door === undefined || link === undefined) {
      throw new CoreError('precondition_failed', 'the lock is not bound');
    }
    return { door, link };
  };

  /** Takes a lock that cannot be asked out of use: its link ends, and the record says that it still holds its key. */
  const withdraw = async (actor: Actor, id: string): Promise<Attempt> => {
    const { lock, door } = found(
      'lock',
      await context.read(async (tx) => {
        const lock = await tx.locks.get(actor.organizationId, id);
        return lock && knowLock(tx, lock);
      }),
    );
    const asked = newAttempt(context, {
      actor,
      lockId: lock.id,
      doorId: door?.id ?? null,
      operation: 'unbind',
      timeToLiveS: 0,
    });
    // It never leaves the server: it is over as it is recorded.
    const attempt: Attempt = { ...asked, state: 'expired', reason: 'not_sent', endedAt: asked.createdAt };
    const durable: Durable = async (tx, note) => {
      // As the record has it now: what was under way before this unit may have bound or removed it.
      const now = found('lock', await tx.locks.get(actor.organizationId, id));
      if (now.state === 'withdrawn') throw new CoreError('precondition_failed', 'the lock is withdrawn already');
      await withdrawDurably(tx, note, now, attempt);
    };
    const link = links.byId(lock.id);
    if (link === undefined) await context.write(durable);
    else await links.close(link, durable);
    return attempt;
  };

  /** Takes the binding keys of a lock out of its record; how often it was bound and reset stays. */
  const forgetKeys = (lock: Lock): Promise<void> =>
    context.write(async (tx) => {
      const record = await tx.locks.binding(lock.id);
      const holds = record?.active !== undefined || record?.pending !== undefined;
      if (record !== undefined && holds && links.byId(lock.id) === undefined) {
        await tx.locks.setBinding(lock.id, { ...record, active: undefined, pending: undefined });
      }
    });

  return {
    async list(actor, { propertyId, ...filter }, page) {
      requireScope(actor, 'locks:read');
      checkPage(page, LARGE_PAGE_LIMIT);
      const views: LockView[] = [];
      const slices = createSlices(context.ports.clock);
      for (let { after, limit } = page; limit > 0; ) {
        // Of those of one property nobody knows how many stand together.
        const batch = { after, limit: propertyId === undefined ? Math.min(limit, LOCKS_A_READ) : LOCKS_A_READ };
        const known = await context.read(async (tx) => {
          const all: KnownLock[] = [];
          for (const lock of await tx.locks.list(actor.organizationId, filter, batch)) {
            all.push(await knowLock(tx, lock));
          }
          return all;
        });
        const wanted = propertyId === undefined ? known : known.filter(({ door }) => door?.propertyId === propertyId);
        views.push(...wanted.slice(0, limit).map(view));
        if (known.length < batch.limit) break;
        after = known.at(-1)?.lock.id;
        limit -= wanted.length;
        await slices.turn();
      }
      return views;
    },
    async get(actor, id) {
      requireScope(actor, 'locks:read');
      const known = await context.read(async (tx) => {
        const lock = await tx.locks.get(actor.organizationId, id);
        return lock && knowLock(tx, lock);
      });
      return view(found('lock', known));
    },
    importManifest: (actor, request) => importManifest(context, actor, request),
    async legitimacy(actor, identifier) {
      requireScope(actor, 'locks:read');
      return legitimacy(await context.read((tx) => tx.locks.byIdentifier(actor.organizationId, identifier)));
    },
    async enrol(actor, input) {
      requireOperation(actor, 'bind');
      const { door, lock } = await context.read(async (tx) => ({
        door: await tx.doors.get(actor.organizationId, input.doorId),
        lock: await tx.locks.byIdentifier(actor.organizationId, input.identifier),
      }));
      const place = found('door', door);
      const check = legitimacy(lock);
      if (check.status !== 0 || lock === undefined) {
        throw new CoreError('precondition_failed', `the lock is not legitimate: ${check.reason}`, {
          field: 'identifier',
        });
      }
      if (lock.state === 'bound') {
        throw new CoreError('conflict', 'the lock is bound: it has to be removed from its door and reset first', {
          field: 'identifier',
        });
      }
      if (place.lockId !== null) throw new CoreError('conflict', 'the door has a lock already', { field: 'door_id' });
      // What is withdrawn is bound afresh or not at all: no key of before may make up for a reset at the lock.
      if (lock.state === 'withdrawn') await forgetKeys(lock);
      const link = await links.open(lock, undefined);
      if (link.busy) throw new CoreError('conflict', 'the lock is being bound already', { field: 'identifier' });
      const attempt = startAttempt(context, open, link, {
        actor,
        door: place,
        operation: 'bind',
        timeToLiveS: BIND_TIME_TO_LIVE_S,
      });
      // Its gateways must know the lock before they can connect to it.
      links.tell(place.propertyId, link);
      return attempt;
    },
    chain: chainUseCase(context),
    async remove(actor, id, options) {
      requireOperation(actor, 'unbind');
      if (options?.force === true) return withdraw(actor, id);
      const { door, link } = await bound(actor.organizationId, id);
      return startAttempt(context, open, link, {
        actor,
        door,
        operation: 'unbind',
        timeToLiveS: MANAGE_TIME_TO_LIVE_S,
      });
    },
    async setTime(actor, id, stepBack) {
      requireOperation(actor, 'set_time');
      const { door, link } = await bound(actor.organizationId, id);
      return startAttempt(context, open, link, {
        actor,
        door,
        operation: 'set_time',
        timeToLiveS: MANAGE_TIME_TO_LIVE_S,
        stepBack,
      });
    },
  };
}
