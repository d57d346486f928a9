import { type Primitives, type PrivateKeyHandle, tableAes } from '@cardea/kit-crypto';
import { agreeP256, generateP256, nodePrimitives as primitives, signP256, verifyP256 } from '@cardea/kit-node';
import { concat, equal } from '@cardea/kit-octets';
import { Secret } from '@cardea/kit-runtime';
import type { OfflineOperation } from '@cardea/wire-profile';
import {
  decodeHello,
  decodePresentation,
  encodeKeyAnswer,
  encodeProof,
  grantKey,
  IDLE_PHONE,
  type KeyBundle,
  openGrant,
  type PhoneEffect,
  type PhoneInput,
  type PhoneState,
  presentationKey,
  presentationSigned,
  proofTag,
  type ReceiptKeys,
  receiptKeys,
  sealGrant,
  stepPhone,
} from '../src/index.ts';
import { BINDING_KEY, grantOf, LOCK_ID, rising } from './samples.ts';

/** What a receipt says here: the lock protocol's frame is not this package's. */
export type TestReceipt = string;

const said = (text: TestReceipt): Uint8Array => Uint8Array.from({ length: 16 }, (_, i) => text.charCodeAt(i) || 0);

/** A frame of 28 octets that verifies under the keys alone: enough to see that both sides hold the same. */
export function sealTestReceipt(keys: ReceiptKeys, text: TestReceipt): Uint8Array {
  const block = tableAes(keys.enc).encryptBlock(said(text));
  return concat(block, primitives.hmacSha256(keys.mac, keys.iv, block).slice(0, 12));
}

export function openTestReceipt(_: Primitives, keys: ReceiptKeys, frame: Uint8Array): TestReceipt | undefined {
  const block = frame.slice(0, 16);
  if (!equal(primitives.hmacSha256(keys.mac, keys.iv, block).slice(0, 12), frame.slice(16))) return undefined;
  return String.fromCharCode(...tableAes(keys.enc).decryptBlock(block)).replace(/\0+$/, '');
}

/** A phone with a key pair and a grant for {@link LOCK_ID}, made by a RAS that holds `bindingKey`. */
export function phoneWithGrant(bindingKey = BINDING_KEY): { bundle: KeyBundle; privateKey: PrivateKeyHandle } {
  const pair = generateP256();
  const grant = grantOf({ phoneKey: pair.publicKey });
  return {
    privateKey: pair.privateKey,
    bundle: {
      lockId: LOCK_ID,
      grantId: grant.grantId,
      grant: sealGrant(primitives, grantKey(primitives, bindingKey), LOCK_ID, grant),
      presentationKey: new Secret(presentationKey(primitives, bindingKey, grant.grantId)),
    },
  };
}

/** A lock's half, as short as the page says it. */
export class TestLock {
  readonly pair = generateP256();
  hello: Uint8Array = new Uint8Array(0);
  proof: Uint8Array = new Uint8Array(0);
  /** What it would answer 22 with. */
  text: TestReceipt = 'open';
  carried: Uint8Array | undefined = rising(5, 36);
  opened: OfflineOperation[] = [];

  answer(octets: Uint8Array): Uint8Array | undefined {
    if (octets[0] === 0x20) {
      const hello = decodeHello(octets);
      const nonceL = rising(0xa0, 16);
      const kg = presentationKey(primitives, BINDING_KEY, hello.grantId);
      const tag = proofTag(primitives, kg, LOCK_ID, hello, { nonceL, epkL: this.pair.publicKey });
      this.hello = octets;
      this.proof = encodeProof({ nonceL, epkL: this.pair.publicKey, tag });
      return this.proof;
    }
    const { operation, epkP, signature, grant } = decodePresentation(octets);
    const hello = decodeHello(this.hello);
    const opened = openGrant(primitives, grantKey(primitives, BINDING_KEY), LOCK_ID, grant);
    const signed = presentationSigned(primitives, {
      lockId: LOCK_ID,
      grant,
      nonceP: hello.nonceP,
      nonceL: rising(0xa0, 16),
      epkL: this.pair.publicKey,
      epkP,
      operation,
    });
    if (opened === undefined || !verifyP256(opened.phoneKey, signed, signature)) return Uint8Array.of(0x1f, 14);
    const z = agreeP256(this.pair.privateKey, epkP);
    if (z === undefined) return Uint8Array.of(0x1f, 14);
    this.opened.push(operation);
    const kg = presentationKey(primitives, BINDING_KEY, hello.grantId);
    const keys = receiptKeys(primitives, kg, z, [this.hello, this.proof, octets]);
    return encodeKeyAnswer({ frame: sealTestReceipt(keys, this.text), carried: this.carried });
  }
}

/** Runs a phone's machine by hand: effects that are computations are done at once, messages wait to be fetched. */
export class PhoneBench {
  state: PhoneState = IDLE_PHONE;
  nowMs = 1_000;
  readonly sent: Uint8Array[] = [];
  wakeMs = 0;
  end: Extract<PhoneEffect<TestReceipt>, { kind: 'done' | 'refused' }> | undefined;
  readonly privateKey: PrivateKeyHandle;

  constructor(privateKey: PrivateKeyHandle) {
    this.privateKey = privateKey;
  }

  input(input: PhoneInput): void {
    const context = {
      primitives,
      now: { unixMs: 0, monotonicMs: this.nowMs },
      openReceipt: openTestReceipt,
    };
    const { state, effects } = stepPhone<TestReceipt>(context, this.state, input);
    this.state = state;
    for (const effect of effects) this.#perform(effect);
  }

  message(octets: Uint8Array | undefined): void {
    if (octets !== undefined) this.input({ kind: 'message', octets });
  }

  #perform(effect: PhoneEffect<TestReceipt>): void {
    switch (effect.kind) {
      case 'send':
        this.sent.push(effect.octets);
        return;
      case 'make-ephemeral':
        this.input({ kind: 'ephemeral', random: rising(0x66, effect.sizeOctets), ...generateP256() });
        return;
      case 'sign':
        this.input({ kind: 'signed', signature: signP256(this.privateKey, effect.message) });
        return;
      case 'agree':
        this.input({ kind: 'agreed', z: agreeP256(effect.privateKey, effect.peer) });
        return;
      case 'wake':
        this.wakeMs = effect.atMonotonicMs;
        return;
      case 'done':
      case 'refused':
        this.end = effect;
    }
  }
}
