import type { Cancel } from '@cardea/kit-runtime';
import type { ControllerEffect, LockEvent } from '@cardea/wire-profile';
import { concluded, sent, type Transition } from '../attempt/life.ts';
import type { OpenAttempts } from '../attempt/open-attempts.ts';
import { advance, factOf } from '../attempt/record.ts';
import type { ChainKeeper } from '../chain/keeper.ts';
import type { Context } from '../context.ts';
import type { Presence } from '../gateway/presence.ts';
import { confirmMode } from '../mode/record.ts';
import type { Attempt, LockReport } from '../model.ts';
import { createAlarmGate } from './alarm-gate.ts';
import { bindDurably, type Place, unbindDurably } from './binding.ts';
import { isUrgent } from './durable-up-to.ts';
import { noteEvent, noteState } from './facts.ts';
import type { JobQueue } from './job-queue.ts';
import type { Plan } from './machine.ts';
import type { LinkMemory } from './memory.ts';
import type { LockWatch } from './watch.ts';

/** What the effects of a lock's machine reach beside its memory and queue. */
export interface EffectWorld {
  readonly context: Context;
  readonly presence: Presence;
  readonly open: OpenAttempts;
  /** The property whose gateways serve the lock has news for them. */
  placeChanged(propertyId: string): void;
  wantsAttention(): void;
  /** The property in which the lock is, or is being bound. */
  propertyId(): string | undefined;
  /** The time of a `wake` has come. */
  wake(): void;
  /** Of a lock whose maker chains its events. */
  readonly chain: ChainKeeper | undefined;
  readonly watch: LockWatch;
}

/** Turns the effects of one lock's machine into what is made durable and what is done. */
export interface Effects {
  plan(effect: ControllerEffect, into: Plan): void;
  stop(): void;
}

/** The effects of one lock. */
export function createEffects(world: EffectWorld, memory: LinkMemory, queue: JobQueue): Effects {
  const { context, presence, open } = world;
  const { clock, keys, random, uplink } = context.ports;
  const organizationId = memory.lock.organizationId;
  const alarms = createAlarmGate(clock);
  let cancelWake: Cancel = () => {};
  let stopped = false;

  const planChange = (id: string, decide: (attempt: Attempt) => Transition, { durable, afterwards }: Plan): void => {
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
    { durable, afterwards, inputs }: Plan,
  ): void => {
    if (outcome.kind === 'waiting') {
      const attempt = queue.running?.job.id === id ? queue.running.job.attempt : undefined;
      if (attempt === undefined) return;
      durable.push(async (_, note) => {
        await note({ ...factOf(attempt), type: 'attempt.waiting', detail: { for: outcome.for } });
      });
      return;
    }
    let after: Attempt | undefined;
    let moved: Place | null | undefined;
    const { concluded: alsoDurable } = (queue.running?.job.id === id ? queue.running.job : undefined) ?? {};
    durable.push(async (tx, note) => {
      await alsoDurable?.(tx, note, outcome);
      const change = await advance(tx, note, organizationId, id, (attempt) =>
        concluded(attempt, outcome, context.now()),
      );
      after = change?.attempt;
      if (after === undefined || outcome.kind !== 'succeeded') return;
      // A late receipt of a binding is as good a proof as one in time: the lock holds the key.
      const news = change?.ended === true || after.lateReceipt !== null;
      if (news && after.operation === 'bind') {
        moved = await bindDurably(tx, note, memory.lock, after);
        if (moved !== undefined) await world.watch.bound(tx, note, memory.lock, moved);
        await tx.modes.forget(memory.lock.id);
      }
      if (news) await confirmMode(tx, after);
      if (news && after.operation === 'unbind') {
        moved = await unbindDurably(tx, note, memory.lock, after);
        await world.watch.unbound(tx, note, memory.lock);
        await tx.modes.forget(memory.lock.id);
      }
    });
    afterwards.push(() => {
      if (after !== undefined) open.put(after);
      if (moved !== undefined) move(moved ?? undefined);
      if (queue.running?.job.id !== id) return;
      const signsNone = outcome.kind === 'failed' && outcome.reason === 'unsupported';
      if (signsNone && queue.running.job.operation === 'chain_head') world.chain?.unsupported();
      // The machine may not know that this is over: what it would still do for it must not meet the next command.
      inputs.push({ kind: 'abandon', attempt: id });
      queue.release(outcome.kind === 'succeeded');
    });
  };

  const planState = (effect: Extract<ControllerEffect, { kind: 'state' }>, { durable, afterwards }: Plan): void => {
    let renewed: LockReport | undefined;
    durable.push(async (tx, note) => {
      renewed = await noteState(tx, note, memory.lock, memory.place, effect);
    });
    afterwards.push(() => {
      world.watch.proved(memory.lock.id);
      const { propertyId = null, doorId = null } = memory.place ?? {};
      if (renewed !== undefined) context.proofs.publish({ ...renewed, organizationId, propertyId, doorId });
    });
  };

  /** The record has moved the lock: to a door, or off its door. */
  const move = (place: Place | undefined): void => {
    const property = place?.propertyId ?? memory.place?.propertyId;
    memory.place = place;
    memory.lock = { ...memory.lock, state: place === undefined ? 'manifest' : 'bound' };
    if (place === undefined) memory.advertisementKey = undefined;
    if (property !== undefined) world.placeChanged(property);
  };

  const send = async (effect: Extract<ControllerEffect, { kind: 'send' }>): Promise<void> => {
    const { running } = queue;
    const current = running !== undefined && effect.attempt === running.job.id ? running : undefined;
    if (effect.attempt !== undefined && current === undefined) return;
    const { lock, place, through } = memory;
    const gatewayId =
      current?.gatewayId ??
      (through !== undefined && presence.isOnline(through)
        ? through
        : presence.reach(organizationId, lock.identifier, place?.propertyId));
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
    if (!left && current !== undefined && queue.running === current) await queue.giveUp('gateway_offline');
  };

  const planAlarm = (effect: Extract<ControllerEffect, { kind: 'alarm' }>, { durable }: Plan): void => {
    // The core itself tells a late receipt, with its attempt.
    if (effect.code === 'late_receipt') return;
    const unseen = alarms.pass(effect.code);
    if (unseen === undefined) return;
    durable.push(async (_, note) => {
      await note({
        organizationId,
        type: `alarm.${effect.code}`,
        lockId: memory.lock.id,
        doorId: memory.place?.doorId ?? null,
        propertyId: memory.place?.propertyId ?? null,
        attemptId: queue.running?.job.attempt?.id ?? null,
        detail: { text: effect.detail, not_shown: unseen },
      });
    });
  };

  /** The record came back from a backup, and the lock has moved on since: what it had told in between is not there. */
  const planRestoredGap = (event: LockEvent, { durable, afterwards }: Plan): void => {
    const upTo = memory.restoredUpTo;
    if (upTo === undefined || isUrgent(`lock.${event.code}`)) return;
    afterwards.push(() => {
      memory.restoredUpTo = undefined;
    });
    if (event.sequence <= upTo + 1) return;
    durable.push(async (_, note) => {
      await note({
        organizationId,
        type: 'alarm.event_gap',
        lockId: memory.lock.id,
        doorId: memory.place?.doorId ?? null,
        propertyId: memory.place?.propertyId ?? null,
        detail: {
          text: `events ${upTo + 1} to ${event.sequence - 1} were told before the record came back from a backup`,
          not_shown: 0,
        },
      });
    });
  };

  const plan = (effect: ControllerEffect, into: Plan): void => {
    const { durable, afterwards, inputs } = into;
    switch (effect.kind) {
      case 'store':
        durable.push((tx) => tx.locks.setBinding(memory.lock.id, effect.record));
        afterwards.push(() => {
          memory.record = effect.record;
          inputs.push({ kind: 'stored', id: effect.id });
        });
        return;
      case 'sent':
        planChange(effect.attempt, (attempt) => sent(attempt, context.now()), into);
        return;
      case 'outcome':
        planOutcome(effect, into);
        return;
      case 'state':
        planState(effect, into);
        return;
      case 'event':
        durable.push(async (tx, note) => {
          await noteEvent(tx, note, world.watch, memory, effect);
        });
        planRestoredGap(effect.event, into);
        afterwards.push(() => {
          inputs.push({ kind: 'events-durable', sequence: effect.event.sequence });
          world.chain?.event(effect.event.sequence);
        });
        return;
      case 'alarm':
        if (effect.code === 'event_gap') world.chain?.gapShown();
        planAlarm(effect, into);
        return;
      case 'chain-head':
        afterwards.push(() => world.chain?.head(effect.head));
        return;
      case 'send':
        afterwards.push(() => send(effect));
        return;
      case 'make-ephemeral':
        afterwards.push(async () => {
          const pair = await keys.generate();
          inputs.push({ kind: 'ephemeral', id: effect.id, random: random.octets(effect.sizeOctets), ...pair });
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
          memory.advertisementKey = effect.key.reveal();
          const propertyId = world.propertyId();
          if (propertyId !== undefined) world.placeChanged(propertyId);
        });
        return;
      case 'wants-attention':
        afterwards.push(() => world.wantsAttention());
        return;
      case 'wake':
        afterwards.push(() => {
          cancelWake();
          if (stopped) return;
          cancelWake = clock.after(effect.atMonotonicMs - clock.monotonic(), () => world.wake());
        });
        return;
    }
  };

  return {
    plan,
    stop() {
      stopped = true;
      cancelWake();
    },
  };
}
