import { agreeP256, generateP256, nodePrimitives, seededRandom } from '@cardea/kit-node';
import { Secret } from '@cardea/kit-runtime';
import type { BindingRecord, ControllerEffect, ControllerInput, LockController, Outcome } from '@cardea/wire-profile';
import { type ControllerState, legacyLockController, lockController, type Suite } from '../src/index.ts';
import { type DeviceBench, FACTORY_KEY, IDENTIFIER, identity, poweredLock } from './device-bench.ts';

/** A message on its way to the lock. */
type ToLock = Extract<ControllerEffect, { kind: 'send' }>;

/**
 * A RAS and a lock joined by a link in the test's hands: `toLock` and `toRas` hold what is under way, `deliver` carries
 * everything until nothing moves. Both clocks start together; `skewMs` moves the lock's.
 */
export class PairBench {
  readonly lock: DeviceBench;
  readonly controller: LockController<ControllerState>;
  readonly random = seededRandom(3);
  state: ControllerState;
  /** What a restart of the RAS would read. */
  record: BindingRecord | undefined;
  effects: ControllerEffect[] = [];
  toLock: ToLock[] = [];
  toRas: { channel: number; octets: Uint8Array }[] = [];
  holdStores = false;
  heldStores: Extract<ControllerEffect, { kind: 'store' }>[] = [];
  /** Events are made durable at once. */
  storeEvents = true;
  monotonicMs = 0;
  unixMs: number;
  #sentSeen = 0;

  constructor(suite: Suite = 'hardened') {
    this.lock = poweredLock(undefined, { ...identity, suite });
    this.controller = suite === 'hardened' ? lockController : legacyLockController;
    this.unixMs = this.lock.unixMs;
    this.state = this.start();
    this.input({ kind: 'events-durable', sequence: 0 });
    this.input({ kind: 'wake' });
  }

  private start(): ControllerState {
    return this.controller.initial({ identifier: IDENTIFIER, factoryKey: new Secret(FACTORY_KEY) }, this.record);
  }

  /** The RAS's process ends and starts again from its record. */
  restartRas(): void {
    this.heldStores = [];
    this.toLock = [];
    this.state = this.start();
    this.input({ kind: 'wake' });
  }

  input(input: ControllerInput): readonly ControllerEffect[] {
    const now = { unixMs: this.unixMs, monotonicMs: this.monotonicMs };
    const before = this.effects.length;
    const step = this.controller.step({ primitives: nodePrimitives, now }, this.state, input);
    this.state = step.state;
    this.effects.push(...step.effects);
    for (const effect of step.effects) this.perform(effect);
    return this.effects.slice(before);
  }

  private perform(effect: ControllerEffect): void {
    switch (effect.kind) {
      case 'send':
        if (effect.expiresAtMs <= this.unixMs) throw new Error('sent after its expiry');
        this.toLock.push(effect);
        return;
      case 'make-ephemeral': {
        const random = this.random.octets(effect.sizeOctets);
        this.input({ kind: 'ephemeral', id: effect.id, random, ...generateP256() });
        return;
      }
      case 'make-random':
        this.input({ kind: 'random', id: effect.id, random: this.random.octets(effect.sizeOctets) });
        return;
      case 'agree':
        this.input({ kind: 'agreed', id: effect.id, z: agreeP256(effect.privateKey, effect.peer) });
        return;
      case 'store':
        if (this.holdStores) this.heldStores.push(effect);
        else this.store(effect);
        return;
      case 'event':
        if (this.storeEvents) this.input({ kind: 'events-durable', sequence: effect.event.sequence });
        return;
      default:
        return;
    }
  }

  store(effect: Extract<ControllerEffect, { kind: 'store' }>): void {
    this.record = effect.record;
    this.input({ kind: 'stored', id: effect.id });
  }

  /** Takes what the lock has sent since the last time. */
  collect(): void {
    this.toRas.push(...this.lock.sent.slice(this.#sentSeen));
    this.#sentSeen = this.lock.sent.length;
  }

  /** Carries one message to the lock; the body moves its bolt at once when it is asked to. */
  carryToLock(message: ToLock): void {
    const acts = this.lock.effects.filter((effect) => effect.kind === 'act').length;
    this.lock.message(message.octets, 1, message.channel);
    if (this.lock.effects.filter((effect) => effect.kind === 'act').length > acts) this.lock.act();
    this.collect();
  }

  /** Carries everything both ways until nothing moves. `legMs` is how long each way takes. */
  deliver(legMs = 100): void {
    this.collect();
    for (let steps = 0; this.toLock.length + this.toRas.length > 0; steps++) {
      if (steps > 200) throw new Error('the two never come to rest');
      const down = this.toLock.splice(0);
      if (down.length > 0) this.pass(legMs);
      for (const message of down) this.carryToLock(message);
      const up = this.toRas.splice(0);
      if (up.length > 0) this.pass(legMs);
      for (const { channel, octets } of up) this.input({ kind: 'message', channel, octets });
      this.collect();
    }
  }

  /** Lets time pass for both, without a wake. */
  pass(ms: number): void {
    this.monotonicMs += ms;
    this.unixMs += ms;
    this.lock.monotonicMs += ms;
    this.lock.unixMs += ms;
  }

  operate(operation: 'unlock' | 'lock' | 'status', attempt: string = operation, lifeMs = 10_000): void {
    this.input({
      kind: 'operate',
      attempt,
      operation,
      class: 'operate',
      timeToLiveS: 10,
      expiresAtMs: this.unixMs + lifeMs,
    });
  }

  bind(attempt = 'bind'): void {
    this.input({ kind: 'bind', attempt, expiresAtMs: this.unixMs + 120_000 });
    this.deliver();
    this.lock.input({ kind: 'button' });
    this.deliver();
  }

  outcomes(attempt: string): Outcome[] {
    return this.effects.flatMap((effect) =>
      effect.kind === 'outcome' && effect.attempt === attempt ? [effect.outcome] : [],
    );
  }

  alarms(): string[] {
    return this.effects.flatMap((effect) => (effect.kind === 'alarm' ? [effect.code] : []));
  }

  ofKind<K extends ControllerEffect['kind']>(kind: K): Extract<ControllerEffect, { kind: K }>[] {
    return this.effects.filter((effect): effect is Extract<ControllerEffect, { kind: K }> => effect.kind === kind);
  }
}

/** A RAS and its bound lock, the clock set, everything at rest. */
export function boundPair(suite: Suite = 'hardened'): PairBench {
  const pair = new PairBench(suite);
  pair.bind();
  return pair;
}
