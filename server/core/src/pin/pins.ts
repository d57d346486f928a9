import { equal } from '@cardea/kit-octets';
import { Secret } from '@cardea/kit-runtime';
import { PIN_SLOTS } from '@cardea/wire-access';
import { found } from '../checks.ts';
import type { Context, Note } from '../context.ts';
import type { Actor } from '../core.ts';
import { CoreError } from '../errors.ts';
import { grantOf } from '../grant/keeper.ts';
import { SERIES } from '../grant/series.ts';
import type { LockSealsOf } from '../key/issue.ts';
import { methodViews } from '../method/endings.ts';
import { noteMethod } from '../method/facts.ts';
import { isUnderWay, live } from '../method/life.ts';
import type { Methods } from '../method/methods.ts';
import { needsServer } from '../method/narrowing.ts';
import { EVERYTHING } from '../method/rights.ts';
import type { Event, Grant, GrantMethod, OfflinePinGiven } from '../model.ts';
import { holds, requireScope } from '../person/roles.ts';
import type { Transaction } from '../ports.ts';
import { checkChosenPin, randomPin } from './digits.ts';
import type { PinUseCases } from './use-cases.ts';
import { checkInGrant, offlineWindow } from './windows.ts';

/** A PIN that is another's at one of the doors is made anew so often. */
const MAKE_TRIES = 50;
/** Offline PINs of one grant at one door that have not ended: asking for one that was given gives it again. */
const OFFLINE_MOST = 50;
/**
 * Whoever may not know whose a PIN is learns of each that he chooses whether it is somebody's: so many, taken or free, and
 * no more until he has chosen none for a day.
 */
const CHOSEN_MOST = 10;
const CHOSEN_MS = 86_400_000;

/** PINs, and what makes them in a unit at hand. */
export interface Pins extends PinUseCases {
  /**
   * One PIN, made by chance, for all doors of several grants of a person; the locks that are to be told. Who may is the
   * caller's to know. @throws CoreError `precondition_failed`, `unavailable`
   */
  makeFor(
    tx: Transaction,
    note: Note,
    actor: Actor,
    grants: readonly Grant[],
  ): Promise<{ readonly pin: Secret<string>; readonly lockIds: readonly string[] }>;
}

/** PINs of grants, and keypads. */
export function createPins(context: Context, methods: Methods, sealsOf: LockSealsOf): Pins {
  const { newId, now, read, write } = context;
  const { rights, planner } = methods;

  /** An active grant that may have PINs, its holder's own or any by those who give access. */
  const pinGrant = async (tx: Transaction, actor: Actor, id: string): Promise<Grant> =>
    requireForPins(tx, await visibleGrant(tx, actor, id));

  const requireForPins = async (tx: Transaction, grant: Grant): Promise<Grant> => {
    if (grant.state !== 'active') throw new CoreError('precondition_failed', `the grant is ${grant.state}`);
    if (!grant.methods.includes('pin')) {
      throw new CoreError('precondition_failed', 'the grant does not let its person open by PIN: add the method first');
    }
    if (needsServer(grant)) {
      throw new CoreError('precondition_failed', 'the grant has conditions that only the server can decide');
    }
    const property = await tx.properties.get(grant.organizationId, grant.propertyId);
    if (property?.offlineLeaseS === null) {
      throw new CoreError(
        'precondition_failed',
        'every opening is decided by the server here: the property has no PINs',
      );
    }
    return grant;
  };

  const pinMethods = async (tx: Transaction, grant: Grant): Promise<readonly GrantMethod[]> => {
    const filter = { grantId: grant.id, method: 'pin' } as const;
    const all = await tx.access.methods.list(grant.organizationId, filter, EVERYTHING);
    const able = all.filter(({ state, reason, lockId }) => {
      const never = state === 'failed' && (reason === 'unsupported' || reason === 'counted_elsewhere');
      return !never && sealsOf(lockId) !== undefined;
    });
    if (able.length === 0)
      throw new CoreError('precondition_failed', 'no door of the grant has a lock that takes PINs');
    return able;
  };

  /** The methods of others at these locks that have this very PIN. */
  const duplicates = async (
    tx: Transaction,
    able: readonly GrantMethod[],
    pin: string,
  ): Promise<readonly GrantMethod[]> => {
    const same: GrantMethod[] = [];
    for (const { id, organizationId, lockId } of able) {
      const verifier = sealsOf(lockId)?.pinVerifier(pin);
      if (verifier === undefined) continue;
      for (const other of await tx.access.methods.list(organizationId, { lockId, method: 'pin' }, EVERYTHING)) {
        if (other.id !== id && other.verifier !== null && equal(other.verifier, verifier)) same.push(other);
      }
    }
    return same;
  };

  const makePin = async (tx: Transaction, able: readonly GrantMethod[]): Promise<string> => {
    for (let n = 0; n < MAKE_TRIES; n++) {
      const pin = randomPin(context.ports.random);
      if ((await duplicates(tx, able, pin)).length === 0) return pin;
    }
    throw new CoreError('unavailable', 'no PIN is free at these doors');
  };

  const refuseDuplicate = async (tx: Transaction, actor: Actor, same: readonly GrantMethod[]): Promise<CoreError> => {
    const field = 'pin';
    const [other] = same;
    if (other === undefined || !holds(actor, 'grants:write')) {
      return new CoreError('conflict', 'choose another PIN', { field });
    }
    const holder = await tx.persons.get(actor.organizationId, other.personId);
    const [door] = await tx.doors.list(actor.organizationId, { lockId: other.lockId }, { after: undefined, limit: 1 });
    const where = door === undefined ? 'one of the doors' : `door ${door.name}`;
    return new CoreError('conflict', `this is the PIN of ${holder?.name ?? 'somebody else'} at ${where} already`, {
      field,
    });
  };

  /** Counts a PIN that was chosen by somebody who may not know whose another is. @throws CoreError `too_many` */
  const countChosen = async (tx: Transaction, actor: Actor): Promise<void> => {
    if (holds(actor, 'grants:write')) return;
    const key = `pin-chosen/${actor.personId}`;
    const known = await tx.persons.failures(key);
    const recent = known !== undefined && known.lastAt > now() - CHOSEN_MS ? known.count : 0;
    if (recent >= CHOSEN_MOST) {
      const retryAfterS = Math.ceil(((known?.lastAt ?? now()) + CHOSEN_MS - now()) / 1000);
      throw new CoreError('too_many', 'too many PINs were chosen: let one be made', { retryAfterS });
    }
    await tx.persons.setFailures(key, recent + 1, now());
  };

  /** Gives a method this PIN: in its slot, or the first that is free at the lock. */
  const place = async (tx: Transaction, note: Note, method: GrantMethod, pin: string): Promise<void> => {
    const { organizationId, id, lockId } = method;
    const verifier = sealsOf(lockId)?.pinVerifier(pin);
    if (verifier === undefined) return;
    const all = await tx.access.methods.list(organizationId, { lockId, method: 'pin' }, EVERYTHING);
    const taken = new Set(all.flatMap(({ slot }) => (slot === null ? [] : [slot])));
    const slot = method.slot ?? Array.from({ length: PIN_SLOTS }, (_, i) => i + 1).find((one) => !taken.has(one));
    const life = live(method, slot === undefined ? { kind: 'fail', reason: 'full' } : { kind: 'want', at: now() });
    const after = { ...life, slot: slot ?? null, verifier: slot === undefined ? null : verifier };
    await tx.access.methods.update(organizationId, id, after);
    await noteMethod(tx, note, { ...method, ...after });
  };

  return {
    async makeFor(tx, note, actor, grants) {
      const able: GrantMethod[] = [];
      for (const grant of grants) able.push(...(await pinMethods(tx, await requireForPins(tx, grant))));
      const pin = await makePin(tx, able);
      for (const method of able) await place(tx, note, method, pin);
      for (const grant of grants) {
        const doors = able.filter(({ grantId }) => grantId === grant.id).length;
        await note(factOf(grant, 'pin.made', actor, { doors, chosen: false }));
      }
      return { pin: new Secret(pin), lockIds: able.map(({ lockId }) => lockId) };
    },

    async makeOnline(actor, grantId, chosen) {
      const asked = chosen === undefined ? undefined : checkChosenPin(chosen.reveal());
      let refused: CoreError | undefined;
      const answer = await write(async (tx, note) => {
        const grant = await pinGrant(tx, actor, grantId);
        const able = await pinMethods(tx, grant);
        if (asked !== undefined) {
          await countChosen(tx, actor);
          const same = await duplicates(tx, able, asked);
          if (same.length > 0) {
            refused = await refuseDuplicate(tx, actor, same);
            return undefined;
          }
        }
        const pin = asked ?? (await makePin(tx, able));
        for (const method of able) await place(tx, note, method, pin);
        await note(factOf(grant, 'pin.made', actor, { doors: able.length, chosen: asked !== undefined }));
        return { pin: new Secret(pin), views: await pinViews(tx, grant), lockIds: able.map(({ lockId }) => lockId) };
      });
      if (answer === undefined) throw refused ?? new CoreError('conflict', 'choose another PIN', { field: 'pin' });
      planner.kick(answer.lockIds);
      return { pin: answer.pin, methods: answer.views };
    },

    async makeOffline(actor, grantId, { window, startAt }) {
      await catchUp(actor, grantId);
      return write(async (tx, note) => {
        const grant = await pinGrant(tx, actor, grantId);
        if (grant.scheduleId !== null || grant.uses !== null) {
          const message = 'a lock checks no schedule and counts no uses of an offline PIN: give an online one';
          throw new CoreError('precondition_failed', message);
        }
        const when = offlineWindow(window, startAt);
        checkInGrant(when, grant, now());
        const pins = [];
        for (const method of await pinMethods(tx, grant)) {
          const lock = { id: method.lockId, organizationId: grant.organizationId, propertyId: grant.propertyId };
          const seals = sealsOf(lock.id);
          if (seals === undefined) continue;
          const generation = await offlineGeneration(tx, lock.organizationId, lock.id);
          const before = await offlineBefore(tx, grant, lock.id);
          const same = before.find(
            (pin) => pin.generation === generation && pin.kind === when.kind && pin.startAt === when.startAt,
          );
          if (same === undefined && before.length >= OFFLINE_MOST) {
            throw new CoreError(
              'too_many',
              `a grant has at most ${OFFLINE_MOST} offline PINs a door: remove them first`,
            );
          }
          const given: OfflinePinGiven = same ?? {
            id: newId('pin'),
            organizationId: grant.organizationId,
            grantId: grant.id,
            personId: grant.personId,
            lockId: lock.id,
            ...when,
            generation,
            createdAt: now(),
            voidedAt: null,
          };
          await rights.access(tx, lock);
          if (same === undefined) await tx.access.pins.insert(given);
          const pin = seals.offlinePin({ generation, kind: when.kind, startS: when.startAt / 1000 });
          const [door] = await tx.doors.list(lock.organizationId, { lockId: lock.id }, { after: undefined, limit: 1 });
          pins.push({ given, doorId: door?.id ?? null, pin: new Secret(pin) });
        }
        await note(factOf(grant, 'pin.offline_made', actor, { doors: pins.length, window }));
        return pins;
      });
    },

    async list(actor, grantId) {
      return read(async (tx) => {
        const grant = await visibleGrant(tx, actor, grantId);
        const offline = await tx.access.pins.list(grant.organizationId, { grantId }, EVERYTHING);
        return { online: await pinViews(tx, grant), offline };
      });
    },

    async remove(actor, grantId) {
      const { answer, lockIds } = await write(async (tx, note) => {
        const grant = await visibleGrant(tx, actor, grantId);
        const { organizationId, propertyId } = grant;
        const lockIds = new Set<string>();
        for (const method of await tx.access.methods.list(organizationId, { grantId, method: 'pin' }, EVERYTHING)) {
          if (method.slot === null || method.state === 'removing') continue;
          const there = method.state === 'set' || method.state === 'failed' || isUnderWay(method);
          const life = live(method, there ? { kind: 'drop', at: now() } : { kind: 'gone' });
          await tx.access.methods.update(organizationId, method.id, life);
          if (life.state !== method.state) await noteMethod(tx, note, { ...method, ...life });
          lockIds.add(method.lockId);
        }
        const given = await tx.access.pins.list(organizationId, { grantId }, EVERYTHING);
        const open = given.filter(({ voidedAt, endAt }) => voidedAt === null && endAt > now());
        for (const id of new Set(open.map(({ lockId }) => lockId))) {
          await requireOwnAlone(tx, actor, grant, id);
          await rights.raise(tx, note, { id, organizationId, propertyId }, SERIES.offlinePins);
          lockIds.add(id);
        }
        await note(factOf(grant, 'pin.removed', actor, { doors: lockIds.size, offline: open.length }));
        return { answer: await pinViews(tx, grant), lockIds: [...lockIds] };
      });
      planner.kick(lockIds);
      return answer;
    },

    async reopenKeypad(actor, doorId) {
      requireScope(actor, 'grants:write');
      const { item, lockId } = await write(async (tx, note) => {
        const { organizationId } = actor;
        const door = found('door', await tx.doors.get(organizationId, doorId));
        const lock = door.lockId === null ? undefined : await tx.locks.get(organizationId, door.lockId);
        if (lock?.state !== 'bound' || sealsOf(lock.id) === undefined) {
          throw new CoreError('precondition_failed', 'the door has no lock with a keypad of its own');
        }
        await rights.want(tx, { id: lock.id, organizationId, propertyId: door.propertyId }, 'keypad');
        const { propertyId, id } = door;
        await note({
          organizationId,
          propertyId,
          doorId: id,
          lockId: lock.id,
          personId: actor.personId,
          type: 'door.keypad_reopened',
        });
        const item = found('keypad', await tx.access.items.get(organizationId, `${lock.id}/keypad`));
        return { item, lockId: lock.id };
      });
      planner.kick([lockId]);
      return item;
    },
  };

  /** The grant's offline PINs at a lock that open, or will. */
  async function offlineBefore(tx: Transaction, grant: Grant, lockId: string): Promise<readonly OfflinePinGiven[]> {
    const all = await tx.access.pins.list(grant.organizationId, { grantId: grant.id, lockId }, EVERYTHING);
    return all.filter(({ voidedAt, endAt }) => voidedAt === null && endAt > now());
  }

  /** The offline PINs of a lock end together: nobody ends others' with his own but who gives access. @throws CoreError */
  async function requireOwnAlone(tx: Transaction, actor: Actor, grant: Grant, lockId: string): Promise<void> {
    if (holds(actor, 'grants:write')) return;
    const all = await tx.access.pins.list(grant.organizationId, { lockId }, EVERYTHING);
    const others = all.some((pin) => pin.grantId !== grant.id && pin.voidedAt === null && pin.endAt > now());
    if (others) throw new CoreError('precondition_failed', "others' offline PINs would end with these: ask the staff");
  }

  /** After a restore a lock may take PINs of a generation that the record has lost: it is told a newer one first. */
  async function catchUp(actor: Actor, grantId: string): Promise<void> {
    const lockIds = await write(async (tx, note) => {
      const grant = await pinGrant(tx, actor, grantId);
      const behind: string[] = [];
      for (const { lockId: id } of await pinMethods(tx, grant)) {
        const lock = { id, organizationId: grant.organizationId, propertyId: grant.propertyId };
        if (!(await rights.isBehind(tx, lock, SERIES.offlinePins))) continue;
        await rights.raise(tx, note, lock, SERIES.offlinePins);
        behind.push(id);
      }
      return behind;
    });
    planner.kick(lockIds);
  }

  /**
   * The generation of a lock's offline PINs. The lock tries its own and the next: where the record is further ahead, the
   * lock has to be told first. @throws CoreError `precondition_failed`
   */
  async function offlineGeneration(tx: Transaction, organizationId: string, lockId: string): Promise<number> {
    const row = await tx.access.series.get(organizationId, `${lockId}/${SERIES.offlinePins}`);
    if (row === undefined || row.generation - row.acknowledged <= 1) return row?.generation ?? 0;
    throw new CoreError(
      'precondition_failed',
      'the lock has not heard yet that its offline PINs were renewed: try again when it has',
    );
  }
}

async function pinViews(tx: Transaction, grant: Grant) {
  return (await methodViews(tx, grant)).filter(({ method }) => method.method === 'pin');
}

/** A grant whose PINs the actor may see and make: all with `grants:write`, else his own. */
async function visibleGrant(tx: Transaction, actor: Actor, id: string): Promise<Grant> {
  if (holds(actor, 'grants:write')) {
    requireScope(actor, 'grants:write');
    return grantOf(tx, actor.organizationId, id);
  }
  requireScope(actor, 'access:use');
  const grant = await tx.grants.get(actor.organizationId, id);
  return found('grant', grant?.personId === actor.personId ? grant : undefined);
}

function factOf(grant: Grant, type: Event['type'], actor: Actor, more: Event['detail']) {
  return {
    organizationId: grant.organizationId,
    propertyId: grant.propertyId,
    personId: actor.personId,
    type,
    detail: { grant_id: grant.id, holder_id: grant.personId, ...more },
  };
}
