import type { Context, EventDraft, Note } from '../context.ts';
import { CoreError } from '../errors.ts';
import { DOORS_OF_GRANT_MOST } from '../grant/checks.ts';
import type { GrantChanged, GrantGiver, GrantKeeper } from '../grant/keeper.ts';
import type { MethodPlanner } from '../grant/planner.ts';
import { SERIES } from '../grant/series.ts';
import type { AccessMethod, Event, Grant, Person, Property } from '../model.ts';
import type { Transaction } from '../ports.ts';
import { guestOf } from './guests.ts';
import type { Stay } from './model.ts';
import { commonDoors, requireFree } from './rooms.ts';
import type { CheckInOptions, GuestInput } from './use-cases.ts';

/** A stay lasts a year at most; longer is a resident. */
const LONGEST_MS = 366 * 86_400_000;
/** Most grants of one stay: people, rooms and common doors. */
const GRANTS_OF_STAY = { after: undefined, limit: 10_000 } as const;

/** A stay after a verb: its locks are kicked once the unit is durable. */
export interface StayChanged {
  readonly stay: Stay;
  readonly ended: readonly Grant[];
  readonly lockIds: readonly string[];
}

/** What a new stay is made of, checked. */
export type StayDraft = Pick<Stay, 'doorIds' | 'fromAt' | 'toAt' | 'source' | 'reference'> & {
  readonly property: Property;
  readonly guest: GuestInput;
};

/**
 * The verbs of a stay, each in the unit at hand. A room's key is a grant of the series `guests`, which the next check-in
 * replaces; common doors' are of a series that no check-in touches.
 *
 * ```
 *   reserved --check in--> checked_in --check out, or its time--> checked_out
 *      |                    duplicate, extend, move
 *      |--cancel, or its time--> cancelled
 * ```
 */
export interface StayKeeper {
  reserve(tx: Transaction, note: Note, by: GrantGiver, draft: StayDraft): Promise<Stay>;
  checkIn(
    tx: Transaction,
    note: Note,
    by: GrantGiver,
    property: Property,
    stay: Stay,
    options: CheckInOptions,
  ): Promise<StayChanged>;
  duplicate(tx: Transaction, note: Note, by: GrantGiver, stay: Stay, guest: GuestInput): Promise<StayChanged>;
  extend(
    tx: Transaction,
    note: Note,
    by: GrantGiver,
    property: Property,
    stay: Stay,
    time: Partial<Pick<Stay, 'fromAt' | 'toAt'>>,
  ): Promise<StayChanged>;
  move(
    tx: Transaction,
    note: Note,
    by: GrantGiver,
    property: Property,
    stay: Stay,
    doorIds: readonly string[],
  ): Promise<StayChanged>;
  /** `by` undefined: its time is over. */
  checkOut(tx: Transaction, note: Note, by: Pick<GrantGiver, 'personId'> | undefined, stay: Stay): Promise<StayChanged>;
  cancel(tx: Transaction, note: Note, by: Pick<GrantGiver, 'personId'> | undefined, stay: Stay): Promise<Stay>;
}

/** A keeper over the grants; `planner` raises the rooms' generation when somebody new comes. */
export function createStayKeeper(context: Context, grants: GrantKeeper, planner: MethodPlanner): StayKeeper {
  const now = context.now;

  const record = async (tx: Transaction, stay: Stay, change: Partial<Stay>): Promise<Stay> => {
    await tx.stays.update(stay.organizationId, stay.id, change);
    return { ...stay, ...change };
  };

  const active = (tx: Transaction, stay: Stay): Promise<readonly Grant[]> =>
    tx.grants.list(stay.organizationId, { stayId: stay.id, state: 'active' }, GRANTS_OF_STAY);

  /** Keys of rooms, or of the doors that all guests share, for one person. */
  const issue = async (
    tx: Transaction,
    note: Note,
    by: GrantGiver,
    stay: Stay,
    personId: string,
    series: typeof SERIES.guests | typeof SERIES.common,
    like: Partial<Pick<Grant, 'methods' | 'operations' | 'conditions' | 'scheduleId'>>,
  ): Promise<readonly GrantChanged[]> => {
    const doorIds = series === SERIES.guests ? stay.doorIds : (await commonDoors(tx, stay)).map(({ id }) => id);
    const changed: GrantChanged[] = [];
    for (let at = 0; at < doorIds.length; at += DOORS_OF_GRANT_MOST) {
      const draft = {
        ...like,
        personId,
        scope: { kind: 'doors', doorIds: doorIds.slice(at, at + DOORS_OF_GRANT_MOST) },
        notBefore: Math.floor(now() / 1000) * 1000,
        notAfter: stay.toAt,
        series,
        stayId: stay.id,
      } as const;
      changed.push(await grants.issue(tx, note, by, draft));
    }
    return changed;
  };

  const end = async (
    tx: Transaction,
    note: Note,
    by: Pick<GrantGiver, 'personId'> | undefined,
    over: readonly Grant[],
  ): Promise<readonly GrantChanged[]> => {
    const changed: GrantChanged[] = [];
    for (const grant of over) changed.push(await grants.end(tx, note, by, grant));
    return changed;
  };

  /** New keys for rooms: what was given out before dies with the first use of one of them, or with the next order. */
  const raise = async (tx: Transaction, note: Note, stay: Stay): Promise<void> => {
    const lockIds: string[] = [];
    for (const id of stay.doorIds) {
      const door = await tx.doors.get(stay.organizationId, id);
      if (door?.lockId !== null && door?.lockId !== undefined) lockIds.push(door.lockId);
    }
    await planner.raise(tx, note, stay.organizationId, lockIds, SERIES.guests);
  };

  /** Nobody else is in the rooms. @throws CoreError `conflict` */
  const clear = async (
    tx: Transaction,
    note: Note,
    by: GrantGiver,
    property: Property,
    stay: Stay,
    replace: boolean,
  ): Promise<readonly StayChanged[]> => {
    const out: StayChanged[] = [];
    for (const former of await tx.stays.holding(stay.organizationId, stay.doorIds)) {
      if (former.id === stay.id || former.state !== 'checked_in') continue;
      // Who should have left has left; who has the room for longer is asked about.
      if (replace || former.toAt <= now()) out.push(await checkOut(tx, note, by, former));
    }
    await requireFree(tx, property, stay);
    return out;
  };

  const checkOut: StayKeeper['checkOut'] = async (tx, note, by, stay) => {
    if (stay.state === 'checked_out') return changedBy(stay, [], []);
    requireState(stay, 'checked_in');
    const ended = await end(tx, note, by, await active(tx, stay));
    const after = await record(tx, stay, { state: 'checked_out', checkedOutAt: now() });
    await note(factOf(after, 'stay.checked_out', by?.personId ?? null));
    return changedBy(after, [], ended);
  };

  return {
    async reserve(tx, note, by, draft) {
      const { organizationId } = by;
      const { property, doorIds, fromAt, toAt, source, reference } = draft;
      checkTime({ fromAt, toAt }, now());
      const wish = { id: context.newId('stay'), organizationId, doorIds, fromAt, toAt };
      const guest = (): Promise<Person> => guestOf(tx, note, context, by, draft.guest);
      const known = 'personId' in draft.guest ? await guest() : undefined;
      // Somebody who should have left holds nothing that lies ahead. Asked before a guest is made: of a file, the lines
      // that are refused share their unit with those that are done.
      await requireFree(tx, property, wish);
      const person = known ?? (await guest());
      const stay: Stay = {
        ...wish,
        propertyId: property.id,
        personId: person.id,
        state: 'reserved',
        source,
        reference,
        checkedInAt: null,
        checkedOutAt: null,
        createdBy: by.personId,
        createdAt: now(),
      };
      await tx.stays.insert(stay);
      await note(factOf(stay, 'stay.reserved', by.personId));
      return stay;
    },

    async checkIn(tx, note, by, property, stay, { methods, replace = false }) {
      requireState(stay, 'reserved');
      if (stay.toAt <= now()) throw new CoreError('precondition_failed', 'the time of this stay is over');
      // Who comes early stays from now on.
      const fromAt = Math.min(stay.fromAt, Math.floor(now() / 1000) * 1000);
      const wished = { ...stay, fromAt };
      const out = await clear(tx, note, by, property, wished, replace);
      await raise(tx, note, wished);
      const like = methods === undefined ? {} : { methods };
      const rooms = await issue(tx, note, by, wished, stay.personId, SERIES.guests, like);
      const common = await issue(tx, note, by, wished, stay.personId, SERIES.common, like);
      const after = await record(tx, stay, { state: 'checked_in', fromAt, checkedInAt: now() });
      await note(factOf(after, 'stay.checked_in', by.personId));
      return changedBy(after, [...rooms, ...common], [], out);
    },

    async duplicate(tx, note, by, stay, guest) {
      requireState(stay, 'checked_in');
      const person = await guestOf(tx, note, context, by, guest);
      const held = await active(tx, stay);
      const own = held.filter(({ personId }) => personId === person.id);
      const like = alike(held.find(({ personId, series }) => personId === stay.personId && series === SERIES.guests));
      const fresh: GrantChanged[] = [];
      for (const series of [SERIES.guests, SERIES.common] as const) {
        // Another phone of somebody who has the key takes nothing but to be that person's phone.
        if (own.some((grant) => grant.series === series)) continue;
        fresh.push(...(await issue(tx, note, by, stay, person.id, series, like)));
      }
      if (fresh.length > 0) {
        const what = factOf(stay, 'stay.duplicated', by.personId);
        await note({ ...what, detail: { ...what.detail, person_id: person.id } });
      }
      return changedBy(stay, fresh, []);
    },

    async extend(tx, note, by, property, stay, time) {
      if (stay.state !== 'reserved') requireState(stay, 'checked_in');
      const after = { ...stay, ...time };
      checkTime(after, now());
      await requireFree(tx, property, after);
      const altered: GrantChanged[] = [];
      for (const grant of await active(tx, stay)) {
        if (grant.notAfter !== stay.toAt) continue;
        altered.push(await grants.alter(tx, note, by, grant, { notAfter: after.toAt }));
      }
      await record(tx, stay, { fromAt: after.fromAt, toAt: after.toAt });
      await note(factOf(after, 'stay.extended', by.personId));
      return changedBy(after, altered, []);
    },

    async move(tx, note, by, property, stay, doorIds) {
      if (stay.state !== 'reserved') requireState(stay, 'checked_in');
      const after: Stay = { ...stay, doorIds };
      const changed: GrantChanged[] = [];
      let ended: readonly GrantChanged[] = [];
      let out: readonly StayChanged[] = [];
      if (stay.state === 'checked_in') {
        const fromAt = Math.floor(now() / 1000) * 1000;
        out = await clear(tx, note, by, property, { ...after, fromAt }, false);
        const keys = (await active(tx, stay)).filter(({ series }) => series === SERIES.guests);
        ended = await end(tx, note, by, keys);
        await raise(tx, note, after);
        const holders = new Map(keys.map((grant) => [grant.personId, grant]));
        for (const [personId, grant] of holders) {
          changed.push(...(await issue(tx, note, by, after, personId, SERIES.guests, alike(grant))));
        }
      } else await requireFree(tx, property, after);
      await record(tx, stay, { doorIds });
      await note(factOf(after, 'stay.moved', by.personId));
      return changedBy(after, changed, ended, out);
    },

    checkOut,

    async cancel(tx, note, by, stay) {
      if (stay.state === 'cancelled') return stay;
      requireState(stay, 'reserved');
      const after = await record(tx, stay, { state: 'cancelled' });
      const what = factOf(after, 'stay.cancelled', by?.personId ?? null);
      await note({ ...what, detail: { ...what.detail, no_show: by === undefined } });
      return after;
    },
  };
}

/** A stay after a verb; `out` are stays that were checked out for it. */
function changedBy(
  stay: Stay,
  altered: readonly GrantChanged[],
  ended: readonly GrantChanged[],
  out: readonly StayChanged[] = [],
): StayChanged {
  const lockIds = [...altered, ...ended, ...out].flatMap((one) => one.lockIds);
  return {
    stay,
    ended: [...ended.map(({ grant }) => grant), ...out.flatMap((one) => one.ended)],
    lockIds: [...new Set(lockIds)],
  };
}

/** What a further key has in common with one that is there. */
function alike(grant: Grant | undefined): Partial<Pick<Grant, 'operations' | 'conditions' | 'scheduleId'>> & {
  readonly methods?: readonly AccessMethod[];
} {
  if (grant === undefined) return {};
  const { methods, operations, conditions, scheduleId } = grant;
  return { methods, operations, conditions, scheduleId };
}

function requireState(stay: Stay, state: Stay['state']): void {
  if (stay.state === state) return;
  throw new CoreError('precondition_failed', `the stay is ${stay.state.replace('_', ' ')}`);
}

function checkTime({ fromAt, toAt }: Pick<Stay, 'fromAt' | 'toAt'>, now: number): void {
  if (toAt <= fromAt) throw new CoreError('invalid', 'until must be later than from', { field: 'until' });
  if (toAt <= now) throw new CoreError('invalid', 'until has passed already', { field: 'until' });
  if (toAt - fromAt > LONGEST_MS) throw new CoreError('invalid', 'a stay lasts a year at most', { field: 'until' });
}

/** The fact about a stay: ids only, the person who did it and the one whose stay it is. */
function factOf(stay: Stay, type: `stay.${string}`, personId: string | null): EventDraft & { detail: Event['detail'] } {
  const { organizationId, propertyId, doorIds } = stay;
  return {
    organizationId,
    propertyId,
    doorId: doorIds.length === 1 ? (doorIds[0] ?? null) : null,
    personId,
    type,
    detail: { stay_id: stay.id, holder_id: stay.personId },
  };
}
