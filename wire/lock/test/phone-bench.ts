import type { PrivateKeyHandle } from '@cardea/kit-crypto';
import { agreeP256, generateP256, signP256 } from '@cardea/kit-node';
import { Secret } from '@cardea/kit-runtime';
import {
  encodeLevelGrant,
  encodeSignedLevelGrant,
  grantKey,
  IDLE_PHONE,
  type KeyBundle,
  levelGrantSigned,
  type PhoneEffect,
  type PhoneInput,
  type PhoneState,
  presentationKey,
  sealGrant,
  stepPhone,
} from '@cardea/wire-access';
import type { LevelGrant, LockEvent, OfflineGrant, OfflineOperation } from '@cardea/wire-profile';
import {
  CHANNEL,
  decodeRefusal,
  lockController,
  lockIdOf,
  MESSAGE,
  openKeyReceipt,
  type ReceiptAnswer,
} from '../src/index.ts';
import { type DeviceBench, FACTORY_KEY, IDENTIFIER, primitives, START_UNIX_S } from './device-bench.ts';

export const GRANT_ID = Uint8Array.from({ length: 16 }, (_, i) => 0x40 + i);
/** Its first four octets: what events name. */
export const GRANT_ACTOR = 0x4041_4243;

/** A phone or card: a key pair that never leaves it. */
export interface Phone {
  readonly publicKey: Uint8Array;
  readonly privateKey: PrivateKeyHandle;
}

export const newPhone = (): Phone => generateP256();

/** A grant for this phone that opens now. */
export function grantFor(phone: Phone, change: Partial<OfflineGrant> = {}): OfflineGrant {
  return {
    noClock: false,
    grantId: GRANT_ID,
    phoneKey: phone.publicKey,
    operations: ['unlock', 'lock'],
    notBeforeS: START_UNIX_S - 3_600,
    notAfterS: START_UNIX_S + 86_400,
    leaseEndS: START_UNIX_S + 43_200,
    issuedAtS: START_UNIX_S - 60,
    series: 1,
    generation: 0,
    uses: 0,
    scheduleNumber: 0,
    ...change,
  };
}

/** What the RAS gives a phone for the lock of `identifier`, which is bound by `bindingKey`. */
export function bundleOf(bindingKey: Uint8Array, grant: OfflineGrant, identifier = IDENTIFIER): KeyBundle {
  const lockId = lockIdOf(identifier);
  return {
    lockId,
    grantId: grant.grantId,
    grant: sealGrant(primitives, grantKey(primitives, bindingKey), lockId, grant),
    presentationKey: new Secret(presentationKey(primitives, bindingKey, grant.grantId)),
  };
}

/** The same with a level grant, signed by `property`. */
export function levelBundleOf(bindingKey: Uint8Array, grant: LevelGrant, property: Phone): KeyBundle {
  const signature = signP256(property.privateKey, levelGrantSigned(encodeLevelGrant(grant)));
  return {
    lockId: lockIdOf(IDENTIFIER),
    grantId: grant.grantId,
    grant: encodeSignedLevelGrant(grant, signature),
    presentationKey: new Secret(presentationKey(primitives, bindingKey, grant.grantId)),
  };
}

/** How a tap ended. */
export type TapEnd = Extract<PhoneEffect<ReceiptAnswer>, { kind: 'done' | 'refused' }>;

/** One tap of a phone at a lock, over a connection of its own; messages pass through the test's hands. */
export class Tap {
  state: PhoneState = IDLE_PHONE;
  end: TapEnd | undefined;
  /** Messages of the phone that the lock has not got yet. */
  readonly toLock: Uint8Array[] = [];
  /** All messages of the phone, and all of the lock. */
  readonly said: Uint8Array[] = [];
  readonly heard: Uint8Array[] = [];
  readonly lock: DeviceBench;
  readonly link: number;
  readonly #phone: Phone;
  #sentSeen: number;

  constructor(lock: DeviceBench, phone: Phone, bundle: KeyBundle, operation: OfflineOperation = 'unlock', link = 7) {
    this.lock = lock;
    this.link = link;
    this.#phone = phone;
    this.#sentSeen = lock.sent.length;
    lock.input({ kind: 'connected', link });
    this.input({ kind: 'start', bundle, operation });
  }

  input(input: PhoneInput): void {
    const now = { unixMs: 0, monotonicMs: this.lock.monotonicMs };
    const step = stepPhone<ReceiptAnswer>({ primitives, now, openReceipt: openKeyReceipt }, this.state, input);
    this.state = step.state;
    for (const effect of step.effects) this.#perform(effect);
  }

  #perform(effect: PhoneEffect<ReceiptAnswer>): void {
    switch (effect.kind) {
      case 'send':
        this.toLock.push(effect.octets);
        this.said.push(effect.octets);
        return;
      case 'make-ephemeral':
        this.input({ kind: 'ephemeral', random: this.lock.random.octets(effect.sizeOctets), ...generateP256() });
        return;
      case 'sign':
        this.input({ kind: 'signed', signature: signP256(this.#phone.privateKey, effect.message) });
        return;
      case 'agree':
        this.input({ kind: 'agreed', z: agreeP256(effect.privateKey, effect.peer) });
        return;
      case 'wake':
        return;
      case 'done':
      case 'refused':
        this.end = effect;
    }
  }

  /** What the lock has said of the key: its result, a refusal's code; or why the phone has stopped. */
  get word(): string | undefined {
    const refusal = this.heard.find((octets) => octets[0] === MESSAGE.refusal);
    if (refusal !== undefined) return decodeRefusal(refusal).code;
    return this.end?.kind === 'done' ? this.end.receipt.result : this.end?.reason;
  }

  /** Carries one message to the lock, changed or not. */
  carry(change: (octets: Uint8Array) => Uint8Array = (octets) => octets): void {
    const octets = this.toLock.shift();
    if (octets === undefined) throw new Error('the phone has said nothing');
    this.lock.message(change(octets), this.link, CHANNEL.mobileKey);
    this.collect();
  }

  /** Takes what the lock has sent to this phone. */
  collect(): void {
    const sent = this.lock.sent.slice(this.#sentSeen).filter(({ link }) => link === this.link);
    this.#sentSeen = this.lock.sent.length;
    for (const { octets } of sent) {
      this.heard.push(octets);
      this.input({ kind: 'message', octets });
    }
  }

  /** Runs to the end; the body moves its bolt when it is asked to. */
  run(): TapEnd | undefined {
    while (this.toLock.length > 0) this.carry();
    this.settle();
    this.lock.input({ kind: 'disconnected', link: this.link });
    return this.end;
  }

  /** The body does what it was asked to, if it was. */
  settle(): void {
    if (this.lock.state.acting !== undefined && !this.lock.holdWrites) this.lock.act();
    this.collect();
  }
}

/** What the RAS reads in a record that a phone has carried. */
export function openCarried(bindingKey: Uint8Array, octets: Uint8Array | undefined): LockEvent | undefined {
  const record = { keyVersion: 1, resetCount: 0, active: new Secret(bindingKey), pending: undefined };
  const identity = { identifier: IDENTIFIER, factoryKey: new Secret(FACTORY_KEY) };
  return octets && lockController.access?.openCarried(primitives, identity, record, octets);
}
