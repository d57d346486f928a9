import { nodeKeyAgreement, nodePrimitives, seededRandom, settle } from '@cardea/kit-node';
import { createVirtualClock, Secret, silentLog, type VirtualClock } from '@cardea/kit-runtime';
import { openStore } from '@cardea/server-store';
import type {
  ControllerEffect,
  ControllerInput,
  EventChain,
  LockAttributes,
  LockController,
  Outcome,
  Receipt,
} from '@cardea/wire-profile';
import { createCore } from '../src/create-core.ts';
import {
  type Actor,
  type Attempt,
  type Core,
  type CorePorts,
  type Door,
  type Role,
  SCOPES,
  type Store,
  type ToGateway,
} from '../src/index.ts';
import { ROLES } from '../src/person/roles.ts';

export const START_MS: number = Date.UTC(2026, 0, 15, 12);
export const PASSWORD: Secret<string> = new Secret('correct horse battery');
export const page = { after: undefined, limit: 100 } as const;
export const IDENTIFIER = 'C0FFEE000001';

export const LOCKED: LockAttributes = {
  bolt: 'locked',
  door: 'closed',
  batteryPercent: 80,
  tamper: false,
  privacy: false,
  clock: 'valid',
};

export function receiptOf(attributes: Partial<LockAttributes> = {}): Receipt {
  return {
    attributes: { ...LOCKED, ...attributes },
    eventSequence: 1,
    lockTimeS: START_MS / 1000,
    clockOffsetS: 0,
    frame: Uint8Array.of(1, 2, 3),
  };
}

/** A machine that does what the test says. By default a command leaves at once and nothing else happens. */
export interface Script {
  readonly controller: LockController<null>;
  readonly inputs: ControllerInput[];
  on: (input: ControllerInput) => readonly ControllerEffect[];
  /** What the next message of the lock leads to. */
  readonly replies: (readonly ControllerEffect[])[];
}

export function scripted(maker = 'test', chain?: EventChain): Script {
  const script: Script = {
    inputs: [],
    replies: [],
    on: (input) => {
      if (input.kind === 'message') return script.replies.shift() ?? [];
      switch (input.kind) {
        case 'operate':
        case 'bind':
        case 'unbind':
        case 'set-time':
        case 'access-change':
          return leave(input.attempt, input.expiresAtMs);
        default:
          return [];
      }
    },
    controller: {
      maker,
      ...(chain && { chain }),
      initial: () => null,
      step(_, state, input) {
        script.inputs.push(input);
        return { state, effects: script.on(input) };
      },
    },
  };
  return script;
}

export function leave(attempt: string, expiresAtMs: number): readonly ControllerEffect[] {
  return [
    { kind: 'send', channel: 1, octets: Uint8Array.of(7), expiresAtMs, attempt },
    { kind: 'sent', attempt },
  ];
}

export function outcome(attempt: string, what: Outcome): ControllerEffect {
  return { kind: 'outcome', attempt, outcome: what };
}

/** A hotel with one door, its lock bound, one gateway online; everything in virtual time. */
export interface World {
  readonly clock: VirtualClock;
  readonly store: Store;
  readonly core: Core;
  readonly script: Script;
  readonly owner: Actor;
  readonly door: Door;
  readonly lockId: string;
  readonly gatewayId: string;
  readonly propertyId: string;
  /** What was sent to gateways. */
  readonly sent: { readonly gatewayId: string; readonly message: ToGateway }[];
  /** Turns the gateway's session off at the transport: `send` answers false. */
  setUplink(works: boolean): void;
  /** The lock speaks; what it says is the next of `script.replies`. */
  lockSays(...effects: readonly ControllerEffect[]): Promise<void>;
  settled(): Promise<void>;
  /** A core as after a restart of the process, over the same record. */
  restart(): Promise<Core>;
}

export function coreOver(
  store: Store,
  clock: VirtualClock,
  controller: LockController<unknown>,
  send: (gatewayId: string, message: ToGateway) => boolean,
  seed = 1,
  ports: Partial<CorePorts> = {},
): Core {
  return createCore(
    {
      store,
      clock,
      random: seededRandom(seed),
      primitives: nodePrimitives,
      keys: nodeKeyAgreement,
      passwords: {
        hash: async (password) => `hash of ${password.reveal()}`,
        verify: async (hash, password) => hash === `hash of ${password.reveal()}`,
      },
      scram: {
        derive: async (password, salt, iterations) => ({
          salt,
          iterations,
          storedKey: new TextEncoder().encode(password.reveal()),
          serverKey: salt,
        }),
      },
      uplink: { send, disconnect: () => undefined },
      log: silentLog,
      ...ports,
    },
    { controllers: [controller] },
  );
}

export function memoryStore(): Store {
  return openStore({
    file: ':memory:',
    envelope: { seal: (secret) => secret.reveal(), open: (sealed) => new Secret(sealed) },
    // Commits in the same turn, so that a step of virtual time sees everything that it led to.
    turn: queueMicrotask,
  });
}

/** An actor of a role with all that the role may do. */
export function actorOf(organizationId: string, personId: string, role: Role): Actor {
  return { organizationId, personId, tokenId: 'local', role, scopes: ROLES[role].scopes, mustChangePassword: false };
}

/** A second organization beside the one that `found` made, with its owner. */
export async function stranger(store: Store): Promise<Actor> {
  await store.unit(async (tx) => {
    await tx.organizations.insert({ id: 'org_b', name: 'B', createdAt: 1 });
    await tx.persons.insert({
      id: 'per_b',
      organizationId: 'org_b',
      name: 'B',
      email: 'b@b.test',
      role: 'owner',
      mustChangePassword: false,
      createdAt: 1,
    });
  });
  return actorOf('org_b', 'per_b', 'owner');
}

export async function openWorld(
  options: { readonly chain?: EventChain; readonly ports?: Partial<CorePorts>; readonly maker?: string } = {},
): Promise<World> {
  const clock = createVirtualClock(START_MS, settle);
  const store = memoryStore();
  const { maker = 'test' } = options;
  const script = scripted(maker, options.chain);
  const sent: { gatewayId: string; message: ToGateway }[] = [];
  let works = true;
  const send = (gatewayId: string, message: ToGateway): boolean => {
    sent.push({ gatewayId, message });
    return works;
  };
  const core = coreOver(store, clock, script.controller, send, 1, options.ports);
  const { owner } = await core.access.found({
    organization: 'Hotel',
    name: 'Operator',
    email: 'op@hotel.test',
    password: PASSWORD,
  });
  const actor = { ...actorOf(owner.organizationId, owner.id, 'owner'), scopes: SCOPES };
  const property = await core.estate.addProperty(actor, {
    name: 'Hotel',
    timeZone: 'Europe/Berlin',
    region: 'eu',
    geofence: null,
  });
  const added = await core.estate.addDoor(actor, { propertyId: property.id, floorId: null, name: '101' });
  const lockId = 'lock_1';
  await store.unit(async (tx) => {
    await tx.locks.insert({
      id: lockId,
      organizationId: actor.organizationId,
      identifier: IDENTIFIER,
      maker,
      model: 'm',
      bluetooth: '5.0',
      state: 'bound',
      createdAt: START_MS,
    });
    await tx.locks.setFactoryKey(lockId, new Secret(new Uint8Array(16)));
    await tx.doors.update(actor.organizationId, added.id, { lockId });
  });
  await core.start();
  const { gateway, enrolmentToken } = await core.gateways.add(actor, { propertyId: property.id, name: 'hall' });
  await core.gateways.enrol(enrolmentToken);
  await core.uplink.online(gateway.id);
  const settled = async (): Promise<void> => {
    for (let i = 0; i < 5; i++) await settle();
  };
  await settled();
  const world: World = {
    clock,
    store,
    core,
    script,
    owner: actor,
    door: { ...added, lockId },
    lockId,
    gatewayId: gateway.id,
    propertyId: property.id,
    sent,
    setUplink(on) {
      works = on;
    },
    async lockSays(...effects) {
      script.replies.push(effects);
      await core.uplink.received(gateway.id, {
        kind: 'frame',
        id: 'r1',
        lock: IDENTIFIER,
        channel: 1,
        octets: Uint8Array.of(9),
      });
    },
    settled,
    async restart() {
      await core.stop();
      const next = coreOver(store, clock, script.controller, send, 2, options.ports);
      await next.start();
      return next;
    },
  };
  return world;
}

/** Lets time pass while the core rests, as when its process is down: its polls are of no matter then, and cost nothing. */
export async function timePasses({ core, clock }: Pick<World, 'core' | 'clock'>, durationMs: number): Promise<void> {
  await core.stop();
  await clock.advance(durationMs);
  await core.start();
}

/** Everything that the record holds of an organization, to compare before and after. */
export async function recordOf(store: Store, organizationId: string): Promise<Record<string, readonly unknown[]>> {
  const all = { after: undefined, limit: 10_000 };
  return store.read(async (tx) => ({
    properties: await tx.properties.list(organizationId, {}, all),
    floors: await tx.floors.list(organizationId, {}, all),
    doors: await tx.doors.list(organizationId, {}, all),
    gateways: await tx.gateways.list(organizationId, {}, all),
    persons: await tx.persons.list(organizationId, {}, all),
    locks: await tx.locks.list(organizationId, {}, all),
    attempts: await tx.attempts.list(organizationId, {}, all),
    events: await tx.events.list(organizationId, {}, all),
  }));
}

/** An unlocking as it is recorded when it begins at `at` (Unix milliseconds), but for what is named. */
export const attemptAt = (
  at: number,
  rest: Pick<Attempt, 'id' | 'organizationId' | 'doorId' | 'lockId' | 'actorId'> & Partial<Attempt>,
): Attempt => ({
  operation: 'unlock',
  state: 'pending',
  reason: null,
  createdAt: at,
  expiresAt: at + 10_000,
  sentAt: null,
  endedAt: null,
  queuePosition: null,
  clockOffsetS: null,
  receipt: null,
  lateReceipt: null,
  grantId: null,
  confirmBy: null,
  ...rest,
});
