import type { Primitives } from '@cardea/kit-crypto';
import { concat, fromAscii } from '@cardea/kit-octets';
import type { Secret, Step } from '@cardea/kit-runtime';
import type { BodyStatus, Denials, EventCode, LockAttributes, LockEvent } from '@cardea/wire-profile';
import type { CommandBody, Result } from './body.ts';
import type { Maker2DeviceRecord, Maker2DurableChange } from './device-durable.ts';
import { RING_SIZE_EVENTS } from './device-durable.ts';
import type { Maker2DeviceEffect } from './device-io.ts';
import { Maker2Error } from './errors.ts';
import { type BindingKeys, bindingKeys } from './keys.ts';
import { encodeUint } from './little-endian.ts';
import type { Message } from './message.ts';

/** How long after power-on, or after a reset at the lock itself, it may be bound (6.1), in milliseconds. */
export const BINDING_WINDOW_MS = 30 * 60_000;
/** How long a bind request waits for the button, in milliseconds. */
export const CONFIRMATION_MS = 60_000;
/** Binding runs that may be confirmed in one window: each costs a flash write. */
export const MAX_RUNS = 3;
/** The wrong tag on a link that drops it. */
export const MAX_WRONG_TAGS = 8;
/** Receipts that are kept to answer a repeated command. */
export const KEPT_RECEIPTS = 4;
/** Wrong printed codes after which only the button confirms, until the next power-on. */
export const MAX_CODE_TRIES = 5;
/** Connections that a lock serves at once. */
export const MAX_LINKS = 4;
/** Events that may be on their way unacknowledged. */
export const MAX_EVENTS_ON_THE_WAY = 8;

/** Who a lock is: fixed at manufacture. */
export interface Maker2DeviceIdentity {
  /** 12 upper-case hex digits. */
  readonly identifier: string;
  /** 0 to 65,535. */
  readonly model: number;
  readonly factoryKey: Secret;
  /** The code on the lock's label, or undefined for a lock that has only a button. */
  readonly printedCode: Secret<string> | undefined;
}

/** The lock's state. All but `record` is lost with the power. */
export interface Maker2DeviceState {
  readonly identity: Maker2DeviceIdentity;
  readonly lockId: Uint8Array;
  readonly record: Maker2DeviceRecord;
  readonly keys: { readonly active: BindingKeys | undefined; readonly pending: BindingKeys | undefined };
  /** 32 random octets of this boot, from which challenges, nonces, salts and addresses follow, and how many were drawn. */
  readonly seed: Secret | undefined;
  readonly seedId: number | undefined;
  readonly drawn: number;
  readonly windowFromMs: number;
  readonly runsConfirmed: number;
  readonly codeTries: number;
  readonly run: BindingRun | undefined;
  readonly challenge: Challenge | undefined;
  /** The bolt is moving for this command. */
  readonly acting: { readonly token: number; readonly command: Accepted } | undefined;
  /** What waits for the flash. */
  readonly writes: readonly { readonly id: number; readonly goesOn: AfterWrite }[];
  readonly receipts: readonly KeptReceipt[];
  readonly links: readonly DeviceLink[];
  readonly attributes: LockAttributes;
  /** Unacknowledged events by growing sequence. */
  readonly ring: readonly { readonly event: LockEvent; readonly durable: boolean }[];
  readonly eventSequence: number;
  readonly denials: Denials;
  readonly advertised: { readonly address: string; readonly data: Uint8Array } | undefined;
  /** Of a bound lock's advertisement: count of changes under it. */
  readonly salt: { readonly octets: Uint8Array; readonly sinceMs: number; readonly count: number } | undefined;
  readonly nextId: number;
}

export type BindRequest = Extract<Message, { kind: 'bind-request' }>;

/** waits -> ephemeral -> agreeing -> persisting -> answered */
export interface BindingRun {
  readonly octets: Uint8Array;
  readonly request: BindRequest;
  readonly link: number;
  readonly phase:
    | { readonly kind: 'waits'; readonly untilMs: number }
    | { readonly kind: 'ephemeral'; readonly id: number }
    | {
        readonly kind: 'agreeing';
        readonly id: number;
        readonly random: Uint8Array;
        readonly publicKey: Uint8Array;
      }
    | {
        readonly kind: 'persisting';
        readonly record: Maker2DeviceRecord;
        readonly answer: Uint8Array;
      }
    | { readonly kind: 'answered'; readonly answer: Uint8Array };
}

/** The one challenge that lives. */
export interface Challenge {
  readonly ask: Uint8Array;
  readonly octets: Uint8Array;
  readonly issuedAtMs: number;
}

/** A command that was accepted. */
export interface Accepted {
  readonly link: number;
  readonly octets: Uint8Array;
  readonly challenge: Uint8Array;
  readonly issuedAtMs: number;
  readonly body: CommandBody;
  readonly keys: BindingKeys;
}

/** What waits for a write. While one of the last three does, no other command is accepted. */
export type AfterWrite =
  | { readonly kind: 'nothing' }
  /** An event may be sent, and the command that it belongs to answered. */
  | { readonly kind: 'event'; readonly sequence: number; readonly answer: Answer | undefined }
  | { readonly kind: 'offer' }
  /** The pending key becomes active, before its first command is executed. */
  | { readonly kind: 'commit'; readonly command: Accepted; readonly record: Maker2DeviceRecord }
  /** `command` is undefined for a reset at the lock. */
  | { readonly kind: 'reset'; readonly command: Accepted | undefined; readonly record: Maker2DeviceRecord };

/** How a command will be answered. */
export interface Answer {
  readonly command: Accepted;
  readonly result: Result;
}

/** The answer to a command, kept to answer its repetition. */
export interface KeptReceipt {
  readonly command: Uint8Array;
  readonly receipt: Uint8Array;
}

export interface DeviceLink {
  readonly id: number;
  readonly wrongTags: number;
  /** A command of the RAS has been accepted over it: events may be sent. */
  readonly trusted: boolean;
  /** Highest event sequence sent over it since the last command. */
  readonly sentUpTo: number;
}

/** Short for the step of this machine. */
export type DeviceStep = Step<Maker2DeviceState, Maker2DeviceEffect>;

/** A step with these effects. */
export function to(state: Maker2DeviceState, ...effects: readonly Maker2DeviceEffect[]): DeviceStep {
  return { state, effects };
}

/** Goes on from a step: the effects of both, in order. */
export function after(first: DeviceStep, next: (state: Maker2DeviceState) => DeviceStep): DeviceStep {
  const second = next(first.state);
  return { state: second.state, effects: [...first.effects, ...second.effects] };
}

/** The state with another record and its keys. */
export function withRecord(
  primitives: Primitives,
  state: Maker2DeviceState,
  record: Maker2DeviceRecord,
): Maker2DeviceState {
  const derive = (key: Secret | undefined) => (key === undefined ? undefined : bindingKeys(primitives, key));
  return { ...state, record, keys: { active: derive(record.active), pending: derive(record.pending) } };
}

/** Unpredictable octets that never come twice in a boot: HMAC-SHA-256(seed, "maker2 1 " | purpose | count(4)), cut. */
export function draw(
  primitives: Primitives,
  state: Maker2DeviceState,
  purpose: 'challenge' | 'nonce' | 'salt' | 'address',
  sizeOctets: number,
): { readonly state: Maker2DeviceState; readonly octets: Uint8Array } {
  if (state.seed === undefined) throw new Maker2Error('missing', 'seed', 'nothing is drawn before the seed is there');
  const label = concat(fromAscii(`maker2 1 ${purpose}`), encodeUint('drawn', state.drawn, 4));
  const octets = primitives.hmacSha256(state.seed.reveal(), label).slice(0, sizeOctets);
  return { state: { ...state, drawn: state.drawn + 1 }, octets };
}

/** Writes a change; what waits for it goes on when it is durable. */
export function persist(state: Maker2DeviceState, change: Maker2DurableChange, goesOn: AfterWrite): DeviceStep {
  const id = state.nextId;
  return to({ ...state, nextId: id + 1, writes: [...state.writes, { id, goesOn }] }, { kind: 'persist', id, change });
}

/** Events that make room when the ring is full. */
const DROP_EVENTS = 50;

/**
 * Records an event: durable before it is sent, and before the command that it belongs to is answered. A full ring first
 * gives up its oldest, and says so.
 */
export function recordEvent(
  state: Maker2DeviceState,
  code: EventCode,
  actor: number,
  detail: number,
  answer?: Answer,
): DeviceStep {
  if (state.ring.length < RING_SIZE_EVENTS - 1) return append(state, code, actor, detail, answer);
  const lost = state.ring.slice(0, DROP_EVENTS).map(({ event }) => event.sequence);
  // Said first: a power cut between the two may leave a loss that was none, never one that nobody knows of.
  const told = append(state, 'events_lost', lost.at(-1) ?? 0, lost.length);
  const dropped = after(told, (next) =>
    persist({ ...next, ring: next.ring.slice(DROP_EVENTS) }, { kind: 'forget', sequences: lost }, { kind: 'nothing' }),
  );
  return after(dropped, (next) => append(next, code, actor, detail, answer));
}

function append(state: Maker2DeviceState, code: EventCode, actor: number, detail: number, answer?: Answer): DeviceStep {
  const sequence = state.eventSequence + 1;
  const event: LockEvent = { sequence, code, actor, detail, lockTimeS: 0 };
  const ring = [...state.ring, { event, durable: false }];
  return persist(
    { ...state, eventSequence: sequence, ring },
    { kind: 'event', event },
    { kind: 'event', sequence, answer },
  );
}

/** True while a write decides which key is in force, or the bolt moves: a command is answered `busy`. */
export function isBusy(state: Maker2DeviceState): boolean {
  return (
    state.acting !== undefined ||
    state.writes.some(
      ({ goesOn }) =>
        goesOn.kind === 'offer' ||
        goesOn.kind === 'commit' ||
        goesOn.kind === 'reset' ||
        (goesOn.kind === 'event' && goesOn.answer !== undefined),
    )
  );
}

/** The accepted commands that have no receipt yet. */
export function openCommands(state: Maker2DeviceState): readonly Accepted[] {
  const waiting = state.writes.map(({ goesOn }) => commandOf(goesOn));
  return [state.acting?.command, ...waiting].filter((command) => command !== undefined);
}

function commandOf(goesOn: AfterWrite): Accepted | undefined {
  switch (goesOn.kind) {
    case 'event':
      return goesOn.answer?.command;
    case 'commit':
    case 'reset':
      return goesOn.command;
    case 'nothing':
    case 'offer':
      return undefined;
  }
}

/** The profile's attributes of what the body shows. */
export function attributesOf({ bits, batteryPercent }: BodyStatus): LockAttributes {
  return {
    bolt: bits.jammed ? 'jammed' : bits.boltOut ? 'locked' : 'unlocked',
    door: bits.doorOpen ? 'open' : 'closed',
    batteryPercent,
    tamper: bits.tamper,
    privacy: bits.privacy,
    clock: 'unset',
  };
}

/** The state with a change of one link. */
export function withLink(state: Maker2DeviceState, id: number, change: Partial<DeviceLink>): Maker2DeviceState {
  return { ...state, links: state.links.map((link) => (link.id === id ? { ...link, ...change } : link)) };
}
