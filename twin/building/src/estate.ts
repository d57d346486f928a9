import {
  type Connect,
  createGateway,
  createMemoryJournal,
  createUplink,
  type Gateway,
  type GatewayOptions,
  type JournalStorage,
} from '@cardea/gateway';
import { nodeDh, nodeKeyAgreement, nodePrimitives, seededRandom, settle } from '@cardea/kit-node';
import { createVirtualClock, Secret, silentLog, type VirtualClock } from '@cardea/kit-runtime';
import {
  createNorFlash,
  type Flash,
  runVirtualLock,
  SCPM_FLASH,
  type VirtualLock,
  type VirtualLockIdentity,
  type VirtualLockOptions,
} from '@cardea/lock';
import type { Attempt, Store } from '@cardea/server-core';
import { createMedium, type Medium, type MediumOptions } from '@cardea/twin-radio';
import { cardeaDriver, cardeaLegacyDriver } from '@cardea/wire-lock';
import { maker2Driver } from '@cardea/wire-maker2';
import type { GatewayDriver, Operation } from '@cardea/wire-profile';
import type { FromGateway, ToGateway } from '@cardea/wire-route';
import { buildDemo } from './demo.ts';
import { parcelOf } from './demo-files.ts';
import { createPipe, type Pipe, type PipeEvents } from './pipe.ts';
import { createTwinRas, stretch, TWIN_DOMAIN, type TwinRas } from './ras.ts';
import { createVirtualPhone, type VirtualPhone, type VirtualPhoneParts } from './virtual-phone.ts';

/** A virtual lock's hardware clock against true time. */
export interface LockClock {
  readonly offsetMs: number;
  readonly driftPpm: number;
}

export interface EstateOptions {
  readonly seed: number;
  /** One door a lock: 101, 102, ... */
  readonly locks: readonly VirtualLockIdentity[];
  /** The makers' manifests as an operator imports them. */
  readonly manifests: readonly unknown[];
  /** One way between gateway and RAS. */
  readonly uplinkLatencyMs?: number;
  readonly timing?: MediumOptions['timing'];
  /** Drivers of the gateway: the product's when left out. */
  readonly drivers?: readonly GatewayDriver[];
  /** The RAS serves legacy locks, too. */
  readonly legacy?: boolean;
  /** Stands between core and record. */
  readonly throughStore?: (store: Store) => Store;
  /** Makes the gateway hostile. */
  readonly meddler?: Meddler;
  readonly lockClock?: (identity: VirtualLockIdentity, index: number) => LockClock;
  /** Starts a lock: the product's when left out, or a weak double of it. */
  readonly runLock?: (options: VirtualLockOptions) => VirtualLock;
  /** The flash of a lock: a sound one when left out. */
  readonly flash?: (identity: VirtualLockIdentity) => Flash;
  /** Where a lock keeps what it has of SCPM: a sound flash when left out. */
  readonly scpmFlash?: (identity: VirtualLockIdentity) => Flash;
  /** Where the gateway keeps its reports: in memory when left out. */
  readonly journal?: JournalStorage;
  /** The gateway's part in SCPM: without it every lock is spoken to directly. */
  readonly domain?: (clock: VirtualClock) => NonNullable<GatewayOptions['domain']>;
  /** Told when the gateway cannot go on. */
  readonly onGatewayBroken?: (error: unknown) => void;
}

/** Sits in the gateway between uplink and radio, and passes on what it likes, when it likes: a gateway gone bad. */
export interface Meddler {
  /** A message of the RAS; `pass` hands one to the gateway's own works. */
  down(message: ToGateway, pass: (message: ToGateway) => void): void;
  /** A report of the gateway's own works; `pass` hands one to the RAS. */
  up(report: FromGateway, pass: (report: FromGateway) => void): void;
}

/** A whole estate in one process under virtual time: the product's RAS, gateway and locks on a simulated air. */
export interface Estate {
  readonly clock: VirtualClock;
  readonly ras: TwinRas;
  readonly gateway: Gateway;
  readonly medium: Medium;
  /** Door names in the order of the locks. */
  readonly doors: readonly string[];
  lock(door: string): VirtualLock;
  identity(door: string): VirtualLockIdentity;
  doorId(door: string): string;
  /** A new phone on this estate's air; its clock is true time's unless it is given another. It knows no key yet. */
  phone(name: string, parts?: Partial<Pick<VirtualPhoneParts, 'clock' | 'key' | 'way'>>): Promise<VirtualPhone>;
  /** Binds every lock to its door, pressing its button when it asks for it. @throws Error naming what failed */
  enrolAll(): Promise<void>;
  /** Starts an operation; the attempt as it was made. */
  begin(door: string, operation: Operation, timeToLiveS?: number): Promise<Attempt>;
  /** The attempt when it is over. */
  end(attempt: Attempt): Promise<Attempt>;
  /** Both, one after the other. */
  operate(door: string, operation: Operation, timeToLiveS?: number): Promise<Attempt>;
  /** Cuts the way between gateway and RAS; the gateway connects again by itself unless `forGood`. */
  cutUplink(forGood?: boolean): void;
  /** Puts a cable in again that was cut for good. */
  mendUplink(): void;
  /** Restarts the RAS's process, and waits until the gateway has signed in again. `whileDown` may change the record. */
  restartRas(whileDown?: (store: Store) => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

const START_UNIX_MS = Date.UTC(2026, 0, 5, 8);

/** An estate of the demo's locks, or of those that `keep` chooses. */
export async function createDemoEstate(
  options: Omit<EstateOptions, 'locks' | 'manifests'> & {
    readonly keep?: (identity: VirtualLockIdentity, index: number) => boolean;
  },
): Promise<Estate> {
  const demo = await buildDemo({ random: seededRandom(`demo ${options.seed}`), issuedAtMs: START_UNIX_MS });
  const keep = options.keep ?? (() => true);
  return createEstate({ ...options, locks: demo.locks.filter(keep), manifests: demo.makers.map(parcelOf) });
}

/** Hands over and forgets: what a meddler passes on may be refused. */
function pass<T>(hand: (message: T) => void | Promise<void>): (message: T) => void {
  return (message) => {
    Promise.resolve()
      .then(() => hand(message))
      .catch(() => undefined);
  };
}

/** Builds an estate; its locks are not bound yet. The same seed gives the same run, but for P-256 keys. */
export async function createEstate(options: EstateOptions): Promise<Estate> {
  const { seed, locks: identities, meddler, uplinkLatencyMs = 10 } = options;
  const clock = createVirtualClock(START_UNIX_MS, settle);
  const random = (who: string) => seededRandom(`estate ${seed} ${who}`);
  const medium = createMedium({ clock, random: random('air'), ...(options.timing && { timing: options.timing }) });
  const ras = await createTwinRas({
    clock,
    random: random('ras'),
    legacy: options.legacy ?? false,
    ...(options.throughStore && { throughStore: options.throughStore }),
  });
  const { core, owner } = ras;

  const property = await core.estate.addProperty(owner, {
    name: 'Hotel',
    timeZone: 'Europe/Berlin',
    region: 'eu',
    geofence: null,
  });
  for (const manifest of options.manifests) await core.locks.importManifest(owner, manifest);

  const places = new Map<string, { doorId: string; identity: VirtualLockIdentity; lock: VirtualLock }>();
  for (const [index, identity] of identities.entries()) {
    const name = String(101 + index);
    const door = await core.estate.addDoor(owner, { propertyId: property.id, floorId: null, name });
    const { offsetMs, driftPpm } = options.lockClock?.(identity, index) ?? { offsetMs: 0, driftPpm: 0 };
    const lock = (options.runLock ?? runVirtualLock)({
      identity,
      flash: options.flash?.(identity) ?? createNorFlash(),
      radio: medium.radioFor(identity.identifier),
      clock: clock.skewed(offsetMs, driftPpm),
      random: random(identity.identifier),
      primitives: nodePrimitives,
      agreement: nodeKeyAgreement,
      scpm: { flash: options.scpmFlash?.(identity) ?? createNorFlash(SCPM_FLASH), dh: nodeDh },
      log: silentLog,
    });
    places.set(name, { doorId: door.id, identity, lock });
  }
  const place = (door: string) => {
    const found = places.get(door);
    if (found === undefined) throw new Error(`there is no door ${door} in this estate`);
    return found;
  };

  const added = await core.gateways.add(owner, { propertyId: property.id, name: 'gateway' });
  const account = await core.gateways.enrol(added.enrolmentToken);
  let pipe: Pipe | undefined;
  let cable = true;
  const connect: Connect = (events) => {
    let receiver: PipeEvents | undefined;
    const made = createPipe(
      clock,
      uplinkLatencyMs,
      () => ({ received: (octets) => events.received(octets), closed: () => events.closed('the pipe was closed') }),
      () => (receiver ??= ras.door.accept(made.b)),
    );
    pipe = made;
    clock.after(uplinkLatencyMs, () => (cable ? events.connected() : events.closed('no route')));
    return made.a;
  };
  const gateway = createGateway({
    clock,
    random: random('gateway'),
    log: silentLog,
    radio: medium.radioFor('gateway'),
    storage: options.journal ?? createMemoryJournal(),
    ...(options.onGatewayBroken && { onBroken: options.onGatewayBroken }),
    ...(options.domain && { domain: options.domain(clock) }),
    drivers: options.drivers ?? [
      cardeaDriver(nodePrimitives),
      cardeaLegacyDriver(nodePrimitives),
      maker2Driver(nodePrimitives),
    ],
    uplink: (events) => {
      const uplink = createUplink({
        ...events,
        onMessage: (message) => (meddler ? meddler.down(message, pass(events.onMessage)) : events.onMessage(message)),
        connect,
        jid: `${account.gateway.id}@${TWIN_DOMAIN}`,
        password: account.password,
        primitives: nodePrimitives,
        deriveKey: async (password, salt, iterations) => new Secret(stretch(password, salt, iterations)),
        random: random('uplink'),
        clock,
        log: silentLog,
      });
      if (meddler === undefined) return uplink;
      const send = async (report: FromGateway): Promise<void> => {
        meddler.up(
          report,
          pass((one) => uplink.send(one)),
        );
      };
      return {
        start: () => uplink.start(),
        stop: () => uplink.stop(),
        send,
        get online() {
          return uplink.online;
        },
      };
    },
  });
  await gateway.start();
  await clock.runUntil(() => gateway.online, 60_000);

  const isOver = (attempt: Attempt): boolean => ['succeeded', 'failed', 'expired'].includes(attempt.state);
  const end = async (attempt: Attempt): Promise<Attempt> => {
    let last = attempt;
    const waited = ras.core.attempts.wait(owner, attempt.id, 120_000).then((now) => {
      last = now;
    });
    if (!isOver(last)) await clock.runUntil(() => isOver(last), 3_600_000);
    await waited;
    return last;
  };
  const begin = (door: string, operation: Operation, timeToLiveS?: number): Promise<Attempt> =>
    ras.core.attempts.operate(owner, place(door).doorId, operation, timeToLiveS);

  return {
    clock,
    ras,
    gateway,
    medium,
    doors: [...places.keys()],
    lock: (door) => place(door).lock,
    identity: (door) => place(door).identity,
    doorId: (door) => place(door).doorId,
    phone: (name, parts) =>
      createVirtualPhone({ clock, random: random(`phone ${name}`), radio: medium.radioFor(name), ...parts }),
    async enrolAll() {
      for (const [door, { doorId, identity, lock }] of places) {
        const attempt = await ras.core.locks.enrol(owner, { doorId, identifier: identity.identifier });
        let over: Attempt | undefined;
        const waited = ras.core.attempts.wait(owner, attempt.id, 120_000).then((now) => {
          over = now;
        });
        await clock.runUntil(() => {
          if (lock.view().confirmationWanted) lock.pressButton();
          return over !== undefined;
        }, 3_600_000);
        await waited;
        if (over?.state !== 'succeeded') throw new Error(`door ${door} was not bound: ${over?.state} ${over?.reason}`);
      }
    },
    begin,
    end,
    operate: async (door, operation, timeToLiveS) => end(await begin(door, operation, timeToLiveS)),
    cutUplink(forGood = false) {
      cable = !forGood;
      pipe?.cut();
    },
    mendUplink() {
      cable = true;
    },
    async restartRas(whileDown) {
      await ras.restart(whileDown);
      await clock.runUntil(() => !gateway.online, 60_000);
      await clock.runUntil(() => gateway.online, 60_000);
    },
    async stop() {
      const stopped = gateway.stop();
      for (const { lock } of places.values()) lock.close();
      await clock.advance(1000);
      await stopped;
      await ras.stop();
    },
  };
}
