import type { Cancel } from '@cardea/kit-runtime';
import type { ControllerInput, FailureReason } from '@cardea/wire-profile';
import { expired, failed, type Transition } from '../attempt/life.ts';
import type { OpenAttempts } from '../attempt/open-attempts.ts';
import { advance } from '../attempt/record.ts';
import type { Context, Note } from '../context.ts';
import { CoreError } from '../errors.ts';
import type { Presence } from '../gateway/presence.ts';
import type { Attempt } from '../model.ts';
import type { Transaction } from '../ports.ts';
import type { Durable } from './durable.ts';
import { inputOf, type Job, type Running } from './job.ts';
import type { LinkMemory } from './memory.ts';
import type { Turns } from './turns.ts';
import type { UnderWay } from './under-way.ts';

/** Most commands that wait for one lock. */
const QUEUE_MOST = 8;
/** An end that the record did not take is tried again after this. */
const AGAIN_MS = 5_000;

/** The commands of one lock: one under way, others behind it, each ended by its receipt or its time. */
export interface JobQueue {
  readonly running: Running | undefined;
  /** How many wait. */
  readonly waiting: number;
  /** Takes a command in; resolves when it is durable. @throws CoreError `too_many`, `precondition_failed` once closed */
  submit(job: Job): Promise<void>;
  /** Ends the running command as failed. */
  giveUp(reason: FailureReason): Promise<void>;
  /** The running command is over: the next one begins. */
  release(succeeded: boolean): void;
  /** Ends every command and makes `more` durable, in one unit; after it none is taken in. */
  close(more: Durable): Promise<void>;
  stop(): void;
}

/** A queue over the machine's `drive`; `pollOver` is told the end of each command of the server's own. */
export function createJobQueue(
  {
    context,
    presence,
    open,
    underWay,
  }: {
    readonly context: Context;
    readonly presence: Presence;
    readonly open: OpenAttempts;
    readonly underWay: UnderWay;
  },
  memory: LinkMemory,
  turns: Turns,
  drive: (input: ControllerInput, before?: Durable) => Promise<void>,
  pollOver: (succeeded: boolean) => void,
): JobQueue {
  const { clock, uplink } = context.ports;
  const { organizationId, identifier } = memory.lock;
  let running: Running | undefined;
  let waiting: { readonly job: Job; readonly recorded: Promise<void>; readonly cancel: Cancel }[] = [];
  let cancelExpiry: Cancel = () => {};
  let stopped = false;
  let closed = false;

  const requireOpen = (): void => {
    if (closed) throw new CoreError('precondition_failed', 'the lock has been withdrawn');
  };

  const setRunning = (now: Running | undefined): void => {
    underWay.moved(memory.lock.id, running?.gatewayId, now?.gatewayId);
    running = now;
  };

  const begin = (job: Job, gatewayId: string | undefined): void => {
    setRunning({ job, gatewayId, frames: 0, written: new Set() });
    if (gatewayId !== undefined) memory.through = gatewayId;
  };

  /** Moves an attempt on in its own unit. */
  const conclude = async (id: string, decide: (attempt: Attempt) => Transition): Promise<void> => {
    const after = await context.write((tx, note) => advance(tx, note, organizationId, id, decide));
    if (after !== undefined) open.put(after.attempt);
  };

  const release = (succeeded: boolean): void => {
    if (running === undefined) return;
    const { job } = running;
    setRunning(undefined);
    cancelExpiry();
    if (job.over !== undefined) job.over(succeeded);
    else if (job.attempt === undefined) pollOver(succeeded);
    next();
  };

  const next = (): void => {
    if (running !== undefined || stopped) return;
    const first = waiting.shift();
    if (first === undefined) return;
    first.cancel();
    begin(first.job, undefined);
    turns.takeAlone('a command that waited could not be started', () => startWaiting(first.job, first.recorded));
  };

  /** What the machine said to the abandoning may have released the command already. */
  const abandon = async (job: Job): Promise<void> => {
    await drive({ kind: 'abandon', attempt: job.id });
    if (running?.job === job) release(false);
  };

  const giveUp = async (reason: FailureReason): Promise<void> => {
    const job = running?.job;
    if (job === undefined) return;
    if (job.attempt !== undefined) await conclude(job.id, (attempt) => failed(attempt, reason, context.now()));
    await abandon(job);
  };

  const expire = async (job: Job): Promise<void> => {
    if (stopped) return;
    waiting = waiting.filter((one) => one.job !== job);
    try {
      if (job.attempt !== undefined) await conclude(job.id, (attempt) => expired(attempt, context.now()));
      if (running?.job !== job) return;
      cancelFrames(running);
      await abandon(job);
    } catch (error) {
      // Until the record takes it this command is not over, and the lock is not free for another.
      expireAfter(job, AGAIN_MS);
      throw error;
    }
  };

  const expireAfter = (job: Job, delayMs: number): Cancel =>
    clock.after(delayMs, () => turns.takeAlone('an expiry failed', () => expire(job)));

  const cancelFrames = ({ job, gatewayId, frames, written }: Running): void => {
    if (gatewayId === undefined) return;
    for (let n = 1; n <= frames; n++) {
      const id = `${job.id}.${n}`;
      if (!written.has(id)) uplink.send(gatewayId, { kind: 'cancel', id });
    }
  };

  const expiryOf = (job: Job): Cancel => expireAfter(job, job.expiresAtMs - clock.now());

  const record = async (tx: Transaction, note: Note, job: Job): Promise<void> => {
    if (job.record !== undefined) await job.record(tx, note);
    else if (job.attempt !== undefined) await tx.attempts.insert(job.attempt);
  };

  /** Starts a command at once: its attempt becomes durable together with the first step. */
  const startFresh = async (job: Job): Promise<void> => {
    requireOpen();
    const gatewayId = presence.reach(organizationId, identifier, job.propertyId);
    begin(job, gatewayId);
    cancelExpiry = expiryOf(job);
    try {
      if (gatewayId === undefined) {
        await context.write((tx, note) => record(tx, note, job));
        await giveUp('gateway_offline');
        return;
      }
      if (job.attempt !== undefined) open.put(job.attempt);
      await drive(inputOf(job), (tx, note) => record(tx, note, job));
    } catch (error) {
      if (job.attempt !== undefined) open.put({ ...job.attempt, state: 'failed' });
      release(false);
      // It may have become durable before what failed: then the record still has to hear of its end.
      if (job.attempt !== undefined) expireAfter(job, Math.max(AGAIN_MS, job.expiresAtMs - clock.now()));
      throw error;
    }
  };

  /** Starts a command that had to wait: everything about it is checked again. */
  const startWaiting = async (job: Job, recorded: Promise<void>): Promise<void> => {
    try {
      await recorded;
    } catch {
      release(false);
      return;
    }
    if (context.now() >= job.expiresAtMs) return expire(job);
    cancelExpiry = expiryOf(job);
    if (!(await job.stillPermitted())) return giveUp('not_permitted');
    if (job.operation !== 'bind' && memory.lock.state !== 'bound') return giveUp('not_bound');
    const gatewayId = presence.reach(organizationId, identifier, job.propertyId);
    if (gatewayId === undefined) return giveUp('gateway_offline');
    begin(job, gatewayId);
    await drive(inputOf(job));
  };

  /** A command of the server's own that the lock has not got gives way to somebody's at once; it comes again. */
  const giveWay = async (): Promise<void> => {
    if (running === undefined || running.job.attempt !== undefined || running.written.size > 0) return;
    if (!waiting.some(({ job }) => job.attempt !== undefined)) return;
    cancelFrames(running);
    await abandon(running.job);
  };

  const stop = (): void => {
    stopped = true;
    cancelExpiry();
    for (const { cancel } of waiting) cancel();
  };

  return {
    get running() {
      return running;
    },
    get waiting() {
      return waiting.length;
    },
    submit(job) {
      requireOpen();
      if (running === undefined && waiting.length === 0) {
        // Taken at once, so that the next one waits behind it.
        begin(job, undefined);
        return turns.take(() => startFresh(job));
      }
      if (waiting.length >= QUEUE_MOST) {
        throw new CoreError('too_many', `${QUEUE_MOST} commands wait for this lock already`, { retryAfterS: 5 });
      }
      const recorded = context.write((tx, note) => record(tx, note, job));
      recorded.catch(() => {
        waiting = waiting.filter((one) => one.job !== job);
      });
      const own = job.attempt === undefined ? -1 : waiting.findIndex((one) => one.job.attempt === undefined);
      waiting.splice(own < 0 ? waiting.length : own, 0, { job, recorded, cancel: expiryOf(job) });
      if (job.attempt !== undefined) {
        open.put(job.attempt);
        turns.takeAlone('a command of its own could not give way', giveWay);
      }
      return recorded;
    },
    giveUp,
    release,
    async close(more) {
      closed = true;
      const jobs = [...(running === undefined ? [] : [running.job]), ...waiting.map(({ job }) => job)];
      const ended: Attempt[] = [];
      try {
        await context.write(async (tx, note) => {
          for (const { id } of jobs) {
            const over = await advance(tx, note, organizationId, id, (attempt) => expired(attempt, context.now()));
            if (over !== undefined) ended.push(over.attempt);
          }
          await more(tx, note);
        });
      } catch (error) {
        closed = false;
        throw error;
      }
      stop();
      if (running !== undefined) cancelFrames(running);
      setRunning(undefined);
      waiting = [];
      for (const attempt of ended) open.put(attempt);
    },
    stop,
  };
}
