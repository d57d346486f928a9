import { agreeP256, generateP256, nodePrimitives, seededRandom } from '@cardea/kit-node';
import { type Random, Secret } from '@cardea/kit-runtime';
import type { DeviceMachine } from '@cardea/lock';
import type {
  BindingRecord,
  BodyStatus,
  ControllerEffect,
  ControllerInput,
  DeviceInput,
  LockController,
  Operation,
} from '@cardea/wire-profile';

const START_UNIX_MS = Date.UTC(2026, 0, 1);
const STATUS: BodyStatus = {
  bits: { boltOut: true, jammed: false, doorOpen: false, tamper: false, privacy: false },
  batteryPercent: 90,
};
/** How long a message is under way. */
const LEG_MS = 50;
/** How often those who wait are woken, and how often before the bench gives up. */
const WAKE_EVERY_MS = 500;
const WAKES_MOST = 200;

/** A message on the air. */
export interface Recorded {
  readonly channel: number;
  readonly octets: Uint8Array;
}

/** A maker's lock with its server half, strong or weakened. */
export interface Subject<State, Durable, Change> {
  readonly name: string;
  readonly controller: LockController<unknown>;
  readonly machine: DeviceMachine<State, Durable, Change>;
  /** What the lock is after a power cut: what its flash says, unless the double keeps more (or less). */
  reboot(fresh: State, before: State): State;
  /** Whether this message of the lock is the answer to a command that it took. */
  isReceipt(message: Recorded): boolean;
}

/** A lock at a moment, to be tried again and again: its machine is pure, so nothing that is tried is kept. */
export interface LockPoint<State, Durable> {
  readonly state: State;
  readonly durable: Durable;
  /** When it got power: its monotonic clock runs from here. */
  readonly bootedAtMs: number;
}

/** What a lock did. */
export interface Reaction<State, Durable> {
  readonly point: LockPoint<State, Durable>;
  readonly sent: readonly Recorded[];
  /** How often the bolt was told to open. */
  readonly opens: number;
}

/** The attacker's own connection. */
const ATTACKER_LINK = 7;
const OWNER_LINK = 1;

/** A lock and its server, who talk while somebody listens. Time is the bench's own and stands still between calls. */
export class ReplayBench<State, Durable, Change> {
  readonly subject: Subject<State, Durable, Change>;
  /** Everything that ever went to the lock. */
  readonly heard: Recorded[] = [];
  /** What the lock drew, by size: for locks whose randomness repeats. */
  readonly drawn = new Map<number, Uint8Array>();
  nowMs = 0;
  point: LockPoint<State, Durable>;
  readonly #identity = {
    identifier: 'C0FFEE000001',
    model: 1,
    factoryKey: new Secret(new Uint8Array(16).fill(9)),
    printedCode: undefined,
  };
  readonly #random: Random;
  #controller: unknown;
  #record: BindingRecord | undefined;
  #toLock: Recorded[] = [];
  #succeeded = new Set<string>();
  #attempts = 0;

  constructor(subject: Subject<State, Durable, Change>, seed: number) {
    this.subject = subject;
    const drawing = seededRandom(`replay ${subject.name} ${seed}`);
    this.#random = {
      octets: (sizeOctets) => {
        const octets = drawing.octets(sizeOctets);
        this.drawn.set(sizeOctets, octets);
        return octets;
      },
    };
    this.point = this.#powered(subject.machine.durable.factory, undefined, 0, this.#random);
    this.restartServer();
  }

  /** The server forgets its session: the next command makes a new one. */
  restartServer(): void {
    this.#controller = this.subject.controller.initial(this.#identity, this.#record);
    this.#server({ kind: 'wake' });
  }

  /** Binds the lock, with somebody at its button. */
  bind(): void {
    this.#do((attempt, expiresAtMs) => ({ kind: 'bind', attempt, expiresAtMs }));
  }

  /** The owner operates the lock, honestly. */
  operate(operation: Operation): void {
    this.#do((attempt, expiresAtMs) => ({
      kind: 'operate',
      attempt,
      operation,
      class: 'operate',
      timeToLiveS: 10,
      expiresAtMs,
    }));
  }

  /** The lock after a power cut `atMs`. `random` stands in for its own. */
  rebooted(atMs: number, random: Random = this.#random): LockPoint<State, Durable> {
    return this.#powered(this.point.durable, this.point.state, atMs, random);
  }

  /** The attacker connects anew to a lock at `atMs`. */
  connected(point: LockPoint<State, Durable>, atMs: number): LockPoint<State, Durable> {
    const woken = this.feed(point, atMs, { kind: 'wake' }).point;
    const alone = this.feed(woken, atMs, { kind: 'disconnected', link: ATTACKER_LINK }).point;
    return this.feed(alone, atMs, { kind: 'connected', link: ATTACKER_LINK }).point;
  }

  /** What a lock does with a message of the attacker. */
  give(point: LockPoint<State, Durable>, atMs: number, message: Recorded, random?: Random): Reaction<State, Durable> {
    return this.feed(point, atMs, { kind: 'message', link: ATTACKER_LINK, ...message }, random);
  }

  /** What a lock does with an input, its flash and body doing at once what they are asked for. */
  feed(
    from: LockPoint<State, Durable>,
    atMs: number,
    first: DeviceInput,
    random: Random = this.#random,
  ): Reaction<State, Durable> {
    const { machine } = this.subject;
    const now = { unixMs: START_UNIX_MS + atMs, monotonicMs: atMs - from.bootedAtMs };
    const inputs: DeviceInput[] = [first];
    const sent: Recorded[] = [];
    let { state, durable } = from;
    let opens = 0;
    for (let input = inputs.shift(); input !== undefined; input = inputs.shift()) {
      const step = machine.step({ primitives: nodePrimitives, now }, state, input);
      state = step.state;
      for (const effect of step.effects) {
        switch (effect.kind) {
          case 'send':
            sent.push({ channel: effect.channel, octets: effect.octets });
            break;
          case 'act':
            if (effect.operation === 'unlock') opens++;
            inputs.push({ kind: 'acted', token: effect.token, result: 'done', detail: 0, status: STATUS });
            break;
          case 'persist':
            durable = machine.durable.apply(durable, effect.change);
            inputs.push({ kind: 'persisted', id: effect.id });
            break;
          case 'make-random':
            inputs.push({ kind: 'random', id: effect.id, random: random.octets(effect.sizeOctets) });
            break;
          case 'make-ephemeral': {
            const drawn = random.octets(effect.sizeOctets);
            inputs.push({ kind: 'ephemeral', id: effect.id, random: drawn, ...generateP256() });
            break;
          }
          case 'agree':
            inputs.push({ kind: 'agreed', id: effect.id, z: agreeP256(effect.privateKey, effect.peer) });
            break;
          case 'sign':
            inputs.push({ kind: 'signed', id: effect.id, signature: undefined });
            break;
          case 'drop-link':
            inputs.push({ kind: 'disconnected', link: effect.link });
            break;
          case 'advertise':
          case 'cleared':
          case 'configure':
          case 'confirmation-wanted':
          case 'wake':
            break;
        }
      }
    }
    return { point: { state, durable, bootedAtMs: from.bootedAtMs }, sent, opens };
  }

  #powered(durable: Durable, before: State | undefined, atMs: number, random: Random): LockPoint<State, Durable> {
    const now = { unixMs: START_UNIX_MS + atMs, monotonicMs: 0 };
    const { machine, reboot } = this.subject;
    const fresh = machine.initial({ primitives: nodePrimitives, now }, this.#identity, durable);
    const state = before === undefined ? fresh : reboot(fresh, before);
    const off = { state, durable, bootedAtMs: atMs };
    const on = this.feed(off, atMs, { kind: 'powered-on', status: STATUS }, random).point;
    return this.feed(on, atMs, { kind: 'connected', link: OWNER_LINK }, random).point;
  }

  #do(input: (attempt: string, expiresAtMs: number) => ControllerInput): void {
    const attempt = `attempt ${++this.#attempts}`;
    this.#server(input(attempt, START_UNIX_MS + this.nowMs + 100_000));
    for (let wakes = 0; wakes < WAKES_MOST; wakes++) {
      this.#deliver();
      if (this.#succeeded.has(attempt)) return;
      this.#atLock({ kind: 'button' });
      this.nowMs += WAKE_EVERY_MS;
      this.#atLock({ kind: 'wake' });
      this.#server({ kind: 'wake' });
    }
    throw new Error(`the lock does not obey its owner (${this.subject.name}): the attack would show nothing`);
  }

  #deliver(): void {
    for (let one = this.#toLock.shift(); one !== undefined; one = this.#toLock.shift()) {
      this.nowMs += LEG_MS;
      this.heard.push(one);
      this.#atLock({ kind: 'message', link: OWNER_LINK, ...one });
    }
  }

  /** The lock's own history goes on; what it says reaches the server at once. */
  #atLock(input: DeviceInput): void {
    const { point, sent } = this.feed(this.point, this.nowMs, input);
    this.point = point;
    for (const { channel, octets } of sent) this.#server({ kind: 'message', channel, octets });
  }

  #server(first: ControllerInput): void {
    const inputs = [first];
    for (let input = inputs.shift(); input !== undefined; input = inputs.shift()) {
      const now = { unixMs: START_UNIX_MS + this.nowMs, monotonicMs: this.nowMs };
      const step = this.subject.controller.step({ primitives: nodePrimitives, now }, this.#controller, input);
      this.#controller = step.state;
      for (const effect of step.effects) {
        const result = this.#perform(effect);
        if (result !== undefined) inputs.push(result);
      }
    }
  }

  #perform(effect: ControllerEffect): ControllerInput | undefined {
    switch (effect.kind) {
      case 'send':
        this.#toLock.push({ channel: effect.channel, octets: effect.octets });
        return undefined;
      case 'make-ephemeral': {
        const random = this.#random.octets(effect.sizeOctets);
        return { kind: 'ephemeral', id: effect.id, random, ...generateP256() };
      }
      case 'make-random':
        return { kind: 'random', id: effect.id, random: this.#random.octets(effect.sizeOctets) };
      case 'agree':
        return { kind: 'agreed', id: effect.id, z: agreeP256(effect.privateKey, effect.peer) };
      case 'store':
        this.#record = effect.record;
        return { kind: 'stored', id: effect.id };
      case 'event':
        return { kind: 'events-durable', sequence: effect.event.sequence };
      case 'outcome':
        if (effect.outcome.kind === 'succeeded') this.#succeeded.add(effect.attempt);
        return undefined;
      default:
        return undefined;
    }
  }
}
