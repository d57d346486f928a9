import { type Cancel, instant } from '@cardea/kit-runtime';
import type {
  BindingRecord,
  ControllerEffect,
  ControllerInput,
  FailureReason,
  LockController,
  LockIdentity,
} from '@cardea/wire-profile';
import { concluded, expired, failed, sent, type Transition } from '../attempt/life.ts';
import type { OpenAttempts } from '../attempt/open-attempts.ts';
import { advance, factOf } from '../attempt/record.ts';
import type { Context, Note } from '../context.ts';
import { CoreError } from '../errors.ts';
import type { Presence } from '../gateway/presence.ts';
import type { Attempt, Lock } from '../model.ts';
import type { FromGateway, Transaction } from '../ports.ts';
import { createAlarmGate } from './alarm-gate.ts';
import { bindDurably, type Place, unbindDurably } from './binding.ts';
import { durableUpTo, EVENTS_LOOKED_AT } from './durable-up-to.ts';
import { noteEvent, noteState } from './facts.ts';
import { inputOf, type Job } from './job.ts';

/** Most commands that wait for one lock. */
export const QUEUE_MOST = 8;
/** Most inputs that one input may lead to: a machine that goes on for ever is stopped. */
const STEPS_MOST = 64;

/** What a link is given beside its lock. */
export interface LinkWorld {
  readonly context: Context;
  readonly presence: Presence;
  readonly open: OpenAttempts;
  /** The lock's door or advertisement key has changed: its gateways have to be told. */
  placeChanged(propertyId: string): void;
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
  /** The property in which the lock is being bound now. */
  readonly bindingIn: string | undefined;
  /** Whether a command is under way or waits. */
  readonly busy: boolean;
  /** Commands that go through this gateway. */
  jobsThrough(gatewayId: string): number;
  /** Takes a command in; resolves when it is durable. @throws CoreError `too_many` */
  submit(job: Job): Promise<void>;
  /** A lock's message; resolves when what it says is durable. */
  message(gatewayId: string, channel: number, octets: Uint8Array): Promise<void>;
  beacon(state: Uint8Array): Promise<void>;
  progress(report: Extract<FromGateway, { kind: 'progress' }>): Promise<void>;
  gatewayLeft(gatewayId: string): Promise<void>;
  /** Lets the machine speak first: after a start it tells the advertisement key. */
  begin(): Promise<void>;
  stop(): void;
}

type Durable = (tx: Transaction, note: Note) => Promise<void>;

interface Running {
  readonly job: Job;
  readonly gatewayId: string | undefined;
  frames: number;
  /** Frames that the gateway says it wrote to the lock: their outcome is open, whatever it says later. */
  readonly written: Set<string>;
}

/** The link of one lock, with no session. */
export function createLockLink(
  world: LinkWorld,
  controller: LockController<unknown>,
  identity: LockIdentity,
  known: { lock: Lock; record: BindingRecord | undefined; place: Place | undefined },
): LockLink {
  const { context, presence, open } = world;
  const { clock, keys, random, primitives, uplink, log } = context.ports;
  const organizationId = known.lock.organizationId;
  const alarms = createAlarmGate(clock);
  let { lock, record, place } = known;
  let state = controller.initial(identity, record);
  let tail: Promise<unknown> = Promise.resolve();
  let running: Running | undefined;
  let waiting: { readonly job: Job; readonly recorded: Promise<void>; readonly cancel: Cancel }[] = [];
  let cancelExpiry: Cancel = () => {};
  let cancelWake: Cancel = () => {};
  /** The gateway that brought the lock's last message, or carries the running command. */
  let through: string | undefined;
  let advertisementKey: Uint8Array | undefined;
  let stopped = false;

  /** Runs `task` after everything before it; a task that fails takes nothing else with it. */
  const inTurn = <T>(task: () => Promise<T>): Promise<T> => {
    const run = tail.then(task);
    tail = run.catch(() => undefined);
    return run;
  };
  const contained = (what: string, run: Promise<unknown>): void => {
    run.catch((error: unknown) => log.error(what, { lock: lock.identifier, error: String(error) }));
  };

  // --- Attempts ------------------------------------------------------------------------------------------------------

  /** Moves an attempt on in its own unit. */
  const conclude = async (id: string, decide: (attempt: Attempt) => Transition): Promise<void> => {
    const after = await context.write((tx, note) => advance(tx, note, organizationId, id, decide));
    if (after !== undefined) open.put(after.attempt);
  };

  const release = (succeeded: boolean): void => {
    if (running === undefined) return;
    const { job } = running;
    running = undefined;
    cancelExpiry();
    if (job.attempt === undefined) world.pollOver(link, succeeded);
    next();
  };

  const next = (): void => {
    if (running !== undefined || stopped) return;
    const first = waiting.shift();
    if (first === undefined) return;
    first.cancel();
    running = { job: first.job, gatewayId: undefined, frames: 0, written: new Set() };
    contained(
      'a command that waited could not be started',
      inTurn(() => startWaiting(first.job, first.recorded)),
    );
  };

  const giveUp = async (reason: FailureReason): Promise<void> => {
    const job = running?.job;
    if (job === undefined) return;
    if (job.attempt !== undefined) await conclude(job.id, (attempt) => failed(attempt, reason, context.now()));
    await drive({ kind: 'abandon', attempt: job.id });
    // What the machine said to the abandoning may have released it already.
    if (running?.job === job) release(false);
  };

  const expire = async (job: Job): Promise<void> => {
    waiting = waiting.filter((one) => one.job !== job);
    if (job.attempt !== undefined) await conclude(job.id, (attempt) => expired(attempt, context.now()));
    if (running?.job !== job) return;
    cancelFrames(running);
    await drive({ kind: 'abandon', attempt: job.id });
    if (running?.job === job) release(false);
  };

  const cancelFrames = ({ job, gatewayId, frames, written }: Running): void => {
    if (gatewayId === undefined) return;
    for (let n = 1; n <= frames; n++) {
      const id = `${job.id}.${n}`;
      if (!written.has(id)) uplink.send(gatewayId, { kind: 'cancel', id });
    }
  };

  const expiryOf = (job: Job): Cancel =>
    clock.after(job.expiresAtMs - clock.now(), () =>
      contained(
        'an expiry failed',
        inTurn(() => expire(job)),
      ),
    );

  const insert = async (tx: Transaction, job: Job): Promise<void> => {
    if (job.attempt !== undefined) await tx.attempts.insert(job.attempt);
  };

  /** Starts a command at once: its attempt becomes durable together with the first step. */
  const startFresh = async (job: Job): Promise<void> => {
    const gatewayId = presence.reach(organizationId, lock.identifier, job.propertyId);
    running = { job, gatewayId, frames: 0, written: new Set() };
    cancelExpiry = expiryOf(job);
    try {
      if (gatewayId === undefined) {
        await context.write((tx) => insert(tx, job));
        await giveUp('gateway_offline');
        return;
      }
      through = gatewayId;
      if (job.attempt !== undefined) open.put(job.attempt);
      await drive(inputOf(job), (tx) => insert(tx, job));
    } catch (error) {
      if (job.attempt !== undefined) open.put({ ...job.attempt, state: 'failed' });
      release(false);
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
    if (job.operation !== 'bind' && lock.state !== 'bound') return giveUp('not_bound');
    const gatewayId = presence.reach(organizationId, lock.identifier, job.propertyId);
    if (gatewayId === undefined) return giveUp('gateway_offline');
    running = { job, gatewayId, frames: 0, written: new Set() };
    through = gatewayId;
    await drive(inputOf(job));
  };

  // --- The machine ---------------------------------------------------------------------------------------------------

  /** Feeds one input and everything that follows from it. `before` becomes durable together with the first step. */
  const drive = async (first: ControllerInput, before?: Durable): Promise<void> => {
    const inputs: ControllerInput[] = [first];
    for (let i = 0; i < inputs.length; i++) {
      const input = inputs[i];
      if (input === undefined) break;
      if (i >= STEPS_MOST) {
        log.error('a lock machine does not come to rest', { lock: lock.identifier, input: input.kind });
        state = controller.initial(identity, record);
        break;
      }
      inputs.push(...(await perform(step(input), i === 0 ? before : undefined)));
    }
  };

  const step = (input: ControllerInput): readonly ControllerEffect[] => {
    try {
      const after = controller.step({ primitives, now: instant(clock) }, state, input);
      state = after.state;
      return after.effects;
    } catch (error) {
      // The machine is pure: what it threw at has changed nothing. A message that did this is dropped.
      log.error('a lock machine threw', { lock: lock.identifier, input: input.kind, error: String(error) });
      const hint = input.kind === 'message' || input.kind === 'beacon' || input.kind === 'wake';
      return running === undefined || hint || input.kind === 'abandon' ? [] : [failure(running.job.id, 'internal')];
    }
  };

  /** What may not leave does not: a command without its gateway ends here, and nothing goes out past its time. */
  const checked = (effects: readonly ControllerEffect[]): readonly ControllerEffect[] => {
    const now = context.now();
    const late = (effect: ControllerEffect): boolean => effect.kind === 'send' && now >= effect.expiresAtMs;
    const left = effects.filter((effect) => !late(effect));
    const id = running?.job.id;
    const gatewayId = running?.gatewayId;
    const reachable = gatewayId !== undefined && presence.isOnline(gatewayId);
    const ofCommand = (effect: ControllerEffect): boolean =>
      (effect.kind === 'send' || effect.kind === 'sent') && effect.attempt !== undefined && effect.attempt === id;
    if (id === undefined || reachable || !left.some(ofCommand)) return left;
    return [...left.filter((effect) => !ofCommand(effect)), failure(id, 'gateway_offline')];
  };

  /** Performs the effects of one step: first what must be durable, in one unit, then what leaves; answers the inputs. */
  const perform = async (raw: readonly ControllerEffect[], before?: Durable): Promise<ControllerInput[]> => {
    const effects = checked(raw);
    const durable: Durable[] = before === undefined ? [] : [before];
    const afterwards: (() => void | Promise<void>)[] = [];
    const inputs: ControllerInput[] = [];
    for (const effect of effects) plan(effect, durable, afterwards, inputs);
    if (durable.length > 0) {
      try {
        await context.write(async (tx, note) => {
          for (const part of durable) await part(tx, note);
        });
      } catch (error) {
        // The machine is ahead of the record: it starts again from what the record holds.
        state = controller.initial(identity, record);
        throw error;
      }
    }
    for (const run of afterwards) await run();
    return inputs;
  };

  const plan = (
    effect: ControllerEffect,
    durable: Durable[],
    afterwards: (() => void | Promise<void>)[],
    inputs: ControllerInput[],
  ): void => {
    switch (effect.kind) {
      case 'store': {
        durable.push((tx) => tx.locks.setBinding(lock.id, effect.record));
        afterwards.push(() => {
          record = effect.record;
          inputs.push({ kind: 'stored', id: effect.id });
        });
        return;
      }
      case 'sent':
        planChange(effect.attempt, (attempt) => sent(attempt, context.now()), durable, afterwards);
        return;
      case 'outcome':
        planOutcome(effect, durable, afterwards, inputs);
        return;
      case 'state':
        durable.push((tx, note) => noteState(tx, note, lock, place, effect));
        return;
      case 'event': {
        durable.push((_, note) => noteEvent(note, lock, place, effect.event, effect.clockOffsetS));
        afterwards.push(() => void inputs.push({ kind: 'events-durable', sequence: effect.event.sequence }));
        return;
      }
      case 'alarm': {
        // The core itself tells a late receipt, with its attempt.
        if (effect.code === 'late_receipt') return;
        const unseen = alarms.pass(effect.code);
        if (unseen === undefined) return;
        durable.push(async (_, note) => {
          await note({
            organizationId,
            type: `alarm.${effect.code}`,
            lockId: lock.id,
            doorId: place?.doorId ?? null,
            propertyId: place?.propertyId ?? null,
            attemptId: running?.job.attempt?.id ?? null,
            detail: { text: effect.detail, not_shown: unseen },
          });
        });
        return;
      }
      case 'send':
        afterwards.push(() => send(effect));
        return;
      case 'make-ephemeral':
        afterwards.push(async () => {
          const { publicKey, privateKey } = await keys.generate();
          inputs.push({
            kind: 'ephemeral',
            id: effect.id,
            random: random.octets(effect.sizeOctets),
            publicKey,
            privateKey,
          });
        });
        return;
      case 'make-random':
        afterwards.push(() => {
          inputs.push({ kind: 'random', id: effect.id, random: random.octets(effect.sizeOctets) });
        });
        return;
      case 'agree':
        afterwards.push(async () => {
          inputs.push({ kind: 'agreed', id: effect.id, z: await keys.agree(effect.privateKey, effect.peer) });
        });
        return;
      case 'advertisement-key':
        afterwards.push(() => {
          advertisementKey = effect.key.reveal();
          const propertyId = place?.propertyId ?? link.bindingIn;
          if (propertyId !== undefined) world.placeChanged(propertyId);
        });
        return;
      case 'wants-attention':
        afterwards.push(() => world.wantsAttention(link));
        return;
      case 'wake':
        afterwards.push(() => {
          cancelWake();
          if (stopped) return;
          cancelWake = clock.after(effect.atMonotonicMs - clock.monotonic(), () =>
            contained(
              'a wake failed',
              inTurn(() => drive({ kind: 'wake' })),
            ),
          );
        });
        return;
    }
  };

  const planChange = (
    id: string,
    decide: (attempt: Attempt) => Transition,
    durable: Durable[],
    afterwards: (() => void | Promise<void>)[],
  ): void => {
    let after: Attempt | undefined;
    durable.push(async (tx, note) => {
      after = (await advance(tx, note, organizationId, id, decide))?.attempt;
    });
    afterwards.push(() => {
      if (after !== undefined) open.put(after);
    });
  };

  const planOutcome = (
    { attempt: id, outcome }: Extract<ControllerEffect, { kind: 'outcome' }>,
    durable: Durable[],
    afterwards: (() => void | Promise<void>)[],
    inputs: ControllerInput[],
  ): void => {
    if (outcome.kind === 'waiting') {
      const attempt = running?.job.id === id ? running.job.attempt : undefined;
      if (attempt === undefined) return;
      durable.push(async (_, note) => {
        await note({ ...factOf(attempt), type: 'attempt.waiting', detail: { for: outcome.for } });
      });
      return;
    }
    let after: Attempt | undefined;
    let moved: Place | null | undefined;
    durable.push(async (tx, note) => {
      const change = await advance(tx, note, organizationId, id, (attempt) =>
        concluded(attempt, outcome, context.now()),
      );
      after = change?.attempt;
      if (after === undefined || outcome.kind !== 'succeeded') return;
      // A late receipt of a binding is as good a proof as one in time: the lock holds the key.
      const news = change?.ended === true || after.lateReceipt !== null;
      if (news && after.operation === 'bind') moved = await bindDurably(tx, note, lock, after);
      if (news && after.operation === 'unbind') moved = await unbindDurably(tx, note, lock, after);
    });
    afterwards.push(() => {
      if (after !== undefined) open.put(after);
      if (moved !== undefined) {
        const before = place;
        place = moved ?? undefined;
        lock = { ...lock, state: place === undefined ? 'manifest' : 'bound' };
        if (place === undefined) advertisementKey = undefined;
        const property = place?.propertyId ?? before?.propertyId;
        if (property !== undefined) world.placeChanged(property);
      }
      if (running?.job.id !== id) return;
      // The machine may not know that this is over: what it would still do for it must not meet the next command.
      inputs.push({ kind: 'abandon', attempt: id });
      release(outcome.kind === 'succeeded');
    });
  };

  const send = async (effect: Extract<ControllerEffect, { kind: 'send' }>): Promise<void> => {
    const current = running !== undefined && effect.attempt === running.job.id ? running : undefined;
    if (effect.attempt !== undefined && current === undefined) return;
    const gatewayId =
      current?.gatewayId ?? through ?? presence.reach(organizationId, lock.identifier, place?.propertyId);
    if (gatewayId === undefined) return;
    const id = current === undefined ? context.newId('frm') : `${current.job.id}.${++current.frames}`;
    const left = uplink.send(gatewayId, {
      kind: 'frame',
      id,
      lock: lock.identifier,
      channel: effect.channel,
      // Rounded down: the gateway rather drops a frame early than writes it late.
      expiresAtS: Math.floor(effect.expiresAtMs / 1000),
      octets: effect.octets,
    });
    if (!left && current !== undefined && running === current) await giveUp('gateway_offline');
  };

  const link: LockLink = {
    get lock() {
      return lock;
    },
    get place() {
      return place;
    },
    get advertisementKey() {
      return advertisementKey;
    },
    get bindingIn() {
      return running?.job.operation === 'bind' ? running.job.propertyId : undefined;
    },
    get busy() {
      return running !== undefined || waiting.length > 0;
    },
    jobsThrough: (gatewayId) => (running?.gatewayId === gatewayId ? 1 + waiting.length : 0),
    submit(job) {
      if (running === undefined && waiting.length === 0) {
        // Taken at once, so that the next one waits behind it.
        running = { job, gatewayId: undefined, frames: 0, written: new Set() };
        return inTurn(() => startFresh(job));
      }
      if (waiting.length >= QUEUE_MOST) {
        throw new CoreError('too_many', `${QUEUE_MOST} commands wait for this lock already`, { retryAfterS: 5 });
      }
      const recorded = context.write((tx) => insert(tx, job));
      recorded.catch(() => {
        waiting = waiting.filter((one) => one.job !== job);
      });
      if (job.attempt !== undefined) open.put(job.attempt);
      waiting.push({ job, recorded, cancel: expiryOf(job) });
      return recorded;
    },
    message: (gatewayId, channel, octets) =>
      inTurn(async () => {
        if (running === undefined) through = gatewayId;
        await drive({ kind: 'message', channel, octets });
      }),
    beacon: (octets) => inTurn(() => drive({ kind: 'beacon', state: octets })),
    progress: (report) =>
      inTurn(async () => {
        if (running === undefined || !report.id.startsWith(`${running.job.id}.`)) return;
        if (report.stage === 'queued' || report.stage === 'connecting') {
          open.setQueuePosition(running.job.id, report.stage === 'connecting' ? 0 : report.queuePosition);
        } else if (report.stage === 'written') {
          running.written.add(report.id);
          open.setQueuePosition(running.job.id, 0);
        } else if (report.stage === 'failed' && !running.written.has(report.id)) {
          await giveUp(report.reason ?? 'no_answer');
        }
      }),
    gatewayLeft: (gatewayId) =>
      inTurn(async () => {
        if (through === gatewayId) through = undefined;
        if (running?.gatewayId !== gatewayId) return;
        const { id, attempt } = running.job;
        const now = attempt && (await context.read((tx) => tx.attempts.get(organizationId, id)));
        // What was sent may still act: only its time ends it.
        if (now?.state !== 'sent') await giveUp('gateway_offline');
      }),
    begin: () =>
      inTurn(async () => {
        await drive({ kind: 'wake' });
        const sequence = durableUpTo(await context.read((tx) => tx.events.newestOfLock(lock.id, EVENTS_LOOKED_AT)));
        if (sequence > 0) await drive({ kind: 'events-durable', sequence });
      }),
    stop() {
      stopped = true;
      cancelWake();
      cancelExpiry();
      for (const { cancel } of waiting) cancel();
    },
  };
  return link;
}

/** An end that the server itself is certain of. */
function failure(attempt: string, reason: FailureReason): Extract<ControllerEffect, { kind: 'outcome' }> {
  return { kind: 'outcome', attempt, outcome: { kind: 'failed', reason, receipt: undefined, clockOffsetS: undefined } };
}
