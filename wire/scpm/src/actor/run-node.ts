import type { DhAgreement, Primitives } from '@cardea/kit-crypto';
import { type Cancel, type Clock, instant, type Random, type Step } from '@cardea/kit-runtime';
import type { ScpmEffect } from '../effect.ts';
import type { NodeInput } from '../input.ts';
import type { ScpmContext } from '../node/turn.ts';

/** Effects that an actor does in its own way; the others are done for it. */
export type ActorEffect = Extract<
  ScpmEffect,
  {
    readonly kind:
      | 'transmit'
      | 'deliver'
      | 'unauthenticated'
      | 'ordinary'
      | 'message-done'
      | 'key'
      | 'update-wanted'
      | 'trouble';
  }
>;

/** What a node works with. Everything that touches the world comes in here. */
export interface NodeParts<State, Input> {
  readonly state: State;
  step(context: ScpmContext, state: State, input: Input): Step<State, ScpmEffect>;
  readonly primitives: Primitives;
  readonly clock: Clock;
  readonly random: Random;
  readonly dh: DhAgreement;
  /** Makes `octets` durable under this name, whole or not at all; `undefined` erases. Resolves when it is. */
  persist(name: string, octets: Uint8Array | undefined): Promise<void>;
  perform(effect: ActorEffect): void;
  /** A record could not be written: nothing of this node happens any more. */
  failed(error: unknown): void;
}

/** A node with power. */
export interface RunningNode<State, Input> {
  readonly state: State;
  input(input: Input | NodeInput): void;
  /** Resolves when everything that was asked for so far is done. */
  settled(): Promise<void>;
  stop(): void;
}

/**
 * Performs a node's effects in their order: none begins before the one before it is complete, so a response never
 * leaves ahead of the record that it rests on. Inputs that arise meanwhile wait their turn.
 */
export function runNode<State, Input>(parts: NodeParts<State, Input>): RunningNode<State, Input> {
  const { primitives, clock, random, dh } = parts;
  const inputs: (Input | NodeInput)[] = [];
  let { state } = parts;
  let busy = false;
  let drained = Promise.resolve();
  let stopped = false;
  let timer: Cancel | undefined;

  const input = (next: Input | NodeInput): void => {
    if (stopped) return;
    inputs.push(next);
    if (busy) return;
    busy = true;
    drained = drain();
  };

  const drain = async (): Promise<void> => {
    try {
      for (let next = inputs.shift(); next !== undefined && !stopped; next = inputs.shift()) {
        // The machine knows its own inputs; those of every node are among them.
        const step = parts.step({ primitives, now: instant(clock) }, state, next as Input);
        state = step.state;
        for (const effect of step.effects) {
          if (stopped) return;
          const done = perform(effect);
          // Only a record is waited for: what needs no waiting happens at once, in the same turn.
          if (done !== undefined) await done;
        }
      }
    } catch (error) {
      stop();
      parts.failed(error);
    } finally {
      busy = false;
    }
  };

  const perform = (effect: ScpmEffect): Promise<void> | undefined => {
    switch (effect.kind) {
      case 'persist':
        return parts.persist(effect.name, effect.octets);
      case 'make-random':
        input({ kind: 'random', id: effect.id, octets: random.octets(effect.sizeOctets) });
        return undefined;
      case 'make-dh':
        input({ kind: 'dh-made', id: effect.id, pair: dh.generate(effect.group) });
        return undefined;
      case 'agree-dh':
        input({ kind: 'dh-agreed', id: effect.id, z: dh.agree(effect.privateKey, effect.peer) });
        return undefined;
      case 'wake':
        timer?.();
        timer = clock.after(Math.max(0, effect.atMonotonicMs - clock.monotonic()), () => input({ kind: 'wake' }));
        return undefined;
      default:
        parts.perform(effect);
        return undefined;
    }
  };

  const stop = (): void => {
    stopped = true;
    timer?.();
  };

  return {
    get state() {
      return state;
    },
    input,
    async settled() {
      while (busy) await drained;
    },
    stop,
  };
}
