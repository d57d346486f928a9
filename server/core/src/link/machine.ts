import { instant } from '@cardea/kit-runtime';
import type {
  ControllerEffect,
  ControllerInput,
  FailureReason,
  LockController,
  LockIdentity,
} from '@cardea/wire-profile';
import type { Context } from '../context.ts';
import type { Presence } from '../gateway/presence.ts';
import type { Durable } from './durable.ts';
import type { Running } from './job.ts';
import type { LinkMemory } from './memory.ts';

/** Most inputs that one input may lead to: a machine that goes on for ever is stopped. */
const STEPS_MOST = 64;

/** What the effects of one step come to: what becomes durable in one unit, and what happens after it. */
export interface Plan {
  readonly durable: Durable[];
  readonly afterwards: (() => void | Promise<void>)[];
  /** Inputs that the effects lead to. */
  readonly inputs: ControllerInput[];
}

/** A maker's machine for one lock, with its effects performed: inputs go in, and everything that follows is done. */
export interface Machine {
  /** Feeds one input and everything that follows from it. `before` becomes durable together with the first step. */
  drive(first: ControllerInput, before?: Durable): Promise<void>;
}

/** The machine of one lock; `plan` says what an effect comes to. */
export function createMachine(
  { context, presence }: { readonly context: Context; readonly presence: Presence },
  controller: LockController<unknown>,
  identity: LockIdentity,
  memory: LinkMemory,
  running: () => Running | undefined,
  plan: (effect: ControllerEffect, into: Plan) => void,
): Machine {
  const { clock, primitives, log } = context.ports;
  const start = (): unknown => controller.initial(identity, memory.record);
  let state = start();

  const step = (input: ControllerInput): readonly ControllerEffect[] => {
    try {
      const after = controller.step({ primitives, now: instant(clock) }, state, input);
      state = after.state;
      return after.effects;
    } catch (error) {
      // The machine is pure: what it threw at has changed nothing. A message that did this is dropped.
      log.error('a lock machine threw', { lock: identity.identifier, input: input.kind, error: String(error) });
      const hint = input.kind === 'message' || input.kind === 'beacon' || input.kind === 'wake';
      const job = running()?.job;
      return job === undefined || hint || input.kind === 'abandon' ? [] : [failure(job.id, 'internal')];
    }
  };

  /** What may not leave does not: a command without its gateway ends here, and nothing goes out past its time. */
  const checked = (effects: readonly ControllerEffect[]): readonly ControllerEffect[] => {
    const now = context.now();
    const late = (effect: ControllerEffect): boolean => effect.kind === 'send' && now >= effect.expiresAtMs;
    const left = effects.filter((effect) => !late(effect));
    const current = running();
    const id = current?.job.id;
    const gatewayId = current?.gatewayId;
    const reachable = gatewayId !== undefined && presence.isOnline(gatewayId);
    const ofCommand = (effect: ControllerEffect): boolean =>
      (effect.kind === 'send' || effect.kind === 'sent') && effect.attempt !== undefined && effect.attempt === id;
    if (id === undefined || reachable || !left.some(ofCommand)) return left;
    return [...left.filter((effect) => !ofCommand(effect)), failure(id, 'gateway_offline')];
  };

  /** Performs the effects of one step: first what must be durable, in one unit, then what leaves; answers the inputs. */
  const perform = async (effects: readonly ControllerEffect[], before?: Durable): Promise<ControllerInput[]> => {
    const { durable, afterwards, inputs }: Plan = {
      durable: before === undefined ? [] : [before],
      afterwards: [],
      inputs: [],
    };
    for (const effect of checked(effects)) plan(effect, { durable, afterwards, inputs });
    if (durable.length > 0) {
      try {
        await context.write(async (tx, note) => {
          for (const part of durable) await part(tx, note);
        });
      } catch (error) {
        // The machine is ahead of the record: it starts again from what the record holds.
        state = start();
        throw error;
      }
    }
    for (const run of afterwards) await run();
    return inputs;
  };

  return {
    async drive(first, before) {
      const inputs: ControllerInput[] = [first];
      for (let i = 0; i < inputs.length; i++) {
        const input = inputs[i];
        if (input === undefined) break;
        if (i >= STEPS_MOST) {
          log.error('a lock machine does not come to rest', { lock: identity.identifier, input: input.kind });
          state = start();
          break;
        }
        inputs.push(...(await perform(step(input), i === 0 ? before : undefined)));
      }
    },
  };
}

/** An end that the server itself is certain of. */
function failure(attempt: string, reason: FailureReason): Extract<ControllerEffect, { kind: 'outcome' }> {
  return { kind: 'outcome', attempt, outcome: { kind: 'failed', reason, receipt: undefined, clockOffsetS: undefined } };
}
