import {
  agreeP256,
  generateP256,
  importP256,
  nodePrimitives,
  seededRandom,
  signP256,
  verifyP256,
} from '@cardea/kit-node';
import { Secret } from '@cardea/kit-runtime';
import type { CommandClass, DeviceInput } from '@cardea/wire-profile';
import {
  type AgreedKeys,
  type Answer,
  applyChange,
  CHANNEL,
  type DeviceEffect,
  type DeviceIdentity,
  type DeviceState,
  type DurableState,
  decodeAnswer,
  decodeFrameMessage,
  decodeRefusal,
  encodeConfirmS,
  encodeFrameMessage,
  encodeRequest,
  FACTORY_STATE,
  initialDevice,
  keySchedule,
  lockIdOf,
  type M1,
  MESSAGE,
  openFrame,
  openM2,
  type Refusal,
  type RequestBody,
  sealFrame,
  sealM1,
  stageBKey,
  stepDevice,
  transcriptHash,
} from '../src/index.ts';

export const primitives = nodePrimitives;
export const FACTORY_KEY = Uint8Array.from({ length: 16 }, (_, i) => i);
export const IDENTIFIER = 'C0FFEE00112A';
/** The serial key of the lock on the bench. */
export const SERIAL = importP256(Uint8Array.from({ length: 32 }, (_, i) => i + 1));
export const START_UNIX_S = 1_800_000_000;

export const identity: DeviceIdentity = {
  identifier: IDENTIFIER,
  model: 0x0102,
  factoryKey: new Secret(FACTORY_KEY),
  printedCode: new Secret('482913'),
  suite: 'hardened',
};

/** Something the lock sent. */
export interface Sent {
  readonly link: number;
  readonly channel: number;
  readonly octets: Uint8Array;
}

/**
 * A lock on the bench: runs the machine, its flash and its body, with time in the test's hands. Writes are done at
 * once unless `holdWrites` is set; the bolt moves only when the test says so.
 */
export class DeviceBench {
  state: DeviceState;
  durable: DurableState;
  monotonicMs = 0;
  unixMs = START_UNIX_S * 1000;
  holdWrites = false;
  holdSignatures = false;
  /** What the secure element works at is done when the test says so, in the order that it likes. */
  holdElement = false;
  element: (() => void)[] = [];
  held: Extract<DeviceEffect, { kind: 'persist' }>[] = [];
  sent: Sent[] = [];
  effects: DeviceEffect[] = [];
  status = {
    bits: { boltOut: true, jammed: false, doorOpen: false, tamper: false, privacy: false },
    batteryPercent: 87,
  };
  readonly random = seededRandom(7);
  readonly who: DeviceIdentity;

  constructor(durable: DurableState = FACTORY_STATE, who: DeviceIdentity = identity) {
    this.durable = durable;
    this.who = who;
    this.state = initialDevice(who, durable);
  }

  /** Takes the power away and brings it back; what was not written is gone. */
  reboot(): void {
    this.held = [];
    this.monotonicMs = 0;
    this.state = initialDevice(this.who, this.durable);
    this.input({ kind: 'powered-on', status: this.status });
  }

  input(input: DeviceInput): readonly DeviceEffect[] {
    const context = { primitives, now: { unixMs: this.unixMs, monotonicMs: this.monotonicMs } };
    const step = stepDevice(context, this.state, input);
    this.state = step.state;
    const all: DeviceEffect[] = [...step.effects];
    this.effects.push(...step.effects);
    for (const effect of step.effects) all.push(...this.perform(effect));
    return all;
  }

  private perform(effect: DeviceEffect): readonly DeviceEffect[] {
    const byElement = effect.kind === 'make-ephemeral' || effect.kind === 'verify' || effect.kind === 'agree';
    if (byElement && this.holdElement) {
      this.element.push(() => this.carryOut(effect));
      return [];
    }
    return this.carryOut(effect);
  }

  private carryOut(effect: DeviceEffect): readonly DeviceEffect[] {
    switch (effect.kind) {
      case 'send':
        this.sent.push(effect);
        return [];
      case 'persist':
        if (this.holdWrites) {
          this.held.push(effect);
          return [];
        }
        return this.write(effect);
      case 'make-random':
        return this.input({ kind: 'random', id: effect.id, random: this.random.octets(effect.sizeOctets) });
      case 'make-ephemeral': {
        const random = this.random.octets(effect.sizeOctets);
        return this.input({ kind: 'ephemeral', id: effect.id, random, ...generateP256() });
      }
      case 'sign':
        if (this.holdSignatures) return [];
        return this.input({ kind: 'signed', id: effect.id, signature: signP256(SERIAL.privateKey, effect.message) });
      case 'verify': {
        const valid = verifyP256(effect.publicKey, effect.message, effect.signature);
        return this.input({ kind: 'verified', id: effect.id, valid });
      }
      case 'agree':
        return this.input({ kind: 'agreed', id: effect.id, z: agreeP256(effect.privateKey, effect.peer) });
      default:
        return [];
    }
  }

  /** Does one write that was held. */
  write(effect: Extract<DeviceEffect, { kind: 'persist' }>): readonly DeviceEffect[] {
    this.durable = applyChange(this.durable, effect.change);
    return this.input({ kind: 'persisted', id: effect.id });
  }

  /** Does the writes that were held, in order, and those that they lead to. */
  flush(): void {
    for (let next = this.held.shift(); next !== undefined; next = this.held.shift()) this.write(next);
  }

  /** Lets time pass on both hands of the clock, and wakes the machine. */
  pass(ms: number): readonly DeviceEffect[] {
    this.monotonicMs += ms;
    this.unixMs += ms;
    return this.input({ kind: 'wake' });
  }

  message(octets: Uint8Array, link = 1, channel: number = CHANNEL.lock): readonly Sent[] {
    const before = this.sent.length;
    this.input({ kind: 'message', link, channel, octets });
    return this.sent.slice(before);
  }

  /** The body does what the newest `act` asked for. */
  act(result: Extract<DeviceInput, { kind: 'acted' }>['result'] = 'done'): readonly Sent[] {
    const act = this.effects.findLast((effect) => effect.kind === 'act');
    if (act?.kind !== 'act') throw new Error('the machine has asked for no movement');
    if (result === 'done') {
      this.status = { ...this.status, bits: { ...this.status.bits, boltOut: act.operation === 'lock' } };
    }
    const before = this.sent.length;
    this.input({ kind: 'acted', token: act.token, result, detail: 0, status: this.status });
    return this.sent.slice(before);
  }
}

/** A RAS on the bench: says exactly what the test makes it say. */
export class RasBench {
  keys: AgreedKeys | undefined;
  counter = 0;
  readonly random = seededRandom(11);

  m1(run: 'bind' | 'session', psk: Uint8Array, change: Partial<M1> = {}): BenchRun {
    const pair = generateP256();
    const m1: M1 = {
      suite: 'hardened',
      run,
      pskKind: run === 'bind' ? 'factory' : 'binding',
      keyVersion: 1,
      resetCount: 0,
      lockId: lockIdOf(IDENTIFIER),
      rs: this.random.octets(16),
      epkS: pair.publicKey,
      ...change,
    };
    const seed = this.random.octets(16);
    return { m1, seed, psk, pair, octets: sealM1(primitives, psk, m1, seed, this.random.octets(16)) };
  }

  /** Reads M2 and checks confirmL; the keys are this RAS's from then on. */
  agree(run: BenchRun, m2Octets: Uint8Array): AgreedKeys {
    const opened = openM2(primitives, stageBKey(primitives, run.psk, run.seed), run.m1.rs, m2Octets);
    if (opened === undefined) throw new Error('M2 is of another run');
    const z = agreeP256(run.pair.privateKey, opened.m2.epkL);
    if (z === undefined) throw new Error('epkL is off the curve');
    const transcript = transcriptHash(primitives, run.m1, opened.m2);
    const keys = keySchedule(primitives, { psk: run.psk, z, transcript, run: run.m1.run });
    if (!keys.confirmL.every((octet, i) => octet === opened.confirmL[i])) throw new Error('confirmL is wrong');
    this.keys = keys;
    this.counter = 0;
    return keys;
  }

  command(body: RequestBody, commandClass: CommandClass = 'own', counter = ++this.counter): Uint8Array {
    return encodeFrameMessage(
      'command',
      sealFrame(this.keys!.frames.command, counter, encodeRequest(commandClass, body)),
    );
  }

  answer(message: Uint8Array): Answer {
    const plaintext = openFrame(this.keys!.frames.receipt, decodeFrameMessage('receipt', message));
    if (plaintext === undefined) throw new Error('the receipt does not verify');
    return decodeAnswer(plaintext);
  }
}

export interface BenchRun {
  readonly m1: M1;
  readonly seed: Uint8Array;
  readonly psk: Uint8Array;
  readonly pair: ReturnType<typeof generateP256>;
  readonly octets: Uint8Array;
}

export const ofKind = (sent: readonly Sent[], kind: number): Sent[] => sent.filter((each) => each.octets[0] === kind);

export const refusalIn = (sent: readonly Sent[]): Refusal['code'] | undefined => {
  const refusal = ofKind(sent, MESSAGE.refusal)[0];
  return refusal === undefined ? undefined : decodeRefusal(refusal.octets).code;
};

/** A lock that has power and one connection (1). */
export function poweredLock(durable?: DurableState, who?: DeviceIdentity): DeviceBench {
  const lock = new DeviceBench(durable, who);
  lock.input({ kind: 'powered-on', status: lock.status });
  lock.input({ kind: 'connected', link: 1 });
  return lock;
}

/** A lock that is bound, with a live session, its clock set. */
export function boundLock(): { lock: DeviceBench; ras: RasBench; bindingKey: Uint8Array } {
  const lock = poweredLock();
  const ras = new RasBench();
  const bindingKey = bind(lock, ras);
  setTime(lock, ras);
  return { lock, ras, bindingKey };
}

export function bind(lock: DeviceBench, ras: RasBench, change: Partial<M1> = {}): Uint8Array {
  const run = ras.m1('bind', FACTORY_KEY, change);
  lock.message(run.octets);
  const before = lock.sent.length;
  lock.input({ kind: 'button' });
  const m2 = ofKind(lock.sent.slice(before), MESSAGE.m2)[0];
  if (m2 === undefined) throw new Error('no M2');
  const keys = ras.agree(run, m2.octets);
  lock.message(encodeConfirmS(keys.confirmS));
  return keys.bindingKey!.reveal();
}

export function openSession(
  lock: DeviceBench,
  ras: RasBench,
  bindingKey: Uint8Array,
  change: Partial<M1> = {},
  link = 1,
): void {
  const run = ras.m1('session', bindingKey, change);
  const m2 = ofKind(lock.message(run.octets, link), MESSAGE.m2)[0];
  if (m2 === undefined) throw new Error('no M2');
  lock.message(encodeConfirmS(ras.agree(run, m2.octets).confirmS), link);
}

export function freshNonce(lock: DeviceBench, ras: RasBench): Uint8Array {
  const receipts = ofKind(lock.message(ras.command({ name: 'get_nonce' })), MESSAGE.receipt);
  const answer = ras.answer(receipts[0]!.octets);
  if (answer.kind !== 'time') throw new Error('not a time answer');
  return answer.nonce;
}

export function setTime(
  lock: DeviceBench,
  ras: RasBench,
  timeS = Math.floor(lock.unixMs / 1000),
  stepBack = false,
): Answer {
  const nonce = freshNonce(lock, ras);
  const receipts = ofKind(lock.message(ras.command({ name: 'set_time', nonce, stepBack, timeS })), MESSAGE.receipt);
  return ras.answer(receipts[0]!.octets);
}

/** Sends a command and gives its answer, or undefined when there is none yet. */
export function ask(
  lock: DeviceBench,
  ras: RasBench,
  body: RequestBody,
  commandClass: CommandClass = 'own',
): Answer | undefined {
  const receipt = ofKind(lock.message(ras.command(body, commandClass)), MESSAGE.receipt)[0];
  return receipt === undefined ? undefined : ras.answer(receipt.octets);
}

/** Unix seconds by this lock's hardware clock. */
export const nowS = (lock: DeviceBench): number => Math.floor(lock.unixMs / 1000);
