import type { Grant, Store } from '@cardea/server-core';
import { cardeaProfile } from '@cardea/wire-lock';

/** Doors of a property and of a floor. */
const DOORS_OF_PROPERTY = 100;
export const DOORS_OF_FLOOR = 25;
const GRANTS_OF_PERSON = 20;
const ROWS_A_UNIT = 1000;
const DAY_MS = 86_400_000;

/** What was put into the record. */
export interface Estate {
  /** Who holds a grant at which door. */
  readonly held: readonly { readonly grantId: string; readonly personId: string; readonly doorId: string }[];
  readonly propertyIds: readonly string[];
  readonly floorIds: readonly string[];
  readonly doorIds: readonly string[];
}

/** Properties of 100 doors with a bound lock each, and persons with 20 grants each, every one by a schedule. */
export async function seedEstate(
  store: Store,
  organizationId: string,
  createdBy: string,
  { doors, grants, now }: { readonly doors: number; readonly grants: number; readonly now: number },
): Promise<Estate> {
  const common = { organizationId, createdAt: now };
  const id = (prefix: string, n: number): string => `${prefix}_${String(n).padStart(8, '0')}`;
  const propertyOf = (door: number): number => Math.floor(door / DOORS_OF_PROPERTY);
  const floorOf = (door: number): number => Math.floor(door / DOORS_OF_FLOOR);
  const properties = propertyOf(doors - 1) + 1;
  const floors = floorOf(doors - 1) + 1;
  await store.unit(async (tx) => {
    for (let n = 0; n < properties; n++) {
      const times = { checkInTime: '15:00', checkOutTime: '11:00', offlineLeaseS: 86_400, visitors: 'on' } as const;
      const place = { timeZone: 'Europe/Berlin', region: 'eu', geofence: null };
      await tx.properties.insert({ ...common, ...place, ...times, id: id('prop', n), name: `house ${n}` });
      const windows = [{ days: ['monday', 'tuesday', 'friday'], from: '06:00', to: '22:00' }] as const;
      const days = { weekly: windows, holidays: [{ date: '2027-12-25', windows: [] }], exceptions: [] };
      await tx.schedules.insert({
        ...common,
        ...days,
        id: id('sch', n),
        propertyId: id('prop', n),
        name: 's',
        number: 1,
        version: 1,
      });
    }
    for (let n = 0; n < floors; n++) {
      const propertyId = id('prop', propertyOf(n * DOORS_OF_FLOOR));
      await tx.floors.insert({
        ...common,
        id: id('floor', n),
        propertyId,
        name: `floor ${n}`,
        level: n % 4,
        plan: null,
      });
    }
  });
  await inUnits(store, doors, async (tx, n) => {
    const lockId = id('lock', n);
    const identifier = (0xc0_0000_0000_00 + n).toString(16).toUpperCase().padStart(12, '0');
    const { maker } = cardeaProfile;
    await tx.locks.insert({
      ...common,
      id: lockId,
      identifier,
      maker,
      model: 'bench',
      bluetooth: '5.0',
      state: 'bound',
    });
    const attributes = {
      bolt: 'locked',
      door: 'closed',
      batteryPercent: 80,
      tamper: false,
      privacy: false,
      clock: 'valid',
    } as const;
    await tx.locks.setReport({ lockId, attributes, provedAt: now, clockOffsetS: 0, clockErrorS: 0 });
    const place = { propertyId: id('prop', propertyOf(n)), floorId: id('floor', floorOf(n)) };
    await tx.doors.insert({
      ...common,
      ...place,
      id: id('door', n),
      name: String(n),
      lockId,
      kind: 'guest',
      position: null,
    });
  });
  const persons = Math.ceil(grants / GRANTS_OF_PERSON);
  await inUnits(store, persons, async (tx, n) => {
    const person = {
      name: `person ${n}`,
      email: `p${n}@bench.invalid`,
      role: 'guest',
      mustChangePassword: false,
    } as const;
    await tx.persons.insert({ ...common, ...person, id: id('per', n) });
  });
  const held: { grantId: string; personId: string; doorId: string }[] = [];
  await inUnits(store, grants, async (tx, n) => {
    // A step that shares no factor with the doors: neighbours in time are strangers in the house.
    const door = (n * 7919) % doors;
    const grant: Grant = {
      ...common,
      id: id('grant', n),
      personId: id('per', Math.floor(n / GRANTS_OF_PERSON)),
      propertyId: id('prop', propertyOf(door)),
      scope: { kind: 'doors', doorIds: [id('door', door)] },
      notBefore: now - DAY_MS,
      notAfter: now + 30 * DAY_MS,
      scheduleId: id('sch', propertyOf(door)),
      conditions: { geofence: false, secondPerson: false, firstUse: null },
      operations: ['unlock', 'lock'],
      methods: ['mobile_key'],
      uses: null,
      used: 0,
      firstUsedAt: null,
      series: 1,
      stayId: null,
      sourceGrantId: null,
      visitorId: null,
      state: 'active',
      revokedAt: null,
      createdBy,
      version: 1,
    };
    await tx.grants.insert(grant);
    held.push({ grantId: grant.id, personId: grant.personId, doorId: id('door', door) });
  });
  const ids = (prefix: string, count: number): string[] => Array.from({ length: count }, (_, n) => id(prefix, n));
  return { held, propertyIds: ids('prop', properties), floorIds: ids('floor', floors), doorIds: ids('door', doors) };
}

async function inUnits(
  store: Store,
  count: number,
  insert: (tx: Parameters<Parameters<Store['unit']>[0]>[0], n: number) => Promise<void>,
): Promise<void> {
  for (let from = 0; from < count; from += ROWS_A_UNIT) {
    await store.unit(async (tx) => {
      for (let n = from; n < Math.min(count, from + ROWS_A_UNIT); n++) await insert(tx, n);
    });
  }
}
