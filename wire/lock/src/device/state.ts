import type { AesBlock, PrivateKeyHandle } from '@cardea/kit-crypto';
import type { Secret } from '@cardea/kit-runtime';
import { type AccessRecord, bootKeypad, IDLE_READER, type Keypad, type ReaderState } from '@cardea/wire-access';
import {
  type AccessChange,
  type BodyStatus,
  type BoltOperation,
  type ChainHead,
  type Denials,
  type DeviceInput,
  type LockEvent,
  type LockMode,
  NO_DENIALS,
} from '@cardea/wire-profile';
import type { Answer } from '../answer.ts';
import type { M1 } from '../key-agreement.ts';
import type { AgreedKeys } from '../key-schedule.ts';
import type { Request } from '../request.ts';
import type { DeviceRecord, DurableState, KeySlot } from './durable.ts';
import type { KeyExchange, Presenter } from './exchange.ts';

/** Who a lock is: fixed at manufacture. */
export interface DeviceIdentity {
  /** MAC address as 12 upper-case hex digits. */
  readonly identifier: string;
  /** 16 bits, on the air while unbound. */
  readonly model: number;
  /** Kdev, 16 octets. */
  readonly factoryKey: Secret;
  /** The code on the lock's label, or undefined for a lock that has only a button. */
  readonly printedCode: Secret<string> | undefined;
  /** `legacy` is the seed's own weak profile; a lock speaks one of the two. */
  readonly suite: 'hardened' | 'legacy';
}

/** One connection. */
export interface LinkState {
  readonly link: number;
  readonly wrongTags: number;
  /** A key has been, or is being, presented over it: each connection is good for one. */
  readonly keyTried: boolean;
}

/** What a key agreement works with once its binder has verified. */
export interface RunBase {
  readonly link: number;
  readonly channel: number;
  /** The message as it came: the same again is answered the same way. */
  readonly m1Octets: Uint8Array;
  readonly m1: M1;
  readonly seed: Uint8Array;
  /** Kdev, or the slot's key. */
  readonly psk: Secret;
  /** The slot of a session run; undefined when binding. */
  readonly slot: KeySlot | undefined;
}

/**
 * A key agreement on its way (at most one):
 *
 *     waiting --button or code--> making --ephemeral--> agreeing --agreed--> storing --persisted--> offered
 *     (bind)                    (session starts here)            `--session------------------------^
 *     offered --confirmS--> activating --persisted--> the session;  an active key goes there at once
 */
export type RunState =
  | (RunBase & { readonly kind: 'waiting'; readonly untilMs: number })
  | (RunBase & { readonly kind: 'making'; readonly id: number; readonly untilMs: number })
  | (RunBase & {
      readonly kind: 'agreeing';
      readonly id: number;
      readonly random: Uint8Array;
      readonly publicKey: Uint8Array;
      readonly privateKey: PrivateKeyHandle;
      readonly untilMs: number;
    })
  | (RunBase & Offer & { readonly kind: 'storing'; readonly id: number; readonly untilMs: number })
  | (RunBase & Offer & { readonly kind: 'offered'; readonly untilMs: number })
  | (RunBase & Offer & { readonly kind: 'activating'; readonly id: number; readonly untilMs: number });

/** What the lock offers in M2. */
export interface Offer {
  readonly keys: AgreedKeys;
  readonly m2Octets: Uint8Array;
  /** 32 octets that only this lock knows: its nonces come from it. */
  readonly nonceSeed: Secret;
  /** The slot that confirmS proves. */
  readonly proves: KeySlot;
}

/** A command frame that was accepted, and its receipt once there is one. */
export interface Accepted {
  readonly counter: number;
  readonly frame: Uint8Array;
  readonly receipt: Uint8Array | undefined;
}

/** What a session seals with. */
export type SessionKeys =
  | { readonly kind: 'hardened'; readonly frames: AgreedKeys['frames'] }
  /** `proves`: the slot that its first good frame makes active. */
  | { readonly kind: 'legacy'; readonly key: AesBlock; readonly proves: KeySlot };

/** The session of RAS and lock: in memory only, kept across connections. */
export interface Session {
  /** Tells sessions apart within one power-on. */
  readonly number: number;
  readonly keys: SessionKeys;
  readonly startedMs: number;
  /** Where the newest verified command came from. */
  readonly link: number;
  readonly channel: number;
  readonly lastCounter: number;
  readonly eventCounter: number;
  /** The newest four, oldest first. */
  readonly accepted: readonly Accepted[];
  readonly nonceSeed: Secret;
  readonly noncesIssued: number;
  readonly nonce: { readonly octets: Uint8Array; readonly issuedMs: number } | undefined;
  /** A change of access that waits for the APPLY that names it. */
  readonly held: { readonly digest: Uint8Array; readonly change: AccessChange } | undefined;
}

/** Where the answer to a command goes. */
export interface Target {
  readonly session: number;
  readonly counter: number;
  readonly link: number;
  readonly channel: number;
  readonly id: number;
}

/** An event of the ring. */
export interface RingEntry {
  readonly event: LockEvent;
  readonly durable: boolean;
  /** Sent in this session over this connection, monotonic; undefined when not, or not any more. */
  readonly sentMs: number | undefined;
}

/** The event chain: where it is, how far of it is in flash, and a head that is being signed. */
export interface ChainState {
  /** h of the newest event; undefined before the first. */
  readonly hash: Uint8Array | undefined;
  readonly durable: { readonly sequence: number; readonly hash: Uint8Array | undefined };
  readonly signing:
    | { readonly id: number; readonly target: Target; readonly head: Omit<ChainHead, 'signature'> }
    | undefined;
}

/** What waits for a write. */
export type AfterWrite =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'offer' }
  | { readonly kind: 'activate' }
  | {
      readonly kind: 'event';
      readonly sequence: number;
      readonly chain: Uint8Array;
      readonly answer: AnswerWrite | undefined;
    }
  | AnswerWrite
  | { readonly kind: 'execute'; readonly target: Target; readonly request: Request }
  | { readonly kind: 'reset'; readonly target: Target | undefined }
  | { readonly kind: 'beacon' }
  /** What the bolt waits for. */
  | { readonly kind: 'move'; readonly token: number };

/** The receipt that leaves once a write is done. */
export interface AnswerWrite {
  readonly kind: 'answer';
  readonly to: AnswerTo;
  readonly answer: AnswerDraft;
}

/** Who gets a receipt: the RAS for its command, or a phone or card for its key. */
export type AnswerTo =
  | { readonly kind: 'command'; readonly target: Target }
  | { readonly kind: 'key'; readonly presenter: Presenter };

/** On whose behalf the bolt moves, and how its event says so. */
export interface Mover {
  /** First octets of a grant id, a PIN slot, or 0. */
  readonly actor: number;
  /** The method, as {@link METHOD} has it. */
  readonly detail: number;
  /** Undefined: nobody waits for an answer. */
  readonly to: AnswerTo | undefined;
}

/** What of a receipt is decided when the command is; the rest is read when it leaves. */
export type AnswerDraft = Pick<Extract<Answer, { kind: 'receipt' }>, 'result' | 'detail'>;

/** The clock since power-on. */
export interface ClockMemory {
  /** When SET_TIME last counted, monotonic; undefined since power-on: uncertain. */
  readonly setMs: number | undefined;
  /** The error right after it. */
  readonly errorMs: number;
  /** The RAS's time then, Unix milliseconds. */
  readonly rasTimeMs: number;
}

/** The advertisement's own state. */
export interface AdvertisementState {
  readonly r: Uint8Array | undefined;
  readonly address: string | undefined;
  readonly rotateMs: number;
  readonly randomId: number | undefined;
  readonly sequence: number;
  /** Durable: sequences below may be used. */
  readonly reserved: number;
  /** The plain content last advertised; a change publishes. */
  readonly published: string;
}

/** A legacy key agreement on its way. */
export type LegacyRun = {
  readonly link: number;
  readonly channel: number;
  readonly m1Octets: Uint8Array;
  readonly untilMs: number;
} & (
  | { readonly kind: 'waiting' }
  | { readonly kind: 'making'; readonly id: number }
  | {
      readonly kind: 'storing';
      readonly id: number;
      readonly m2Octets: Uint8Array;
      readonly key: AesBlock;
      readonly proves: KeySlot;
      readonly nonceSeed: Secret;
    }
  /** Stage B is out: the same M1 gets it again. */
  | { readonly kind: 'answered'; readonly m2Octets: Uint8Array }
);

/** The state of a device machine. Opaque to whoever runs it: see {@link viewDevice}. */
export interface DeviceState {
  readonly identity: DeviceIdentity;
  readonly record: DeviceRecord;
  /** What the lock enforces by itself. */
  readonly access: AccessRecord;
  readonly keypad: Keypad;
  /** The mode that the body is configured for, and what its bolt still has to do for it. */
  readonly modeShown: LockMode;
  readonly modeWants: 'unlock' | 'lock' | undefined;
  readonly ring: readonly RingEntry[];
  readonly eventSequence: number;
  readonly chain: ChainState;
  readonly denials: Denials;
  readonly windowUntilMs: number;
  readonly overwrites: number;
  readonly codeTries: number;
  readonly links: readonly LinkState[];
  readonly run: RunState | undefined;
  readonly legacyRun: LegacyRun | undefined;
  /** Frames in a row that failed the legacy profile's check, and until when none is looked at. */
  readonly legacyFailures: number;
  readonly legacyWaitMs: number;
  readonly session: Session | undefined;
  readonly clock: ClockMemory;
  readonly floorSavedMs: number;
  readonly status: BodyStatus;
  readonly exchanges: readonly KeyExchange[];
  /** With the card that is at the reader. */
  readonly reader: ReaderState;
  readonly acting: { readonly token: number; readonly operation: BoltOperation; readonly by: Mover } | undefined;
  readonly writes: readonly { readonly id: number; readonly then: AfterWrite }[];
  /** While a write decides which key is in force, messages wait here. */
  readonly barrier: number | undefined;
  readonly deferred: readonly Extract<DeviceInput, { kind: 'message' }>[];
  readonly resends: number;
  readonly advertisement: AdvertisementState;
  /** The last `wake` asked for. */
  readonly wakeMs: number | undefined;
  readonly nextId: number;
}

const NOTHING_SEEN: BodyStatus = {
  bits: { boltOut: true, jammed: false, doorOpen: false, tamper: false, privacy: false },
  batteryPercent: 0,
};

/** The machine of a lock that has just got power and read its flash. Its first input is `powered-on`. */
export function initialDevice(identity: DeviceIdentity, durable: DurableState): DeviceState {
  return {
    identity,
    record: durable.record,
    access: durable.access,
    keypad: bootKeypad(durable.access.keypadWrong, 0),
    modeShown: 'normal',
    modeWants: undefined,
    ring: durable.events.map((event) => ({ event, durable: true, sentMs: undefined })),
    eventSequence: durable.eventSequence,
    chain: {
      hash: durable.chain,
      durable: { sequence: durable.eventSequence, hash: durable.chain },
      signing: undefined,
    },
    denials: NO_DENIALS,
    windowUntilMs: 0,
    overwrites: 0,
    codeTries: 0,
    links: [],
    run: undefined,
    legacyRun: undefined,
    legacyFailures: 0,
    legacyWaitMs: 0,
    session: undefined,
    clock: { setMs: undefined, errorMs: 0, rasTimeMs: 0 },
    floorSavedMs: 0,
    status: NOTHING_SEEN,
    exchanges: [],
    reader: IDLE_READER,
    acting: undefined,
    writes: [],
    barrier: undefined,
    deferred: [],
    resends: 0,
    advertisement: {
      r: undefined,
      address: undefined,
      rotateMs: 0,
      randomId: undefined,
      sequence: durable.record.beaconReserve,
      reserved: durable.record.beaconReserve,
      published: '',
    },
    wakeMs: undefined,
    nextId: 1,
  };
}
