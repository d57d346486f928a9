import type { Secret } from '@cardea/kit-runtime';
import type { BindingRecord, LockController, LockIdentity } from '@cardea/wire-profile';
import type { OpenAttempts } from '../attempt/open-attempts.ts';
import { createChainKeeper } from '../chain/keeper.ts';
import type { Context } from '../context.ts';
import type { Presence } from '../gateway/presence.ts';
import type { Lock } from '../model.ts';
import type { FromGateway } from '../ports.ts';
import type { Restored } from '../restore/restored.ts';
import type { Place } from './binding.ts';
import type { Durable } from './durable.ts';
import { durableUpTo, EVENTS_LOOKED_AT, restoredUpTo } from './durable-up-to.ts';
import { createEffects, type Effects } from './effects.ts';
import type { Job } from './job.ts';
import { createJobQueue, type JobQueue } from './job-queue.ts';
import { type LockSeals, lockSeals } from './lock-seals.ts';
import { createMachine, type Machine } from './machine.ts';
import type { LinkMemory } from './memory.ts';
import { serialKey } from './serial-key.ts';
import { createTurns } from './turns.ts';
import type { UnderWay } from './under-way.ts';
import type { LockWatch } from './watch.ts';

/** What a link is given beside its lock. */
export interface LinkWorld {
  readonly context: Context;
  readonly presence: Presence;
  readonly open: OpenAttempts;
  readonly underWay: UnderWay;
  readonly restored: Restored;
  readonly watch: LockWatch;
  /** The lock's door or advertisement key has changed: its gateways have to be told. */
  placeChanged(link: LockLink, propertyId: string): void;
  /** The lock has something to tell: ask it soon. */
  wantsAttention(link: LockLink): void;
  /** A poll of the server's own is over. */
  pollOver(link: LockLink, succeeded: boolean): void;
}

/** The RAS's end of one lock. Everything that happens to a lock happens here, one thing after the other. */
export interface LockLink {
  readonly lock: Lock;
  readonly place: Place | undefined;
  readonly advertisementKey: Uint8Array | undefined;
  /** For the gateway's key setting node; `undefined` of a maker whose locks speak no SCPM. */
  readonly serialKey: Secret | undefined;
  /** The property in which the lock is being bound now. */
  readonly bindingIn: string | undefined;
  /** Whether the lock should be asked for the head of its event chain now; asked once, it says no for a while. */
  wantsChainHead(): boolean;
  /** What is sealed under the lock's key; undefined when the lock enforces nothing by itself, or is not bound. */
  readonly seals: LockSeals | undefined;
  /** Whether a command is under way or waits. */
  readonly busy: boolean;
  /** Commands that go through this gateway. */
  jobsThrough(gatewayId: string): number;
  /** Takes a command in; resolves when it is durable. @throws CoreError `too_many`, `precondition_failed` once closed */
  submit(job: Job): Promise<void>;
  /** A lock's message; resolves when what it says is durable. */
  message(gatewayId: string, channel: number, octets: Uint8Array): Promise<void>;
  beacon(state: Uint8Array): Promise<void>;
  progress(report: Extract<FromGateway, { kind: 'progress' }>): Promise<void>;
  gatewayLeft(gatewayId: string): Promise<void>;
  /** Lets the machine speak first: after a start it tells the advertisement key. */
  begin(): Promise<void>;
  /**
   * Ends the link for good: its commands expire and `durable` is recorded, in one unit; after it nothing that the lock or
   * a gateway says does anything.
   */
  close(durable: Durable): Promise<void>;
  stop(): void;
}

/** The link of one lock, with no session. */
export function createLockLink(
  world: LinkWorld,
  controller: LockController<unknown>,
  identity: LockIdentity,
  known: { lock: Lock; record: BindingRecord | undefined; place: Place | undefined },
): LockLink {
  const { context, open } = world;
  const { organizationId, id: lockId } = known.lock;
  const memory: LinkMemory = { ...known, through: undefined, advertisementKey: undefined, restoredUpTo: undefined };
  const turns = createTurns(context.ports.log, known.lock.identifier);
  const chain = controller.chain && createChainKeeper(context, controller.chain, memory, turns);
  let closed = false;
  const drive: Machine['drive'] = async (input, before) => {
    if (!closed) await machine.drive(input, before);
  };
  const queue: JobQueue = createJobQueue(world, memory, turns, drive, (succeeded) => world.pollOver(link, succeeded));
  const effects: Effects = createEffects(
    {
      ...world,
      chain,
      wantsAttention: () => world.wantsAttention(link),
      placeChanged: (propertyId) => world.placeChanged(link, propertyId),
      propertyId: () => memory.place?.propertyId ?? link.bindingIn,
      wake: () => turns.takeAlone('a wake failed', () => drive({ kind: 'wake' })),
    },
    memory,
    queue,
  );
  const machine = createMachine(world, controller, identity, memory, () => queue.running, effects.plan);

  const link: LockLink = {
    get lock() {
      return memory.lock;
    },
    get place() {
      return memory.place;
    },
    get advertisementKey() {
      return memory.advertisementKey;
    },
    serialKey: serialKey(context.ports.primitives, controller.maker, identity),
    get bindingIn() {
      const job = queue.running?.job;
      return job?.operation === 'bind' ? job.propertyId : undefined;
    },
    get seals() {
      return lockSeals(controller.access, context.ports.primitives, identity, memory.record);
    },
    wantsChainHead: () => chain?.wantsHead() ?? false,
    get busy() {
      return queue.running !== undefined || queue.waiting > 0;
    },
    jobsThrough: (gatewayId) => (queue.running?.gatewayId === gatewayId ? 1 + queue.waiting : 0),
    submit: (job) => queue.submit(job),
    message: (gatewayId, channel, octets) =>
      turns.take(async () => {
        if (queue.running === undefined) memory.through = gatewayId;
        await drive({ kind: 'message', channel, octets });
      }),
    beacon: (octets) => turns.take(() => drive({ kind: 'beacon', state: octets })),
    progress: (report) =>
      turns.take(async () => {
        const { running } = queue;
        if (running === undefined || !report.id.startsWith(`${running.job.id}.`)) return;
        if (report.stage === 'queued' || report.stage === 'connecting') {
          open.setQueuePosition(running.job.id, report.stage === 'connecting' ? 0 : report.queuePosition);
        } else if (report.stage === 'written') {
          running.written.add(report.id);
          open.setQueuePosition(running.job.id, 0);
        } else if (report.stage === 'failed' && !running.written.has(report.id)) {
          await queue.giveUp(report.reason ?? 'no_answer');
        }
      }),
    gatewayLeft: (gatewayId) =>
      turns.take(async () => {
        const { running } = queue;
        if (running?.gatewayId !== gatewayId) return;
        const { id, attempt } = running.job;
        const now = attempt && (await context.read((tx) => tx.attempts.get(organizationId, id)));
        // What was sent may still act: only its time ends it.
        if (now?.state !== 'sent') await queue.giveUp('gateway_offline');
      }),
    begin: () =>
      turns.take(async () => {
        await drive({ kind: 'wake' });
        const newest = await context.read((tx) => tx.events.newestOfLock(lockId, EVENTS_LOOKED_AT));
        const restoredAt = world.restored.newest?.restoredAt;
        const sequence = durableUpTo(newest, restoredAt);
        memory.restoredUpTo = restoredUpTo(newest, restoredAt);
        if (sequence > 0) await drive({ kind: 'events-durable', sequence });
        await chain?.begin();
      }),
    close: (durable) =>
      turns.take(async () => {
        await queue.close(durable);
        closed = true;
        effects.stop();
        chain?.stop();
        memory.lock = { ...memory.lock, state: 'withdrawn' };
        memory.place = undefined;
        memory.advertisementKey = undefined;
      }),
    stop() {
      queue.stop();
      effects.stop();
      chain?.stop();
    },
  };
  return link;
}
