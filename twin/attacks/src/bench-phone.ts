import { agreeP256, generateP256, nodePrimitives, signP256 } from '@cardea/kit-node';
import { type Random, Secret } from '@cardea/kit-runtime';
import {
  type ExchangeRefusal,
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
import { CHANNEL, lockIdOf, openKeyReceipt, type ReceiptAnswer, type ResultCode } from '@cardea/wire-lock';
import type { LevelGrant, OfflineGrant, OfflineOperation } from '@cardea/wire-profile';
import type { BenchLock } from './bench-lock.ts';

/** What came of a tap: the lock's own word, or why there was none. */
export type Tapped = ResultCode | ExchangeRefusal;

/** Stands between phone and lock, and does to their messages what it likes. */
export interface OnTheWay {
  /** A message of the phone: what reaches the lock instead. */
  toLock?(octets: Uint8Array, lock: BenchLock): readonly Uint8Array[];
  /** A message of the lock: what reaches the phone instead. */
  toPhone?(octets: Uint8Array, lock: BenchLock): readonly Uint8Array[];
  /** How long a message is under way, either way. */
  readonly delayMs?: number;
}

/**
 * A phone on the bench: the product's own machine with a key pair of its own. What the RAS does for it (sealing its grant,
 * handing it the presentation key) is done by the codecs with the lock's true key.
 */
export class BenchPhone {
  readonly pair = generateP256();
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  /** A grant of this phone's, good for the two hours from now on unless `patch` says otherwise. */
  grant(lock: BenchLock, patch: Partial<OfflineGrant> = {}): OfflineGrant {
    return {
      noClock: false,
      grantId: this.#random.octets(16),
      phoneKey: this.pair.publicKey,
      operations: ['unlock', 'lock'],
      notBeforeS: lock.nowS - 60,
      notAfterS: lock.nowS + 7_200,
      leaseEndS: lock.nowS + 7_200,
      issuedAtS: lock.nowS,
      series: 1,
      generation: 0,
      uses: 0,
      scheduleNumber: 0,
      ...patch,
    };
  }

  /** The grant as the RAS hands it to this phone for the lock. */
  bundle(lock: BenchLock, patch: Partial<OfflineGrant> = {}): KeyBundle {
    const grant = this.grant(lock, patch);
    const lockId = lockIdOf(lock.identifier);
    return {
      lockId,
      grantId: grant.grantId,
      grant: sealGrant(nodePrimitives, grantKey(nodePrimitives, lock.bindingKey), lockId, grant),
      presentationKey: this.#presentationKey(lock, grant),
    };
  }

  /** A level grant as the RAS hands it to this phone for one of its locks, signed by the property's `grantKey`. */
  levelBundle(
    lock: BenchLock,
    property: ReturnType<typeof generateP256>,
    level: Pick<LevelGrant, 'level' | 'hotelId' | 'floor' | 'room'>,
    patch: Partial<OfflineGrant> = {},
  ): KeyBundle {
    const grant = { ...this.grant(lock, { series: 6, ...patch }), ...level };
    const signature = signP256(property.privateKey, levelGrantSigned(encodeLevelGrant(grant)));
    return {
      lockId: lockIdOf(lock.identifier),
      grantId: grant.grantId,
      grant: encodeSignedLevelGrant(grant, signature),
      presentationKey: this.#presentationKey(lock, grant),
    };
  }

  #presentationKey(lock: BenchLock, { grantId }: OfflineGrant): Secret {
    return new Secret(presentationKey(nodePrimitives, lock.bindingKey, grantId));
  }

  /** What the phone says to a message while nobody taps a door. */
  hear(octets: Uint8Array): readonly Uint8Array[] {
    const context = { primitives: nodePrimitives, now: { unixMs: 0, monotonicMs: 0 }, openReceipt: openKeyReceipt };
    const { effects } = stepPhone<ReceiptAnswer>(context, IDLE_PHONE, { kind: 'message', octets });
    return effects.flatMap((effect) => (effect.kind === 'send' ? [effect.octets] : []));
  }

  /** One tap at a lock, over a connection of its own. */
  tap(lock: BenchLock, bundle: KeyBundle, operation: OfflineOperation = 'unlock', way: OnTheWay = {}): Tapped {
    return new Tap(lock, this.pair.privateKey, this.#random, way).to(bundle, operation);
  }
}

/** Runs the phone's machine over one connection. */
class Tap {
  readonly #lock: BenchLock;
  readonly #key: ReturnType<typeof generateP256>['privateKey'];
  readonly #random: Random;
  readonly #way: OnTheWay;
  #state: PhoneState = IDLE_PHONE;
  #end: Tapped | undefined;
  #wakeMs = Number.POSITIVE_INFINITY;
  readonly #startMs: number;
  readonly #link: number;

  constructor(lock: BenchLock, key: ReturnType<typeof generateP256>['privateKey'], random: Random, way: OnTheWay) {
    this.#lock = lock;
    this.#key = key;
    this.#random = random;
    this.#way = way;
    this.#startMs = lock.nowMs;
    this.#link = lock.connect();
  }

  to(bundle: KeyBundle, operation: OfflineOperation): Tapped {
    this.#input({ kind: 'start', bundle, operation });
    // Silence: its patience ends.
    for (let waits = 0; this.#end === undefined && waits < 3; waits++) {
      this.#pass(10_000);
    }
    this.#lock.disconnect(this.#link);
    return this.#end ?? 'no_answer';
  }

  #input(input: PhoneInput): void {
    const now = { unixMs: this.#lock.nowMs, monotonicMs: this.#lock.nowMs - this.#startMs };
    const context = { primitives: nodePrimitives, now, openReceipt: openKeyReceipt };
    const { state, effects } = stepPhone<ReceiptAnswer>(context, this.#state, input);
    this.#state = state;
    for (const effect of effects) this.#perform(effect);
  }

  #perform(effect: PhoneEffect<ReceiptAnswer>): void {
    switch (effect.kind) {
      case 'send':
        this.#send(effect.octets);
        return;
      case 'make-ephemeral':
        this.#input({ kind: 'ephemeral', random: this.#random.octets(effect.sizeOctets), ...generateP256() });
        return;
      case 'sign':
        this.#input({ kind: 'signed', signature: signP256(this.#key, effect.message) });
        return;
      case 'agree':
        this.#input({ kind: 'agreed', z: agreeP256(effect.privateKey, effect.peer) });
        return;
      case 'done':
        this.#end = effect.receipt.result;
        return;
      case 'refused':
        this.#end = effect.reason;
        return;
      case 'wake':
        this.#wakeMs = effect.atMonotonicMs;
        return;
    }
  }

  /** Lets time pass at both ends. */
  #pass(durationMs: number): void {
    if (durationMs === 0) return;
    this.#lock.pass(durationMs);
    if (this.#lock.nowMs - this.#startMs >= this.#wakeMs) this.#input({ kind: 'wake' });
  }

  #send(octets: Uint8Array): void {
    const { toLock, toPhone, delayMs = 0 } = this.#way;
    for (const reaching of toLock?.(octets, this.#lock) ?? [octets]) {
      this.#pass(delayMs);
      for (const answer of this.#lock.giveOver(this.#link, CHANNEL.mobileKey, reaching)) {
        this.#pass(delayMs);
        for (const octets of toPhone?.(answer, this.#lock) ?? [answer]) this.#input({ kind: 'message', octets });
      }
    }
  }
}
