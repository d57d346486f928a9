import { Secret } from '@cardea/kit-runtime';
import {
  type Actor,
  type Alert,
  type Attempt,
  type Core,
  CoreError,
  type Door,
  type Event,
  type Floor,
  type FloorDrawing,
  type Gateway,
  type Grant,
  type Lock,
  type PageRequest,
  type Person,
  type Phone,
  type Proof,
  type Property,
  type Schedule,
  type Scope,
  type Stay,
  type StoredToken,
  type Visitor,
} from '@cardea/server-core';
import { fakeGrants } from './fake-grants.ts';
import { fakeCheckup, fakeRadio, fakeStatistics } from './fake-insights.ts';
import { fakeKeys } from './fake-keys.ts';
import { fakeOwn } from './fake-own.ts';
import { fakePeople } from './fake-people.ts';
import { fakeStays } from './fake-stays.ts';
import { fakeVisitors } from './fake-visitors.ts';

/** Every scope there is. */
export const allScopes: readonly Scope[] = [
  'estate:read',
  'estate:write',
  'locks:read',
  'locks:operate',
  'locks:manage',
  'persons:read',
  'persons:write',
  'gateways:write',
  'events:read',
  'audit:read',
  'tokens:write',
  'sim:write',
  'organizations:write',
  'alerts:write',
  'grants:read',
  'grants:write',
  'stays:write',
  'access:use',
];

type Row = { readonly id: string; readonly organizationId: string };

/** A core that keeps everything in maps: what the door is tested against alone. */
export interface FakeCore extends Core {
  /** Makes a token for somebody of `organizationId`. */
  token(organizationId: string, scopes?: readonly Scope[], mustChangePassword?: boolean): string;
  /** Records an event and tells the followers. */
  happen(organizationId: string, type?: Event['type'], doorId?: string): Event;
  /** A lock of this organization has proved what was known of it. */
  prove(proof: Proof): void;
  /** Ends an open attempt. */
  finish(id: string, change: Partial<Attempt>): void;
  withdraw(token: string): void;
  /** Calls of use cases with an effect, by name. */
  readonly calls: string[];
  /** Thrown by the next operate, once. */
  failNext: Error | undefined;
  /** Operate waits for it. */
  gate: Promise<void>;
  readonly door: Door;
  readonly lock: Lock;
}

const SETTINGS = { checkInTime: '15:00', checkOutTime: '11:00', offlineLeaseS: null, visitors: 'on' } as const;

/** A fake estate of one property with one door and one lock, in the organization `org_a`. */
export function createFakeCore(now: () => number): FakeCore {
  let count = 0;
  const id = (prefix: string) => `${prefix}_${String(++count).padStart(6, '0')}`;
  const actors = new Map<string, Actor>();
  const calls: string[] = [];
  const drawings = new Map<string, FloorDrawing>();
  const table = <T extends Row>() => {
    const rows = new Map<string, T>();
    return {
      rows,
      add(row: T): T {
        rows.set(row.id, row);
        return row;
      },
      get(actor: Actor, key: string): T {
        const row = rows.get(key);
        if (row === undefined || row.organizationId !== actor.organizationId)
          throw new CoreError('not_found', 'there is no such thing');
        return row;
      },
      list(actor: Actor, page: PageRequest, filter: (row: T) => boolean = () => true): T[] {
        const all = [...rows.values()].filter((row) => row.organizationId === actor.organizationId && filter(row));
        if (page.newestFirst) all.reverse();
        const from = page.after === undefined ? 0 : all.findIndex((row) => row.id === page.after) + 1;
        return all.slice(from, from + page.limit);
      },
      remove(actor: Actor, key: string, unchanged?: (row: T) => void): void {
        unchanged?.(this.get(actor, key));
        this.get(actor, key);
        rows.delete(key);
      },
    };
  };
  const properties = table<Property>();
  const floors = table<Floor>();
  const doors = table<Door>();
  const locks = table<Lock>();
  const gateways = table<Gateway>();
  const persons = table<Person>();
  const attempts = table<Attempt>();
  const events = table<Event>();
  const tokens = table<StoredToken>();
  const alerts = table<Alert>();
  const followers = new Set<{ readonly organizationId: string; listener(event: Event): void }>();
  const provers = new Set<{ readonly organizationId: string; listener(proof: Proof): void }>();
  const waiting = new Map<string, (() => void)[]>();

  const property = properties.add({
    id: id('prop'),
    organizationId: 'org_a',
    name: 'Hotel',
    timeZone: 'Europe/Berlin',
    region: 'eu',
    geofence: null,
    ...SETTINGS,
    createdAt: now(),
  });
  const lock = locks.add({
    id: id('lock'),
    organizationId: 'org_a',
    identifier: 'C0FFEE000001',
    maker: 'cardea',
    model: 'T1',
    serial: 'S-1',
    bluetooth: '5.0',
    state: 'bound',
    createdAt: now(),
  } as Lock);
  const door = doors.add({
    id: id('door'),
    organizationId: 'org_a',
    propertyId: property.id,
    floorId: null,
    name: '101',
    lockId: lock.id,
    kind: 'guest',
    position: null,
    createdAt: now(),
  });

  const begin = (actor: Actor, operation: Attempt['operation'], lockId: string, doorId: string | null): Attempt =>
    attempts.add({
      id: id('att'),
      organizationId: actor.organizationId,
      doorId,
      lockId,
      actorId: actor.personId,
      operation,
      state: 'pending',
      reason: null,
      createdAt: now(),
      expiresAt: now() + 10_000,
      sentAt: null,
      endedAt: null,
      queuePosition: null,
      clockOffsetS: null,
      receipt: null,
      lateReceipt: null,
      grantId: null,
      confirmBy: null,
    });
  const view = (row: Lock) => ({
    ...row,
    suite: 'hardened' as const,
    doorId: door.id,
    report: null,
    stale: true,
    staleReason: 'never_proved' as const,
    gatewayId: null,
    mode: { mode: 'normal' as const, untilAt: null, confirmedAt: null },
  });

  const headOf = ({ organizationId }: Actor, size: number) => ({
    organizationId,
    id: `head_${size}`,
    size,
    time: now(),
    note: 'a note',
    root: new Uint8Array(32),
    witnessed: [],
  });

  const grants = table<Grant>();
  const keys = fakeKeys({ phones: table<Phone>(), grants, doors }, id, now);

  const core: FakeCore = {
    calls,
    failNext: undefined,
    tell: async () => {},
    gate: Promise.resolve(),
    door,
    lock,
    token(organizationId, scopes = allScopes, mustChangePassword = false) {
      const token = `tok.${++count}`;
      actors.set(token, {
        organizationId,
        personId: 'per_1',
        tokenId: id('tok'),
        role: 'owner',
        scopes,
        mustChangePassword,
      });
      return token;
    },
    withdraw: (token) => void actors.delete(token),
    happen(organizationId, type = 'lock.unlocked', doorId) {
      const event = events.add({
        id: id('evt'),
        organizationId,
        propertyId: null,
        doorId: doorId ?? null,
        lockId: null,
        gatewayId: null,
        personId: null,
        attemptId: null,
        type,
        lockSequence: null,
        occurredAt: null,
        receivedAt: now(),
        detail: {},
      });
      for (const one of [...followers]) if (one.organizationId === organizationId) one.listener(event);
      return event;
    },
    prove(proof) {
      for (const one of [...provers]) if (one.organizationId === proof.organizationId) one.listener(proof);
    },
    finish(key, change) {
      const row = attempts.rows.get(key);
      if (row === undefined) throw new Error(`no attempt ${key}`);
      attempts.rows.set(key, { ...row, ...change, endedAt: now() });
      for (const wake of waiting.get(key) ?? []) wake();
    },
    organizations: {
      list: async () => [],
      add: async () => {
        throw new CoreError('not_permitted', 'not here');
      },
    },
    estate: {
      listProperties: async (actor, page) => properties.list(actor, page),
      getProperty: async (actor, key) => properties.get(actor, key),
      async addProperty(actor, input) {
        calls.push('addProperty');
        if (input.timeZone === 'Mars/Base') throw new CoreError('invalid', 'no such zone', { field: 'timeZone' });
        return properties.add({
          id: id('prop'),
          organizationId: actor.organizationId,
          createdAt: now(),
          ...SETTINGS,
          ...input,
        });
      },
      async changeProperty(actor, key, change, unchanged) {
        const row = properties.get(actor, key);
        unchanged?.(row);
        return properties.add({ ...row, ...change });
      },
      removeProperty: async (actor, key, unchanged) => properties.remove(actor, key, unchanged),
      listFloors: async (actor, propertyId, page) =>
        floors.list(actor, page, (row) => propertyId === undefined || row.propertyId === propertyId),
      getFloor: async (actor, key) => floors.get(actor, key),
      async addFloor(actor, input) {
        properties.get(actor, input.propertyId);
        const own = { id: id('floor'), organizationId: actor.organizationId, plan: null, createdAt: now() };
        return floors.add({ ...own, ...input });
      },
      async changeFloor(actor, key, change, unchanged) {
        const row = floors.get(actor, key);
        unchanged?.(row);
        return floors.add({ ...row, ...change });
      },
      async drawPlan(actor, key, { width, height }, unchanged) {
        const row = floors.get(actor, key);
        unchanged?.(row);
        return floors.add({ ...row, plan: { width, height, revision: (row.plan?.revision ?? 0) + 1 } });
      },
      async getDrawing(actor, key) {
        floors.get(actor, key);
        return drawings.get(key);
      },
      async setDrawing(actor, key, { octets }) {
        const floor = floors.get(actor, key);
        const { organizationId } = floor;
        drawings.set(key, { floorId: key, organizationId, mediaType: 'image/png', octets, createdAt: now() });
        return floor;
      },
      async removeDrawing(actor, key) {
        floors.get(actor, key);
        drawings.delete(key);
      },
      removeFloor: async (actor, key, unchanged) => floors.remove(actor, key, unchanged),
      listDoors: async (actor, filter, page) =>
        doors.list(actor, page, (row) => filter.name === undefined || row.name === filter.name),
      async addDoor(actor, input) {
        calls.push('addDoor');
        properties.get(actor, input.propertyId);
        return doors.add({
          id: id('door'),
          organizationId: actor.organizationId,
          lockId: null,
          kind: 'guest',
          position: null,
          createdAt: now(),
          ...input,
        });
      },
      async changeDoor(actor, key, change, unchanged) {
        const row = doors.get(actor, key);
        unchanged?.(row);
        return doors.add({ ...row, ...change });
      },
      getDoor: async (actor, key) => doors.get(actor, key),
      removeDoor: async (actor, key, unchanged) => doors.remove(actor, key, unchanged),
    },
    locks: {
      list: async (actor, filter, page) =>
        locks
          .list(actor, page, (row) => filter.identifier === undefined || row.identifier === filter.identifier)
          .map(view),
      get: async (actor, key) => view(locks.get(actor, key)),
      async importManifest() {
        calls.push('importManifest');
        return { added: 1, known: 0 };
      },
      async enrol(actor, { doorId }) {
        return begin(actor, 'bind', lock.id, doors.get(actor, doorId).id);
      },
      legitimacy: async (_, identifier) =>
        identifier === lock.identifier ? { status: 0, reason: null } : { status: 1, reason: 'unknown' },
      async chain(actor, key) {
        const found = locks.get(actor, key);
        const hash = new Uint8Array(32).fill(1);
        const head = { headDay: 20_833, headSequence: 9, headHash: hash, headSignature: new Uint8Array(64) };
        const chain = {
          lockId: found.id,
          verifiedTo: 9,
          verifiedHash: hash,
          ...head,
          headAt: now(),
          unsettledSince: null,
        };
        const span = { kind: 'missing', fromSequence: 3, toSequence: 4, seenAt: now(), closedAt: null } as const;
        const place = { lockId: found.id, organizationId: found.organizationId, beforeHash: null };
        const gap = { id: id('gap'), ...place, ...span, headSequence: 9, headHash: hash };
        return { lock: found, chained: true, chain, gaps: [gap] };
      },
      remove: async (actor, key) => begin(actor, 'unbind', locks.get(actor, key).id, null),
      setTime: async (actor, key) => begin(actor, 'set_time', locks.get(actor, key).id, null),
    },
    attempts: {
      async operate(actor, doorId, operation) {
        calls.push(operation);
        await core.gate;
        const error = core.failNext;
        core.failNext = undefined;
        if (error !== undefined) throw error;
        return begin(actor, operation, lock.id, doors.get(actor, doorId).id);
      },
      confirm: async (actor, key) => attempts.get(actor, key),
      get: async (actor, key) => attempts.get(actor, key),
      list: async (actor, filter, page) =>
        attempts.list(actor, page, (row) => filter.doorId === undefined || row.doorId === filter.doorId),
      async wait(actor, key) {
        if (attempts.get(actor, key).endedAt === null) {
          await new Promise<void>((resolve) => waiting.set(key, [...(waiting.get(key) ?? []), resolve]));
        }
        return attempts.get(actor, key);
      },
    },
    events: {
      list: async (actor, filter, page) =>
        events.list(
          actor,
          page,
          (row) =>
            (filter.doorId === undefined || row.doorId === filter.doorId) &&
            (filter.type === undefined || row.type === filter.type) &&
            filter.alertId === undefined,
        ),
      retention: async () => ({
        days: 365,
        removal: { organizationId: 'org_1', removed: 7, receivedBefore: 1, lastAt: 2 },
      }),
      follow(actor, listener) {
        const one = { organizationId: actor.organizationId, listener };
        followers.add(one);
        return () => followers.delete(one);
      },
      followProofs(actor, listener) {
        const one = { organizationId: actor.organizationId, listener };
        provers.add(one);
        return () => provers.delete(one);
      },
    },
    statistics: fakeStatistics,
    checkup: fakeCheckup,
    audit: {
      key: async ({ organizationId }) => ({
        origin: `cardea/audit/${organizationId}`,
        publicKey: new Uint8Array(65).fill(4),
        verifierKey: 'name+00000000+key',
      }),
      head: async (actor) => headOf(actor, 3),
      heads: async (actor, { after, limit }) =>
        [1, 2, 3]
          .filter((size) => after === undefined || size > Number(after.slice(5)))
          .slice(0, limit)
          .map((size) => headOf(actor, size)),
      leaves: async (_, { from, limit }) =>
        [0, 1, 2].slice(from, from + limit).map((number) => ({ number, hash: new Uint8Array(32), leaf: '{}' })),
      async inclusion(actor, eventId) {
        const { note, size } = headOf(actor, 3);
        const event = events.get(actor, eventId);
        const { organizationId } = event;
        const proof = { number: 0, size, leaf: '{}', hash: new Uint8Array(32), proof: [new Uint8Array(32)], note };
        return { organizationId, eventId, origin: `cardea/audit/${organizationId}`, ...proof, opening: null };
      },
      consistency: async (_, { from, to }) => {
        const root = new Uint8Array(32);
        return { from, to, fromRoot: root, toRoot: root, proof: [root] };
      },
      async export(actor) {
        const lines = [`{"of":"${actor.organizationId}"}`, '{"n":0}'];
        return (async function* () {
          yield* lines;
        })();
      },
    },
    alerts: {
      list: async (actor, filter, page) =>
        alerts.list(actor, page, (row) => filter.state === undefined || row.state === filter.state),
      get: async (actor, key) => alerts.get(actor, key),
      async acknowledge(actor, key) {
        calls.push('acknowledge');
        const change = { state: 'acknowledged', acknowledgedAt: now(), acknowledgedBy: actor.personId } as const;
        return alerts.add({ ...alerts.get(actor, key), ...change });
      },
    },
    gateways: {
      list: async (actor, page) =>
        gateways.list(actor, page).map((row) => ({ ...row, online: false, queueLength: null, locksHeard: null })),
      radio: async (actor, key) => fakeRadio(gateways.get(actor, key).id),
      get: async (actor, key) => ({ ...gateways.get(actor, key), online: false, queueLength: null, locksHeard: null }),
      async add(actor, input) {
        calls.push('addGateway');
        properties.get(actor, input.propertyId);
        const gateway = gateways.add({
          id: id('gw'),
          organizationId: actor.organizationId,
          state: 'enrolling',
          lastSeenAt: null,
          createdAt: now(),
          ...input,
        });
        return { gateway, enrolmentToken: new Secret('enrol-me-once') };
      },
      remove: async (actor, key, unchanged) =>
        gateways.remove(actor, key, (row) =>
          unchanged?.({ ...row, online: false, queueLength: null, locksHeard: null }),
        ),
      async enrol(token) {
        const [gateway] = gateways.rows.values();
        if (gateway === undefined || token.reveal() !== 'enrol-me-once') throw new CoreError('gone', 'used or expired');
        return { gateway, password: new Secret('uplink-password') };
      },
    },
    ...fakePeople({
      id,
      now,
      person: (actor, key) => persons.get(actor, key),
      erased: (actor, key) => persons.remove(actor, key),
      token: (organizationId) => core.token(organizationId),
    }),
    ...fakeGrants({ grants, doors, schedules: table<Schedule>() }, id, now),
    ...keys,
    ...fakeVisitors(table<Visitor>(), doors, id, now),
    ...fakeOwn({ door, lock, properties, methods: keys.methods, events }, now),
    ...fakeStays(
      { stays: table<Stay>(), doors, properties },
      id,
      now,
      (actor, operation, doorId) => begin(actor, operation, lock.id, doorId),
      calls,
    ),
    persons: {
      list: async (actor, page) => persons.list(actor, page),
      get: async (actor, key) => persons.get(actor, key),
      async add(actor, { password: _, ...input }) {
        return persons.add({
          id: id('per'),
          organizationId: actor.organizationId,
          mustChangePassword: true,
          createdAt: now(),
          ...input,
        });
      },
      remove: async (actor, key, unchanged) => persons.remove(actor, key, unchanged),
    },
    access: {
      found: async () => {
        throw new Error('not part of this door');
      },
      async signIn(email, password) {
        if (email !== 'ada@hotel.example' || password.reveal() !== 'correct horse battery') {
          throw new CoreError('bad_credentials', 'e-mail or password is wrong');
        }
        return {
          token: new Secret(core.token('org_a')),
          expiresAt: now() + 3_600_000,
          person: {
            id: 'per_1',
            organizationId: 'org_a',
            name: 'Ada',
            email,
            role: 'owner',
            mustChangePassword: false,
            createdAt: now(),
          },
        };
      },
      async signOut(actor) {
        for (const [token, one] of actors) if (one.tokenId === actor.tokenId) actors.delete(token);
      },
      async changePassword(_, current) {
        if (current.reveal() !== 'correct horse battery') throw new CoreError('bad_credentials', 'wrong password');
      },
      self: async ({ organizationId, personId, role }) => ({
        person: {
          id: personId,
          organizationId,
          name: 'Ada',
          email: 'ada@hotel.example',
          role,
          mustChangePassword: false,
          createdAt: now(),
        },
        organization: { id: organizationId, name: 'Hotel', createdAt: now() },
      }),
      async denied() {
        calls.push('denied');
      },
      async authenticate(token) {
        const actor = actors.get(token.reveal());
        if (actor === undefined) throw new CoreError('not_signed_in', 'the token is not known, or has expired');
        return actor;
      },
      async createToken(actor, { name, scopes, expiresInS }) {
        calls.push('createToken');
        const stored = tokens.add({
          id: id('tok'),
          organizationId: actor.organizationId,
          personId: actor.personId,
          kind: 'api',
          phoneId: null,
          name,
          hash: '00',
          scopes,
          createdAt: now(),
          expiresAt: now() + expiresInS * 1000,
        });
        return { token: new Secret(`shown-once-${++count}`), stored };
      },
      listTokens: async (actor) => tokens.list(actor, { after: undefined, limit: 100 }),
      removeToken: async (actor, key) => tokens.remove(actor, key),
    },
    uplink: {
      verifier: async () => undefined,
      online: async () => {},
      received: async () => {},
      lost: () => {},
      offline: () => {},
    },
    start: async () => {},
    stop: async () => {},
    health: () => ({ ready: true, gatewaysOnline: 1, attemptsOpen: 0 }),
  };
  return core;
}
