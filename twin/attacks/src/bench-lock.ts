import type { Primitives } from '@cardea/kit-crypto';
import { agreeP256, generateP256, nodePrimitives, seededRandom, verifyP256 } from '@cardea/kit-node';
import { type Instant, type Random, Secret } from '@cardea/kit-runtime';
import { changeDigest, orderKey, sealAccessChange, tableKey } from '@cardea/wire-access';
import {
  type AgreedKeys,
  type Answer,
  applyChange,
  CHANNEL,
  type DeviceState,
  type DurableChange,
  type DurableState,
  decodeAnswer,
  decodeFrameMessage,
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
  type RequestBody,
  type ResultCode,
  type Run,
  sealFrame,
  sealM1,
  stageBKey,
  stepDevice,
  type TimeAnswer,
  transcriptHash,
} from '@cardea/wire-lock';
import type { AccessChange, BoltOperation, CommandClass, DeviceInput, Operation } from '@cardea/wire-profile';

const START_UNIX_MS = Date.UTC(2026, 0, 1);
/** Links above are guests'. */
const GUEST_LINKS = 1_000_000;

/**
 * A lock on the attacker's bench: the product's own device machine with a body that always obeys, its owner (who holds
 * the keys and speaks the protocol by the codecs), and a clock that is turned by hand. What the bolt was told to do is
 * counted; an attack gets through when it is told something that its owner did not just ask for.
 */
export class BenchLock {
  readonly identifier: string;
  readonly factoryKey: Secret;
  readonly random: Random;
  /** Every message that went to the lock or came from it, as somebody on the air sees it. */
  readonly heard: { readonly toLock: boolean; readonly channel: number; readonly octets: Uint8Array }[] = [];
  /** What the bolt was told, in order. */
  readonly bolt: BoltOperation[] = [];
  linkDropped = false;
  /** A power cut that waits for its write. */
  powerCut: PowerCut | undefined;
  /** Writes to flash so far. */
  writes = 0;
  #state: DeviceState;
  #durable: DurableState;
  #elapsedMs = 0;
  #link = 1;
  #keys: AgreedKeys | undefined;
  #counter = 0;
  #guests = 0;
  #entriesCounted = 0;
  readonly #sentOver: { readonly link: number; readonly octets: Uint8Array }[] = [];
  #driftPpm: number;
  /** What the lock's crystal has counted. */
  #crystalMs = 0;
  #hardwareOffsetMs = 0;

  constructor(seed: number, identifier = 'C0FFEE000001', { driftPpm = 0 }: { readonly driftPpm?: number } = {}) {
    this.#driftPpm = driftPpm;
    this.identifier = identifier;
    this.random = seededRandom(`bench lock ${seed} ${identifier}`);
    this.factoryKey = new Secret(this.random.octets(16));
    this.#durable = FACTORY_STATE;
    this.#state = this.#boot();
  }

  /** True time, with which the lock's agrees unless its clock drifts or was turned: Unix seconds. */
  get nowS(): number {
    return Math.floor(this.nowMs / 1000);
  }

  /** True time, Unix milliseconds. */
  get nowMs(): number {
    return START_UNIX_MS + this.#elapsedMs;
  }

  get opened(): number {
    return this.bolt.filter((operation) => operation === 'unlock').length;
  }

  /** What is in its flash. */
  get durable(): DurableState {
    return this.#durable;
  }

  get bound(): boolean {
    return this.#durable.record.active !== undefined;
  }

  /** Lets time pass, at the lock and everywhere. */
  pass(durationMs: number): void {
    this.#elapsedMs += durationMs;
    this.#crystalMs += durationMs * (1 + this.#driftPpm / 1e6);
    this.#input({ kind: 'wake' });
  }

  /** Turns the lock's hardware clock by so much. */
  turnClock(ms: number): void {
    this.#hardwareOffsetMs += ms;
  }

  /** What a lock without nonce and floor would do with a time that it is told: for weak doubles. */
  believe(timeS: number): void {
    const { record, clock } = this.#state;
    const clockOffsetMs = timeS * 1000 - this.#context().now.unixMs;
    const setMs = this.#context().now.monotonicMs;
    this.#state = {
      ...this.#state,
      record: { ...record, timeFloorS: timeS, clockOffsetMs },
      clock: { ...clock, setMs, errorMs: 1000, rasTimeMs: timeS * 1000 },
    };
  }

  /** What a lock would do whose full lists make room by forgetting the oldest: for weak doubles. */
  forgetOldest(list: 'denied' | 'uses' | 'pins'): void {
    const access = { ...this.#durable.access, [list]: this.#durable.access[list].slice(1) };
    this.#durable = { ...this.#durable, access };
    this.#state = { ...this.#state, access };
  }

  /** Cuts the power: what is not in flash is gone. */
  restart(): void {
    this.powerCut = undefined;
    this.#state = this.#boot();
  }

  /** Enters digits at its keypad; answers whether they were looked at: it opened, or a wrong entry was counted. */
  enter(code: string): 'opened' | 'counted' | 'nothing' {
    const [opened, counted] = [this.opened, this.#entriesCounted];
    this.#input({ kind: 'code', code });
    if (this.opened > opened) return 'opened';
    return this.#entriesCounted > counted ? 'counted' : 'nothing';
  }

  /** What a keypad would do after a power cut whose count is in memory alone: for weak doubles. */
  forgetEntries(): void {
    this.#durable = { ...this.#durable, access: { ...this.#durable.access, keypadWrong: 0 } };
  }

  /** A new connection, which resets the count of wrong tags. */
  reconnect(): void {
    this.#input({ kind: 'disconnected', link: this.#link });
    this.#link++;
    this.linkDropped = false;
    this.#input({ kind: 'connected', link: this.#link });
  }

  /** A connection of somebody else's, beside the owner's; `ended` by `disconnect`. */
  connect(): number {
    this.#guests++;
    const link = GUEST_LINKS + this.#guests;
    this.#input({ kind: 'connected', link });
    return link;
  }

  disconnect(link: number): void {
    this.#input({ kind: 'disconnected', link });
  }

  /** Gives the lock a message over such a connection; answers what it sends back there, on the same channel. */
  giveOver(link: number, channel: number, octets: Uint8Array): readonly Uint8Array[] {
    this.heard.push({ toLock: true, channel, octets });
    const before = this.#sentOver.length;
    this.#input({ kind: 'message', link, channel, octets });
    return this.#sentOver.slice(before).flatMap((sent) => (sent.link === link ? [sent.octets] : []));
  }

  press(): void {
    this.#input({ kind: 'button' });
  }

  /** Gives the lock a message; answers what it sends back. Reconnects first when it has dropped the link. */
  give(channel: number, octets: Uint8Array): readonly Uint8Array[] {
    if (this.linkDropped) this.reconnect();
    this.heard.push({ toLock: true, channel, octets });
    const before = this.heard.length;
    this.#input({ kind: 'message', link: this.#link, channel, octets });
    return this.heard.slice(before).map((message) => message.octets);
  }

  /** Its owner binds it or makes a session, honestly. `psk` stands in for the right key when given. */
  agree(run: Run, psk?: Uint8Array): boolean {
    const slot = this.#durable.record.active;
    const key = psk ?? (run === 'bind' ? this.factoryKey.reveal() : slot?.key.reveal());
    if (key === undefined) return false;
    const pair = generateP256();
    const seed = this.random.octets(16);
    const m1: M1 = {
      suite: 'hardened',
      run,
      pskKind: run === 'bind' ? 'factory' : 'binding',
      keyVersion: run === 'bind' ? 1 : (slot?.keyVersion ?? 0),
      resetCount: this.#durable.record.resetCount,
      lockId: lockIdOf(this.identifier),
      rs: this.random.octets(16),
      epkS: pair.publicKey,
    };
    const answers = this.give(CHANNEL.binding, sealM1(nodePrimitives, key, m1, seed, this.random.octets(16)));
    const mark = this.heard.length;
    if (run === 'bind') this.press();
    const offer = [...answers, ...this.heard.slice(mark).map((message) => message.octets)].find(
      (octets) => octets[0] === MESSAGE.m2,
    );
    if (offer === undefined) return false;
    const opened = openM2(nodePrimitives, stageBKey(nodePrimitives, key, seed), m1.rs, offer);
    const z = opened === undefined ? undefined : agreeP256(pair.privateKey, opened.m2.epkL);
    if (opened === undefined || z === undefined) return false;
    const transcript = transcriptHash(nodePrimitives, m1, opened.m2);
    this.#keys = keySchedule(nodePrimitives, { psk: key, z, transcript, run });
    this.#counter = 0;
    this.give(CHANNEL.binding, encodeConfirmS(this.#keys.confirmS));
    return this.bound;
  }

  /** Lets `attempt` make its run; answers whether it got keys, and gives the owner its own back. */
  sessionReplacedBy(attempt: () => unknown): boolean {
    const [keys, counter] = [this.#keys, this.#counter];
    attempt();
    const replaced = this.#keys !== keys;
    this.#keys = keys;
    this.#counter = counter;
    return replaced;
  }

  /** The next command frame of its owner, sealed but not sent. */
  command(body: RequestBody, commandClass: CommandClass = 'operate'): Uint8Array {
    if (this.#keys === undefined) throw new Error('no session on the bench');
    this.#counter++;
    const frame = sealFrame(this.#keys.frames.command, this.#counter, encodeRequest(commandClass, body));
    return encodeFrameMessage('command', frame);
  }

  /** A command for the bolt, stamped now. */
  operate(operation: Operation, timeToLiveS = 10): Uint8Array {
    return this.command({ name: 'lock_control', operation, timeToLiveS, stampS: this.nowS });
  }

  /** Sets the lock's clock, honestly. */
  setTime(): void {
    const body = { name: 'set_time', nonce: this.nonce(), stepBack: false, timeS: this.nowS } as const;
    this.ask(this.command(body, 'manage'));
  }

  /** What the lock takes the time to be, and a nonce of the session, unused. */
  askTime(): TimeAnswer {
    const answer = this.ask(this.command({ name: 'get_nonce' }));
    if (answer?.kind !== 'time') throw new Error('the lock gave no nonce');
    return answer;
  }

  nonce(): Uint8Array {
    return this.askTime().nonce;
  }

  /** Gives the lock a change of its access, honestly sealed and not yet applied; answers the digest that APPLY names. */
  offerChange(change: AccessChange = { kind: 'keypad-reopened' }): Uint8Array {
    const message = sealAccessChange(nodePrimitives, this.accessKeys, change);
    this.give(CHANNEL.lock, message);
    return changeDigest(nodePrimitives, message);
  }

  /** Its owner changes what it enforces by itself: how that ended. */
  change(change: AccessChange): ResultCode | undefined {
    const digest = this.offerChange(change);
    const answer = this.ask(this.command({ name: 'apply', digest, stampS: this.nowS }, 'manage'));
    return answer?.kind === 'receipt' ? answer.result : undefined;
  }

  /** The keys of orders and changes, as the RAS has them. */
  get accessKeys(): { readonly order: Uint8Array; readonly table: Uint8Array } {
    const key = this.bindingKey;
    return { order: orderKey(nodePrimitives, key), table: tableKey(nodePrimitives, key) };
  }

  /** Kbind, as the RAS has it. */
  get bindingKey(): Uint8Array {
    const slot = this.#durable.record.active;
    if (slot === undefined) throw new Error('the bench lock is not bound');
    return slot.key.reveal();
  }

  /** Sends a message of its owner and opens the answer. */
  ask(message: Uint8Array): Answer | undefined {
    return this.answer(this.give(CHANNEL.lock, message));
  }

  /** The first authentic answer among messages of the lock. */
  answer(messages: readonly Uint8Array[]): Answer | undefined {
    for (const message of messages) {
      if (this.#keys === undefined || message[0] !== MESSAGE.receipt) continue;
      const plaintext = openFrame(this.#keys.frames.receipt, decodeFrameMessage('receipt', message));
      if (plaintext !== undefined) return decodeAnswer(plaintext);
    }
    return undefined;
  }

  #context(): { readonly primitives: Primitives; readonly now: Instant } {
    const unixMs = START_UNIX_MS + Math.floor(this.#crystalMs) + this.#hardwareOffsetMs;
    return { primitives: nodePrimitives, now: { unixMs, monotonicMs: Math.floor(this.#crystalMs) } };
  }

  #persist(change: DurableChange): void {
    this.writes++;
    if (change.kind === 'access') this.#entriesCounted += change.deltas.filter(({ kind }) => kind === 'keypad').length;
    const cut = this.powerCut;
    if (cut !== undefined && cut.write === this.writes) {
      if (cut.written) this.#durable = applyChange(this.#durable, change);
      throw new PowerGone();
    }
    this.#durable = applyChange(this.#durable, change);
  }

  #boot(): DeviceState {
    const printedCode = undefined;
    const { identifier, factoryKey } = this;
    this.#state = initialDevice({ identifier, model: 1, factoryKey, printedCode, suite: 'hardened' }, this.#durable);
    this.#input({ kind: 'powered-on', status: STATUS });
    this.#input({ kind: 'connected', link: this.#link });
    return this.#state;
  }

  #input(input: DeviceInput): void {
    const { state, effects } = stepDevice(this.#context(), this.#state, input);
    this.#state = state;
    for (const effect of effects) {
      switch (effect.kind) {
        case 'send':
          if (effect.link > GUEST_LINKS) this.#sentOver.push({ link: effect.link, octets: effect.octets });
          this.heard.push({ toLock: false, channel: effect.channel, octets: effect.octets });
          break;
        case 'drop-link':
          if (effect.link === this.#link) this.linkDropped = true;
          break;
        case 'act':
          this.bolt.push(effect.operation);
          this.#input({ kind: 'acted', token: effect.token, result: 'done', detail: 0, status: STATUS });
          break;
        case 'persist':
          this.#persist(effect.change);
          this.#input({ kind: 'persisted', id: effect.id });
          break;
        case 'make-ephemeral': {
          const pair = generateP256();
          this.#input({ kind: 'ephemeral', id: effect.id, random: this.random.octets(effect.sizeOctets), ...pair });
          break;
        }
        case 'make-random':
          this.#input({ kind: 'random', id: effect.id, random: this.random.octets(effect.sizeOctets) });
          break;
        case 'agree':
          this.#input({ kind: 'agreed', id: effect.id, z: agreeP256(effect.privateKey, effect.peer) });
          break;
        case 'sign':
          this.#input({ kind: 'signed', id: effect.id, signature: undefined });
          break;
        case 'verify': {
          const { id, publicKey, message, signature } = effect;
          this.#input({ kind: 'verified', id, valid: verifyP256(publicKey, message, signature) });
          break;
        }
        case 'card-command':
        case 'configure':
        case 'advertise':
        case 'confirmation-wanted':
        case 'cleared':
        case 'wake':
          break;
      }
    }
  }
}

/** Cuts the power at a write to flash, counted as {@link BenchLock.writes}; `written` says whether that one is whole. */
export interface PowerCut {
  readonly write: number;
  readonly written: boolean;
}

/** Thrown out of whatever the lock was doing when its power went. */
export class PowerGone extends Error {
  override readonly name = 'PowerGone';
}

const STATUS = {
  bits: { boltOut: true, jammed: false, doorOpen: false, tamper: false, privacy: false },
  batteryPercent: 90,
} as const;

/** A lock that is bound, in a session, with its clock set: ready to be attacked. */
export function boundLock(seed: number, identifier?: string, clock?: { readonly driftPpm?: number }): BenchLock {
  const lock = new BenchLock(seed, identifier, clock);
  if (!lock.agree('bind')) throw new Error('the bench lock did not bind');
  lock.setTime();
  const before = lock.opened;
  const receipt = lock.ask(lock.operate('unlock'));
  if (lock.opened !== before + 1 || receipt?.kind !== 'receipt' || receipt.result !== 'done') {
    throw new Error('the bench lock does not obey its owner: the attacks would show nothing');
  }
  return lock;
}
