import { agreeP256, generateP256, nodePrimitives, seededRandom } from '@cardea/kit-node';
import { Secret } from '@cardea/kit-runtime';
import type {
  BindingRecord,
  BodyStatus,
  CommandClass,
  ControllerEffect,
  ControllerInput,
  DeviceInput,
  LockEvent,
  Operation,
  Outcome,
} from '@cardea/wire-profile';
import {
  applyMaker2Change,
  initialMaker2Device,
  MAKER2_CHANNEL,
  MAKER2_FACTORY_STATE,
  type Maker2ControllerState,
  type Maker2DeviceEffect,
  type Maker2DeviceState,
  type Maker2DurableState,
  maker2Controller,
  stepMaker2Device,
} from '../src/index.ts';

export const IDENTITY = {
  identifier: 'C0FFEE000201',
  model: 513,
  factoryKey: new Secret(Uint8Array.from({ length: 16 }, (_, i) => i)),
  printedCode: new Secret('4711-0815'),
};
export const START_UNIX_MS = 1_750_000_000_000;

/** What the medium between the two may do to a message: deliver it so often, now (0: lost). */
export type Fate = (direction: 'to-lock' | 'to-ras', octets: Uint8Array) => number;

/**
 * A controller and a lock with a body and a flash, both with everything that they ask for at hand. Messages wait in
 * `toLock` and `toRas` until `run` carries them; what has been sent is kept in `heard`.
 */
export class Pair {
  readonly #random;
  readonly #fate: Fate;
  nowMs = 0;
  controller: Maker2ControllerState;
  record: BindingRecord | undefined;
  device: Maker2DeviceState;
  durable: Maker2DurableState = MAKER2_FACTORY_STATE;
  body: BodyStatus = {
    bits: { boltOut: true, jammed: false, doorOpen: false, tamper: false, privacy: false },
    batteryPercent: 90,
  };
  opened = 0;
  moves = 0;
  toLock: Uint8Array[] = [];
  toRas: Uint8Array[] = [];
  readonly heard: { readonly direction: 'to-lock' | 'to-ras'; readonly octets: Uint8Array }[] = [];
  readonly outcomes: { readonly attempt: string; readonly outcome: Outcome }[] = [];
  readonly events: LockEvent[] = [];
  readonly alarms: string[] = [];
  readonly controllerEffects: ControllerEffect[] = [];
  advertised: { readonly address: string; readonly data: Uint8Array } | undefined;
  advertisementKey: Uint8Array | undefined;
  dropped = 0;
  #attempts = 0;
  // Inputs wait until the effects of the one before are done: what both machines ask of whoever runs them.
  #lockInputs: DeviceInput[] = [];
  #lockBusy = false;
  #rasInputs: ControllerInput[] = [];
  #rasBusy = false;
  #wakeRasMs: number | undefined;
  #wakeLockMs: number | undefined;
  /** Writes of the flash until the next power cut; the one after is lost. */
  writesLeft = Number.POSITIVE_INFINITY;
  storesLeft = Number.POSITIVE_INFINITY;
  /** How the lock's bolt fares. */
  moveResult: 'done' | 'jammed' | 'battery_empty' | 'privacy' = 'done';

  constructor(seed: string | number = 1, fate: Fate = () => 1) {
    this.#random = seededRandom(seed);
    this.#fate = fate;
    this.controller = maker2Controller.initial(IDENTITY, undefined);
    this.device = this.powerUp();
  }

  get now() {
    return { unixMs: START_UNIX_MS + this.nowMs, monotonicMs: this.nowMs };
  }

  powerUp(): Maker2DeviceState {
    this.toLock = [];
    this.#lockInputs = [];
    this.writesLeft = Number.POSITIVE_INFINITY;
    this.#wakeLockMs = undefined;
    this.device = initialMaker2Device({ primitives: nodePrimitives, now: this.now }, IDENTITY, this.durable);
    this.lock({ kind: 'powered-on', status: this.body });
    this.lock({ kind: 'connected', link: 1 });
    return this.device;
  }

  restartRas(): void {
    this.toRas = [];
    this.#rasInputs = [];
    this.storesLeft = Number.POSITIVE_INFINITY;
    this.#wakeRasMs = undefined;
    this.controller = maker2Controller.initial(IDENTITY, this.record);
    this.ras({ kind: 'wake' });
  }

  /** Feeds the lock; a write that power does not allow ends it there. */
  lock(input: DeviceInput): void {
    this.#lockInputs.push(input);
    if (this.#lockBusy) return;
    this.#lockBusy = true;
    for (let next = this.#lockInputs.shift(); next !== undefined; next = this.#lockInputs.shift()) this.#stepLock(next);
    this.#lockBusy = false;
  }

  #stepLock(input: DeviceInput): void {
    const step = stepMaker2Device({ primitives: nodePrimitives, now: this.now }, this.device, input);
    this.device = step.state;
    for (const effect of step.effects) {
      if (!this.#performLock(effect)) return;
    }
  }

  #performLock(effect: Maker2DeviceEffect): boolean {
    switch (effect.kind) {
      case 'send':
        this.#carry('to-ras', effect.octets);
        return true;
      case 'act':
        this.moves++;
        if (this.moveResult === 'done') {
          if (effect.operation === 'unlock') this.opened++;
          this.body = { ...this.body, bits: { ...this.body.bits, boltOut: effect.operation === 'lock' } };
        }
        this.lock({ kind: 'acted', token: effect.token, result: this.moveResult, detail: 0, status: this.body });
        return true;
      case 'persist':
        if (this.writesLeft-- <= 0) {
          this.powerUp();
          return false;
        }
        this.durable = applyMaker2Change(this.durable, effect.change);
        this.lock({ kind: 'persisted', id: effect.id });
        return true;
      case 'make-ephemeral':
        this.lock({
          kind: 'ephemeral',
          id: effect.id,
          random: this.#random.octets(effect.sizeOctets),
          ...generateP256(),
        });
        return true;
      case 'make-random':
        this.lock({ kind: 'random', id: effect.id, random: this.#random.octets(effect.sizeOctets) });
        return true;
      case 'agree':
        this.lock({ kind: 'agreed', id: effect.id, z: agreeP256(effect.privateKey, effect.peer) });
        return true;
      case 'advertise':
        this.advertised = effect;
        return true;
      case 'drop-link':
        this.dropped++;
        this.lock({ kind: 'disconnected', link: effect.link });
        this.lock({ kind: 'connected', link: effect.link });
        return true;
      case 'wake':
        this.#wakeLockMs = effect.atMonotonicMs;
        return true;
      case 'configure':
      case 'sign':
      case 'verify':
      case 'card-command':
        throw new Error(`a lock of the second maker asks for no ${effect.kind}`);
      case 'confirmation-wanted':
      case 'cleared':
        return true;
    }
  }

  /** Feeds the RAS; a store that its disk does not allow ends it there. */
  ras(input: ControllerInput): void {
    this.#rasInputs.push(input);
    if (this.#rasBusy) return;
    this.#rasBusy = true;
    for (let next = this.#rasInputs.shift(); next !== undefined; next = this.#rasInputs.shift()) this.#stepRas(next);
    this.#rasBusy = false;
  }

  #stepRas(input: ControllerInput): void {
    const step = maker2Controller.step({ primitives: nodePrimitives, now: this.now }, this.controller, input);
    this.controller = step.state;
    for (const effect of step.effects) {
      if (!this.#performRas(effect)) return;
    }
  }

  #performRas(effect: ControllerEffect): boolean {
    this.controllerEffects.push(effect);
    switch (effect.kind) {
      case 'send':
        this.#carry('to-lock', effect.octets);
        return true;
      case 'make-ephemeral':
        this.ras({
          kind: 'ephemeral',
          id: effect.id,
          random: this.#random.octets(effect.sizeOctets),
          ...generateP256(),
        });
        return true;
      case 'make-random':
        this.ras({ kind: 'random', id: effect.id, random: this.#random.octets(effect.sizeOctets) });
        return true;
      case 'agree':
        this.ras({ kind: 'agreed', id: effect.id, z: agreeP256(effect.privateKey, effect.peer) });
        return true;
      case 'store':
        if (this.storesLeft-- <= 0) {
          this.restartRas();
          return false;
        }
        this.record = effect.record;
        this.ras({ kind: 'stored', id: effect.id });
        return true;
      case 'outcome':
        this.outcomes.push({ attempt: effect.attempt, outcome: effect.outcome });
        return true;
      case 'event':
        this.events.push(effect.event);
        this.ras({ kind: 'events-durable', sequence: effect.event.sequence });
        return true;
      case 'alarm':
        this.alarms.push(effect.code);
        return true;
      case 'advertisement-key':
        this.advertisementKey = effect.key.reveal();
        return true;
      case 'wake':
        this.#wakeRasMs = effect.atMonotonicMs;
        return true;
      case 'sent':
      case 'state':
      case 'chain-head':
      case 'wants-attention':
        return true;
    }
  }

  #carry(direction: 'to-lock' | 'to-ras', octets: Uint8Array): void {
    this.heard.push({ direction, octets });
    const queue = direction === 'to-lock' ? this.toLock : this.toRas;
    for (let i = this.#fate(direction, octets); i > 0; i--) queue.push(octets);
  }

  /** Carries what waits, both ways, until nothing waits. */
  run(): this {
    for (let rounds = 0; rounds < 1000; rounds++) {
      const down = this.toLock.shift();
      if (down !== undefined) this.hand(down);
      const up = this.toRas.shift();
      if (up !== undefined) this.ras({ kind: 'message', channel: MAKER2_CHANNEL, octets: up });
      if (down === undefined && up === undefined) return this;
    }
    throw new Error('the two never fall silent');
  }

  /** Hands octets to the lock as a central would. */
  hand(octets: Uint8Array, link = 1): void {
    this.lock({ kind: 'message', link, channel: MAKER2_CHANNEL, octets });
  }

  /** Lets time pass, in steps of at most half a second, with the wakes that are due. */
  pass(durationMs: number): this {
    for (let left = durationMs; left > 0; left -= 500) {
      this.nowMs += Math.min(500, left);
      if (this.#wakeRasMs !== undefined && this.#wakeRasMs <= this.nowMs) {
        this.#wakeRasMs = undefined;
        this.ras({ kind: 'wake' });
      }
      if (this.#wakeLockMs !== undefined && this.#wakeLockMs <= this.nowMs) {
        this.#wakeLockMs = undefined;
        this.lock({ kind: 'wake' });
      }
    }
    return this;
  }

  operate(operation: Operation, options: { class?: CommandClass; timeToLiveS?: number } = {}): string {
    const attempt = `att_${++this.#attempts}`;
    const timeToLiveS = options.timeToLiveS ?? 10;
    this.ras({
      kind: 'operate',
      attempt,
      operation,
      class: options.class ?? 'operate',
      timeToLiveS,
      expiresAtMs: this.now.unixMs + timeToLiveS * 1000,
    });
    return attempt;
  }

  ask(kind: 'bind' | 'unbind', lifeMs = 60_000): string {
    const attempt = `att_${++this.#attempts}`;
    this.ras({ kind, attempt, expiresAtMs: this.now.unixMs + lifeMs });
    return attempt;
  }

  /** The last word on an attempt. */
  outcomeOf(attempt: string): Outcome | undefined {
    return this.outcomes.findLast((one) => one.attempt === attempt)?.outcome;
  }

  /** Binds as an installer does: asks, presses the button. */
  bind(): this {
    this.ask('bind');
    this.run();
    this.lock({ kind: 'button' });
    this.run();
    return this;
  }
}
