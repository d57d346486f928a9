import { Secret } from '@cardea/kit-runtime';
import { encodeLevelGrant, encodeSignedLevelGrant, levelGrantSigned } from '@cardea/wire-access';
import type { LevelGrant, OfflineGrant, Order } from '@cardea/wire-profile';
import type { Context, Note } from '../context.ts';
import { CoreError } from '../errors.ts';
import { doorsOf } from '../grant/reach.ts';
import type { LockSeals } from '../link/lock-seals.ts';
import { noteMethod } from '../method/facts.ts';
import { lastOpening } from '../method/last-opening.ts';
import { live } from '../method/life.ts';
import type { Methods } from '../method/methods.ts';
import { levelOf, needsServer } from '../method/narrowing.ts';
import { placeNumber, propertyAccess } from '../method/place.ts';
import { keyIsReady } from '../method/ready.ts';
import { EVERYTHING, type RightsLock } from '../method/rights.ts';
import { pendingOrder } from '../method/work.ts';
import type { Door, Grant, GrantMethod, KeyLease, Phone, Property, PropertyAccess } from '../model.ts';
import type { Transaction } from '../ports.ts';
import { createSlices } from '../slices.ts';
import type { DoorKey, KeyBundle, NoKeyReason } from './bundle.ts';
import { leasesOf } from './leases.ts';

const KEY_ID_OCTETS = 16;
/** Doors that one unit of the record takes in: others' commands have their turn before the next. */
const DOORS_A_UNIT = 100;
/** No end: what four octets of seconds hold. */
const NEVER_S = 0xffff_ffff;

/** What is sealed under a lock's key; undefined when the lock is not served, or enforces nothing. */
export type LockSealsOf = (lockId: string) => LockSeals | undefined;

/** A key that is on record and still has to be sealed. */
interface Draft {
  readonly grant: Grant;
  readonly door: Door;
  readonly lockId: string;
  readonly identifier: string;
  readonly lease: KeyLease;
  readonly scheduleNumber: number;
  readonly level: Pick<LevelGrant, 'level' | 'hotelId' | 'floor' | 'room'> | undefined;
  readonly ready: boolean;
  readonly cannotOpenAfter: number | null;
  readonly order: Order | undefined;
}

/**
 * Gives a phone or card its keys: for every door that its person may open by it, each with a lease from now, never past
 * the grant. What is given is on record before it is sealed. `emergency`: keys that do not ask the lock's clock, where the
 * grant lets its person override. `by`: who asked.
 */
export async function issueKeys(
  context: Context,
  methods: Methods,
  sealsOf: LockSealsOf,
  phone: Phone,
  { by, emergency }: { readonly by: string; readonly emergency: boolean },
): Promise<KeyBundle> {
  const { organizationId, personId } = phone;
  const issuedAt = Math.floor(context.now() / 1000) * 1000;
  const kind = phone.kind === 'card' ? 'card' : 'mobile_key';
  const mine = await context.read((tx) => tx.grants.list(organizationId, { personId, state: 'active' }, EVERYTHING));
  const properties = new Map<string, PropertyAccess>();
  for (const { propertyId } of mine.filter((grant) => levelOf(grant) !== undefined)) {
    if (!properties.has(propertyId)) {
      properties.set(propertyId, await propertyAccess(context, organizationId, propertyId));
    }
  }
  const slices = createSlices(context.ports.clock);
  const without: Without[] = [];
  const drafts: Draft[] = [];
  for (let from: Cursor | undefined = { grant: 0, door: undefined }; from !== undefined; ) {
    const at: Cursor = from;
    const some = await context.write((tx, note) => draftSome(tx, note, at));
    drafts.push(...some.drafts);
    without.push(...some.without);
    from = some.next;
    await slices.turn();
  }
  await context.write(async (tx, note) => {
    await requireActive(tx);
    await note({
      organizationId,
      personId: by,
      type: 'phone.keys_given',
      detail: { phone_id: phone.id, holder_id: personId, keys: drafts.length, without: without.length, emergency },
    });
  });
  return { phoneId: phone.id, issuedAt, keys: await sealAll(drafts), without };

  /** In every unit: a phone that is reported lost meanwhile gets nothing that nobody would take back. */
  async function requireActive(tx: Transaction): Promise<void> {
    if ((await tx.access.phones.get(organizationId, phone.id))?.state === 'active') return;
    throw new CoreError('precondition_failed', 'the phone is reported lost');
  }

  /** The keys of the next doors, on record; every grant as it is in this unit. */
  async function draftSome(tx: Transaction, note: Note, from: Cursor): Promise<Drafted> {
    await requireActive(tx);
    const drafted = { drafts: [] as Draft[], without: [] as Without[] };
    let room = DOORS_A_UNIT;
    let after = from.door;
    for (let n = from.grant; n < mine.length; n++, after = undefined) {
      const grant = await tx.grants.get(organizationId, mine[n]?.id ?? '');
      if (grant?.state !== 'active' || !grant.methods.includes(kind)) continue;
      const property = await tx.properties.get(organizationId, grant.propertyId);
      const access = properties.get(grant.propertyId);
      const lease = leaseFor(grant, property, issuedAt);
      const doors = await doorsOf(tx, grant, { after, limit: room });
      for (const door of doors) {
        const draft =
          typeof lease === 'string'
            ? lease
            : await draftOf(tx, note, { phone, kind, grant, door, access, leaseEndAt: lease, issuedAt, emergency });
        if (typeof draft === 'string') drafted.without.push({ grantId: grant.id, doorId: door.id, reason: draft });
        else drafted.drafts.push(draft);
      }
      room -= doors.length;
      if (room === 0) return { ...drafted, next: { grant: n, door: doors.at(-1)?.id } };
    }
    return { ...drafted, next: undefined };
  }

  async function draftOf(tx: Transaction, note: Note, asked: Asked): Promise<Draft | NoKeyReason> {
    const { grant, door, access } = asked;
    const lock = door.lockId === null ? undefined : await tx.locks.get(organizationId, door.lockId);
    if (lock?.state !== 'bound' || sealsOf(lock.id) === undefined) return 'no_lock';
    const at: RightsLock = { id: lock.id, organizationId, propertyId: grant.propertyId };
    const filter = { grantId: grant.id, lockId: lock.id, method: kind } as const;
    const [method] = await tx.access.methods.list(organizationId, filter, { after: undefined, limit: 1 });
    if (method === undefined) return 'not_bound';
    if (method.state === 'failed') return method.reason ?? 'refused';
    if (method.state === 'removing' || method.state === 'removed') return method.reason ?? 'replaced';
    if ((await methods.rights.access(tx, at)).haltedAt !== null) return 'halted';
    const lease = await leaseOf(tx, at, method, asked);
    if (lease === undefined) return 'other_phone';
    const ready = await keyIsReady(tx, method);
    const life = live(method, ready ? { kind: 'hold' } : { kind: 'want', at: issuedAt });
    // The lock is told what the key needs, not of the key: it has no turn of its own.
    await tx.access.methods.update(organizationId, method.id, {
      ...life,
      nextTryAt: null,
      generation: lease.generation,
    });
    if (life.state !== method.state) await noteMethod(tx, note, { ...method, ...life });
    const schedule = grant.scheduleId === null ? undefined : await tx.schedules.get(organizationId, grant.scheduleId);
    return {
      grant,
      door,
      lockId: lock.id,
      identifier: lock.identifier,
      lease,
      scheduleNumber: schedule?.number ?? 0,
      level: access === undefined ? undefined : await levelFor(tx, access, grant),
      ready,
      cannotOpenAfter: lastOpening(lease, await tx.locks.report(lock.id)),
      order: await pendingOrder(tx, at, context.now()),
    };
  }

  /** The lease as it is on record from now on: the phone's former one goes on under its id. Undefined: another phone's. */
  async function leaseOf(
    tx: Transaction,
    at: RightsLock,
    method: GrantMethod,
    { grant, leaseEndAt }: Asked,
  ): Promise<KeyLease | undefined> {
    const lockId = levelOf(grant) === undefined ? at.id : null;
    const given = await leasesOf(tx, organizationId, grant.id);
    const active = given.filter((lease) => lease.state === 'active');
    // What two phones count at a lock under two ids would count twice, and of what a lost one has used a lock that hears
    // nobody has not told yet.
    if (grant.uses !== null && given.some((lease) => lease.phoneId !== phone.id)) return undefined;
    // What was replaced has no method any more: whoever has one gets the newest generation, above any that a restore lost.
    const carried = await methods.rights.generation(tx, at, method.series);
    const noClock = emergency && grant.operations.includes('override');
    const known = active.find((lease) => lease.phoneId === phone.id && lease.lockId === lockId);
    if (known !== undefined) {
      const renewed = {
        generation: Math.max(carried, known.generation),
        issuedAt,
        leaseEndAt: Math.max(known.leaseEndAt, leaseEndAt),
        // What was once sealed without a clock is in the phone, whatever is sealed now.
        noClock: noClock || known.noClock,
      };
      await tx.access.leases.update(organizationId, known.id, renewed);
      return { ...known, ...renewed };
    }
    const keyId = context.ports.random.octets(KEY_ID_OCTETS);
    const lease: KeyLease = {
      id: context.newId('key'),
      organizationId,
      personId,
      grantId: grant.id,
      phoneId: phone.id,
      lockId,
      propertyId: grant.propertyId,
      keyId,
      keyPrefix: new DataView(keyId.buffer, keyId.byteOffset).getUint32(0),
      series: method.series,
      generation: carried,
      noClock,
      issuedAt,
      leaseEndAt,
      state: 'active',
      revokedAt: null,
    };
    await tx.access.leases.insert(lease);
    return lease;
  }

  async function sealAll(drafts: readonly Draft[]): Promise<readonly DoorKey[]> {
    const signed = new Map<string, Uint8Array>();
    const keys: DoorKey[] = [];
    for (const draft of drafts) {
      await slices.turn();
      const { grant, door, lease, level, order } = draft;
      const seals = sealsOf(draft.lockId);
      if (seals === undefined) {
        without.push({ grantId: grant.id, doorId: door.id, reason: 'no_lock' });
        continue;
      }
      const offline = offlineGrant(draft, phone, issuedAt, emergency);
      let sealed: Uint8Array;
      if (level === undefined) sealed = seals.sealGrant(offline);
      else {
        // The series may have risen between two units.
        const which = `${lease.id} ${lease.generation}`;
        const known = signed.get(which) ?? (await signLevel(context, grant.propertyId, { ...offline, ...level }));
        signed.set(which, known);
        sealed = known;
      }
      keys.push({
        grantId: grant.id,
        doorId: door.id,
        doorName: door.name,
        lockId: draft.lockId,
        identifier: draft.identifier,
        keyId: lease.keyId,
        sealed,
        level: grant.scope.kind === 'doors' ? 'lock' : grant.scope.kind,
        presentationKey: new Secret(seals.presentationKey(lease.keyId)),
        advertisementKey: new Secret(seals.advertisementKey()),
        operations: grant.operations,
        issuedAt,
        notBefore: grant.notBefore,
        notAfter: grant.notAfter,
        leaseEndAt: lease.leaseEndAt,
        scheduleId: grant.scheduleId,
        uses: grant.uses,
        noClock: offline.noClock,
        ready: draft.ready,
        cannotOpenAfter: draft.cannotOpenAfter,
        order: order === undefined ? null : seals.order(order),
      });
    }
    return keys;
  }
}

type Without = KeyBundle['without'][number];

/** Where the next unit begins: at this grant of the person's, after this door of it. */
interface Cursor {
  readonly grant: number;
  readonly door: string | undefined;
}

/** What came of one unit. */
interface Drafted {
  readonly drafts: readonly Draft[];
  readonly without: readonly Without[];
  readonly next: Cursor | undefined;
}

interface Asked {
  readonly phone: Phone;
  readonly kind: 'mobile_key' | 'card';
  readonly grant: Grant;
  readonly door: Door;
  readonly access: PropertyAccess | undefined;
  readonly leaseEndAt: number;
  readonly issuedAt: number;
  readonly emergency: boolean;
}

/** When a lease that is given now ends, or why none is given. */
function leaseFor(grant: Grant, property: Property | undefined, issuedAt: number): number | NoKeyReason {
  if (needsServer(grant)) return 'needs_server';
  if (property === undefined || property.offlineLeaseS === null) return 'offline_off';
  const end = Math.min(grant.notAfter ?? Number.POSITIVE_INFINITY, issuedAt + property.offlineLeaseS * 1000);
  return grant.notBefore >= end ? 'not_yet' : end;
}

function offlineGrant(
  { grant, lease, scheduleNumber }: Draft,
  phone: Phone,
  issuedAt: number,
  emergency: boolean,
): OfflineGrant {
  return {
    noClock: emergency && lease.noClock,
    grantId: lease.keyId,
    phoneKey: phone.publicKey,
    operations: grant.operations,
    notBeforeS: grant.notBefore / 1000,
    notAfterS: grant.notAfter === null ? NEVER_S : grant.notAfter / 1000,
    leaseEndS: lease.leaseEndAt / 1000,
    issuedAtS: issuedAt / 1000,
    series: lease.series,
    generation: lease.generation,
    uses: grant.uses ?? 0,
    scheduleNumber,
  };
}

async function levelFor(tx: Transaction, access: PropertyAccess, { scope }: Grant): Promise<Draft['level']> {
  const { hotelId } = access;
  switch (scope.kind) {
    case 'doors':
      return undefined;
    case 'floor':
      return { level: 'floor', hotelId, floor: await placeNumber(tx, access, scope.floorId), room: 0 };
    case 'property':
      return { level: 'hotel', hotelId, floor: 0, room: 0 };
  }
}

/** ES256 by the property's grant key. */
async function signLevel(context: Context, propertyId: string, grant: LevelGrant): Promise<Uint8Array> {
  const scalar = await context.read((tx) => tx.access.properties.scalar(propertyId));
  if (scalar === undefined) throw new Error('a property without a grant key');
  const signature = await context.ports.keys.signBy(scalar, levelGrantSigned(encodeLevelGrant(grant)));
  return encodeSignedLevelGrant(grant, signature);
}
