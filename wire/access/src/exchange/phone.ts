import type { Primitives, PrivateKeyHandle } from '@cardea/kit-crypto';
import type { Instant, Secret, Step } from '@cardea/kit-runtime';
import type { OfflineOperation } from '@cardea/wire-profile';
import { AccessError } from '../errors.ts';
import { REFUSAL_MESSAGE } from '../messages.ts';
import {
  decodeKeyAnswer,
  decodeProof,
  encodeHello,
  encodePresentation,
  type Hello,
  NONCE_SIZE_OCTETS,
  type Proof,
} from './messages.ts';
import { presentationSigned, proves, type ReceiptKeys, receiptKeys } from './transcript.ts';

/** Each message must come within this, or the tap counts no more. */
export const EXCHANGE_STEP_MS = 2_000;
/** From the presentation to the receipt: the bolt moves in between. */
export const EXCHANGE_ANSWER_MS = 10_000;

/** What a phone holds for one door: what the RAS gave it. */
export interface KeyBundle {
  /** 6 octets. */
  readonly lockId: Uint8Array;
  /** 16 octets. */
  readonly grantId: Uint8Array;
  /** A sealed grant (133 octets) or a signed level grant (200): opaque to the phone. */
  readonly grant: Uint8Array;
  /** Kg of this lock and grant, 32 octets. */
  readonly presentationKey: Secret;
}

/**
 * Why an exchange came to nothing. `no_answer`: the lock was silent, nothing was presented; `other_lock`: whoever
 * answered does not hold the lock's key; `refused`: somebody on the link said that the lock refuses, which nothing
 * proves; `malformed`: not this protocol; `unknown_outcome`: the grant was presented and no receipt that verifies came,
 * so the door may have opened.
 */
export type ExchangeRefusal = 'no_answer' | 'other_lock' | 'refused' | 'malformed' | 'unknown_outcome';

/** What the machine is given besides its input; `Receipt` is what the lock protocol reads in a receipt frame. */
export interface PhoneContext<Receipt> {
  readonly primitives: Primitives;
  readonly now: Instant;
  /** Opens the 28 octets of a receipt frame with counter 1; undefined when it does not verify. */
  openReceipt(primitives: Primitives, keys: ReceiptKeys, frame: Uint8Array): Receipt | undefined;
}

export type PhoneInput =
  /** The person has tapped a door, with the phone in the foreground; a connection to the lock is there. */
  | { readonly kind: 'start'; readonly bundle: KeyBundle; readonly operation: OfflineOperation }
  /** A message of the lock on channel 3, whole. */
  | { readonly kind: 'message'; readonly octets: Uint8Array }
  | { readonly kind: 'disconnected' }
  /** The time asked for by `wake` has come. */
  | { readonly kind: 'wake' }
  /** Results of effects. */
  | {
      readonly kind: 'ephemeral';
      readonly random: Uint8Array;
      readonly publicKey: Uint8Array;
      readonly privateKey: PrivateKeyHandle;
    }
  /** ES256, r | s (64 octets); undefined when the person or the chip declined. */
  | { readonly kind: 'signed'; readonly signature: Uint8Array | undefined }
  /** The shared x coordinate (32), or undefined when the lock's point was not on the curve. */
  | { readonly kind: 'agreed'; readonly z: Uint8Array | undefined };

export type PhoneEffect<Receipt> =
  /** A message to the lock on channel 3. */
  | { readonly kind: 'send'; readonly octets: Uint8Array }
  /** A fresh P-256 pair and so many random octets; answered by `ephemeral`. */
  | { readonly kind: 'make-ephemeral'; readonly sizeOctets: number }
  /** ES256 by the phone's own key; answered by `signed`. */
  | { readonly kind: 'sign'; readonly message: Uint8Array }
  /** ECDH with the lock's point, checked to be on the curve; answered by `agreed`. */
  | { readonly kind: 'agree'; readonly privateKey: PrivateKeyHandle; readonly peer: Uint8Array }
  /** The end: the lock has answered, under its authentication. `receipt` says whether it opened, or why not. */
  | { readonly kind: 'done'; readonly receipt: Receipt; readonly carried: Uint8Array | undefined }
  /** The end: without the lock's word. */
  | { readonly kind: 'refused'; readonly reason: ExchangeRefusal }
  /** Send `wake` at this monotonic time; the newest replaces all before. */
  | { readonly kind: 'wake'; readonly atMonotonicMs: number };

interface Run {
  readonly bundle: KeyBundle;
  readonly operation: OfflineOperation;
  readonly untilMs: number;
}

interface Begun extends Run {
  readonly hello: Hello;
  readonly publicKey: Uint8Array;
  readonly privateKey: PrivateKeyHandle;
}

interface Proved extends Begun {
  readonly proof: Proof;
  readonly proofOctets: Uint8Array;
}

interface Presented extends Proved {
  readonly presentationOctets: Uint8Array;
  /** Somebody on the link has said that the lock refuses. */
  readonly refused: boolean;
}

/**
 * The phone's half of one exchange:
 *
 *     idle --start--> making --ephemeral: 20--> greeted --21, it is the lock--> signing --signed: 22--> presented
 *     presented --agreed--> agreed --23--> over        (23 before agreed waits)
 *     anything else, or late --> over
 */
export type PhoneState =
  | { readonly kind: 'idle' }
  | (Run & { readonly kind: 'making' })
  | (Begun & { readonly kind: 'greeted' })
  | (Proved & { readonly kind: 'signing' })
  | (Presented & { readonly kind: 'presented'; readonly answer: Uint8Array | undefined })
  | (Presented & { readonly kind: 'agreed'; readonly keys: ReceiptKeys })
  | { readonly kind: 'over' };

/** Before the first tap. A machine serves one exchange; the next takes a new one, over a new connection. */
export const IDLE_PHONE: PhoneState = { kind: 'idle' };

const OVER: PhoneState = { kind: 'over' };

/** One step of {@link PhoneState}. What does not belong to the state is ignored. */
export function stepPhone<Receipt>(
  context: PhoneContext<Receipt>,
  state: PhoneState,
  input: PhoneInput,
): Step<PhoneState, PhoneEffect<Receipt>> {
  if (state.kind === 'over') return stay(state);
  if (state.kind === 'idle') return input.kind === 'start' ? start(context, input) : stay(state);
  switch (input.kind) {
    case 'start':
      return stay(state);
    case 'disconnected':
      return refuse(withoutAnswer(state));
    case 'wake':
      return context.now.monotonicMs < state.untilMs ? stay(state) : refuse(withoutAnswer(state));
    case 'message':
      return message(context, state, input.octets);
    case 'ephemeral':
      return state.kind === 'making' ? greet(context, state, input) : stay(state);
    case 'signed':
      return state.kind === 'signing' ? present(context, state, input.signature) : stay(state);
    case 'agreed':
      return state.kind === 'presented' ? agreed(context, state, input.z) : stay(state);
  }
}

type Running = Exclude<PhoneState, { kind: 'idle' | 'over' }>;

function start<Receipt>(
  context: PhoneContext<Receipt>,
  { bundle, operation }: Extract<PhoneInput, { kind: 'start' }>,
): Step<PhoneState, PhoneEffect<Receipt>> {
  const untilMs = context.now.monotonicMs + EXCHANGE_STEP_MS;
  return {
    state: { kind: 'making', bundle, operation, untilMs },
    effects: [
      { kind: 'make-ephemeral', sizeOctets: NONCE_SIZE_OCTETS },
      { kind: 'wake', atMonotonicMs: untilMs },
    ],
  };
}

function greet<Receipt>(
  context: PhoneContext<Receipt>,
  state: Extract<PhoneState, { kind: 'making' }>,
  { random, publicKey, privateKey }: Extract<PhoneInput, { kind: 'ephemeral' }>,
): Step<PhoneState, PhoneEffect<Receipt>> {
  const hello = { grantId: state.bundle.grantId, nonceP: random };
  const untilMs = context.now.monotonicMs + EXCHANGE_STEP_MS;
  return {
    state: { ...state, kind: 'greeted', hello, publicKey, privateKey, untilMs },
    effects: [
      { kind: 'send', octets: encodeHello(hello) },
      { kind: 'wake', atMonotonicMs: untilMs },
    ],
  };
}

function message<Receipt>(
  context: PhoneContext<Receipt>,
  state: Running,
  octets: Uint8Array,
): Step<PhoneState, PhoneEffect<Receipt>> {
  if (octets[0] === REFUSAL_MESSAGE) return refusal(context, state);
  switch (state.kind) {
    case 'making':
    case 'signing':
      return stay(state);
    case 'greeted':
      return proved(context, state, octets);
    case 'presented':
      return { state: { ...state, answer: state.answer ?? octets }, effects: [] };
    case 'agreed':
      return finish(context, state.keys, octets);
  }
}

/**
 * A refusal is anybody's word. Before the presentation it ends the exchange; after it a receipt may still follow, which
 * alone says what became of the bolt, and is given a moment.
 */
function refusal<Receipt>(context: PhoneContext<Receipt>, state: Running): Step<PhoneState, PhoneEffect<Receipt>> {
  switch (state.kind) {
    case 'making':
    case 'signing':
    case 'greeted':
      return refuse('refused');
    case 'presented':
    case 'agreed': {
      const untilMs = Math.min(state.untilMs, context.now.monotonicMs + EXCHANGE_STEP_MS);
      return { state: { ...state, refused: true, untilMs }, effects: [{ kind: 'wake', atMonotonicMs: untilMs }] };
    }
  }
}

function proved<Receipt>(
  context: PhoneContext<Receipt>,
  state: Extract<PhoneState, { kind: 'greeted' }>,
  octets: Uint8Array,
): Step<PhoneState, PhoneEffect<Receipt>> {
  const { bundle, hello, operation, publicKey } = state;
  const proof = decoded(() => decodeProof(octets));
  if (proof === undefined) return refuse('malformed');
  // Nothing of the person's leaves the phone before the lock has proved itself.
  if (!proves(context.primitives, bundle.presentationKey.reveal(), bundle.lockId, hello, proof)) {
    return refuse('other_lock');
  }
  const signed = presentationSigned(context.primitives, {
    lockId: bundle.lockId,
    grant: bundle.grant,
    nonceP: hello.nonceP,
    nonceL: proof.nonceL,
    epkL: proof.epkL,
    epkP: publicKey,
    operation,
  });
  return {
    state: { ...state, kind: 'signing', proof, proofOctets: octets },
    effects: [{ kind: 'sign', message: signed }],
  };
}

function present<Receipt>(
  context: PhoneContext<Receipt>,
  state: Extract<PhoneState, { kind: 'signing' }>,
  signature: Uint8Array | undefined,
): Step<PhoneState, PhoneEffect<Receipt>> {
  if (signature === undefined) return refuse('no_answer');
  const { bundle, operation, publicKey, privateKey, proof } = state;
  const octets = encodePresentation({ operation, epkP: publicKey, signature, grant: bundle.grant });
  const untilMs = context.now.monotonicMs + EXCHANGE_ANSWER_MS;
  return {
    state: { ...state, kind: 'presented', presentationOctets: octets, refused: false, answer: undefined, untilMs },
    effects: [
      { kind: 'send', octets },
      { kind: 'agree', privateKey, peer: proof.epkL },
      { kind: 'wake', atMonotonicMs: untilMs },
    ],
  };
}

function agreed<Receipt>(
  context: PhoneContext<Receipt>,
  state: Extract<PhoneState, { kind: 'presented' }>,
  z: Uint8Array | undefined,
): Step<PhoneState, PhoneEffect<Receipt>> {
  if (z === undefined) return refuse('unknown_outcome');
  const { answer, bundle, hello, proofOctets, presentationOctets } = state;
  const keys = receiptKeys(context.primitives, bundle.presentationKey.reveal(), z, [
    encodeHello(hello),
    proofOctets,
    presentationOctets,
  ]);
  if (answer !== undefined) return finish(context, keys, answer);
  return { state: { ...state, kind: 'agreed', keys }, effects: [] };
}

function finish<Receipt>(
  context: PhoneContext<Receipt>,
  keys: ReceiptKeys,
  octets: Uint8Array,
): Step<PhoneState, PhoneEffect<Receipt>> {
  const answer = decoded(() => decodeKeyAnswer(octets));
  const receipt = answer && context.openReceipt(context.primitives, keys, answer.frame);
  if (answer === undefined || receipt === undefined) return refuse('unknown_outcome');
  return { state: OVER, effects: [{ kind: 'done', receipt, carried: answer.carried }] };
}

/** What silence means: nothing, until the grant has been presented. */
function withoutAnswer(state: Running): ExchangeRefusal {
  if (state.kind !== 'presented' && state.kind !== 'agreed') return 'no_answer';
  return state.refused ? 'refused' : 'unknown_outcome';
}

function decoded<T>(decode: () => T): T | undefined {
  try {
    return decode();
  } catch (error) {
    if (error instanceof AccessError) return undefined;
    throw error;
  }
}

function stay<Receipt>(state: PhoneState): Step<PhoneState, PhoneEffect<Receipt>> {
  return { state, effects: [] };
}

function refuse<Receipt>(reason: ExchangeRefusal): Step<PhoneState, PhoneEffect<Receipt>> {
  return { state: OVER, effects: [{ kind: 'refused', reason }] };
}
