import type { CommandClass, EventCode, LockAttributes, Operation } from '@cardea/wire-profile';
import { Maker2Error } from './errors.ts';
import { decodeUint, encodeUint } from './little-endian.ts';
import { nameOf } from './message.ts';
import { decodeFields, encodeFields } from './tlv.ts';

/** What can be sealed in a command: the profile's operations, and the reset. */
export type CommandOperation = Exclude<Operation, 'override'> | 'reset';

/** The instruction set: octet of each operation, and the lowest class that may ask for it. */
export const INSTRUCTIONS: Readonly<Record<CommandOperation, { readonly code: number; readonly class: CommandClass }>> =
  {
    unlock: { code: 0x01, class: 'operate' },
    lock: { code: 0x02, class: 'operate' },
    status: { code: 0x03, class: 'operate' },
    reset: { code: 0x10, class: 'own' },
  };

const OPERATIONS = { unlock: 0x01, lock: 0x02, status: 0x03, reset: 0x10 } as const satisfies Record<
  CommandOperation,
  number
>;

/** Octets of the classes, growing with what they may do. */
export const CLASSES = { operate: 1, manage: 2, own: 3 } as const satisfies Record<CommandClass, number>;

/** True when a command of class `granted` may ask for `operation`: decided at the lock. */
export function permits(granted: CommandClass, operation: CommandOperation): boolean {
  return CLASSES[granted] >= CLASSES[INSTRUCTIONS[operation].class];
}

/** The plaintext of a command. */
export interface CommandBody {
  readonly operation: CommandOperation;
  readonly class: CommandClass;
  /** Milliseconds from the issue of the challenge within which the lock may act: 1 to 10,000. */
  readonly timeToLiveMs: number;
}

/** The longest time to live, and the longest life of a challenge, in milliseconds. */
export const CHALLENGE_LIFE_MS = 10_000;

const COMMAND = {
  operation: { tag: 0x20, size: 1 },
  class: { tag: 0x21, size: 1 },
  timeToLive: { tag: 0x22, size: 2 },
};

/** Octets of a command's plaintext. @throws Maker2Error `range` */
export function encodeCommandBody(body: CommandBody): Uint8Array {
  checkTimeToLive(body.timeToLiveMs);
  return encodeFields(COMMAND, {
    operation: Uint8Array.of(INSTRUCTIONS[body.operation].code),
    class: Uint8Array.of(CLASSES[body.class]),
    timeToLive: encodeUint('timeToLive', body.timeToLiveMs, 2),
  });
}

/** A command's plaintext. @throws Maker2Error */
export function decodeCommandBody(octets: Uint8Array): CommandBody {
  const fields = decodeFields(COMMAND, octets);
  const timeToLiveMs = decodeUint(fields.timeToLive);
  checkTimeToLive(timeToLiveMs);
  return {
    operation: nameOf(OPERATIONS, fields.operation[0], 'operation'),
    class: nameOf(CLASSES, fields.class[0], 'class'),
    timeToLiveMs,
  };
}

function checkTimeToLive(timeToLiveMs: number): void {
  if (timeToLiveMs < 1 || timeToLiveMs > CHALLENGE_LIFE_MS) {
    throw new Maker2Error('range', 'timeToLive', `must be from 1 to ${CHALLENGE_LIFE_MS} ms, is ${timeToLiveMs}`);
  }
}

/** How the lock answered a command. */
export type Result = keyof typeof RESULTS;

/** Octets of the results of a command. */
export const RESULTS = {
  done: 0,
  jammed: 1,
  battery_empty: 2,
  privacy: 3,
  not_permitted: 4,
  late: 5,
  busy: 6,
  unsupported: 7,
} as const;

/** The plaintext of a receipt. */
export interface ReceiptBody {
  readonly result: Result;
  readonly attributes: LockAttributes;
  /** Newest event sequence at the lock. */
  readonly eventSequence: number;
}

const RECEIPT = {
  result: { tag: 0x30, size: 1 },
  bits: { tag: 0x31, size: 1 },
  battery: { tag: 0x32, size: 1 },
  eventSequence: { tag: 0x33, size: 4 },
};

/** Octets of a receipt's plaintext. @throws Maker2Error `range` */
export function encodeReceiptBody(body: ReceiptBody): Uint8Array {
  return encodeFields(RECEIPT, {
    result: Uint8Array.of(RESULTS[body.result]),
    ...encodeState(body.attributes),
    eventSequence: encodeUint('eventSequence', body.eventSequence, 4),
  });
}

/** A receipt's plaintext. @throws Maker2Error */
export function decodeReceiptBody(octets: Uint8Array): ReceiptBody {
  const fields = decodeFields(RECEIPT, octets);
  return {
    result: nameOf(RESULTS, fields.result[0], 'result'),
    attributes: decodeState(fields.bits[0] ?? 0, fields.battery[0] ?? 0),
    eventSequence: decodeUint(fields.eventSequence),
  };
}

const BIT = { locked: 0x01, jammed: 0x02, doorOpen: 0x04, tamper: 0x08, privacy: 0x10 };
const ALL_BITS = 0x1f;

/** State bits (b0 locked, b1 jammed, b2 door open, b3 tamper, b4 privacy) and battery in percent, an octet each. */
export function encodeState(attributes: LockAttributes): { bits: Uint8Array; battery: Uint8Array } {
  const bits =
    (attributes.bolt === 'locked' ? BIT.locked : attributes.bolt === 'jammed' ? BIT.jammed : 0) |
    (attributes.door === 'open' ? BIT.doorOpen : 0) |
    (attributes.tamper ? BIT.tamper : 0) |
    (attributes.privacy ? BIT.privacy : 0);
  if (
    !Number.isInteger(attributes.batteryPercent) ||
    attributes.batteryPercent < 0 ||
    attributes.batteryPercent > 100
  ) {
    throw new Maker2Error('range', 'battery', `must be from 0 to 100 %, is ${attributes.batteryPercent}`);
  }
  return { bits: Uint8Array.of(bits), battery: Uint8Array.of(attributes.batteryPercent) };
}

/** The attributes behind state bits and battery; the clock is always `unset`: these locks have none. @throws Maker2Error `range` */
export function decodeState(bits: number, batteryPercent: number): LockAttributes {
  const locked = (bits & BIT.locked) !== 0;
  const jammed = (bits & BIT.jammed) !== 0;
  if ((bits & ~ALL_BITS) !== 0 || (locked && jammed)) throw new Maker2Error('range', 'bits', `${bits} has no meaning`);
  if (batteryPercent > 100) throw new Maker2Error('range', 'battery', `must be from 0 to 100 %, is ${batteryPercent}`);
  return {
    bolt: jammed ? 'jammed' : locked ? 'locked' : 'unlocked',
    door: (bits & BIT.doorOpen) !== 0 ? 'open' : 'closed',
    batteryPercent,
    tamper: (bits & BIT.tamper) !== 0,
    privacy: (bits & BIT.privacy) !== 0,
    clock: 'unset',
  };
}

/** The plaintext of an event. */
export interface EventBody {
  readonly sequence: number;
  /** One of {@link EVENT_CODES}. */
  readonly code: EventCode;
  readonly actor: number;
  readonly detail: number;
}

/** Octets of the events. */
export const EVENT_CODES = {
  unlocked: 1,
  locked: 2,
  relocked: 3,
  refused: 4,
  door_opened: 5,
  door_closed: 6,
  door_forced: 7,
  door_held_open: 8,
  jammed: 9,
  battery_low: 10,
  tamper: 11,
  clock_set: 12,
  booted: 13,
  bound: 14,
  reset: 15,
  manual_unlocked: 16,
  manual_locked: 17,
  events_lost: 18,
  refusals: 19,
} as const satisfies Partial<Record<EventCode, number>>;

const CODE_OF: ReadonlyMap<string, number> = new Map(Object.entries(EVENT_CODES));

const EVENT = {
  sequence: { tag: 0x40, size: 4 },
  code: { tag: 0x41, size: 1 },
  actor: { tag: 0x42, size: 4 },
  detail: { tag: 0x43, size: 1 },
};

/** Octets of an event's plaintext. @throws Maker2Error `range` */
export function encodeEventBody(body: EventBody): Uint8Array {
  checkSequence(body.sequence);
  const code = CODE_OF.get(body.code);
  if (code === undefined) throw new Maker2Error('range', 'code', `no event ${body.code} at these locks`);
  return encodeFields(EVENT, {
    sequence: encodeUint('sequence', body.sequence, 4),
    code: Uint8Array.of(code),
    actor: encodeUint('actor', body.actor, 4),
    detail: encodeUint('detail', body.detail, 1),
  });
}

/** An event's plaintext. @throws Maker2Error */
export function decodeEventBody(octets: Uint8Array): EventBody {
  const fields = decodeFields(EVENT, octets);
  const sequence = decodeUint(fields.sequence);
  checkSequence(sequence);
  return {
    sequence,
    code: nameOf(EVENT_CODES, fields.code[0], 'code'),
    actor: decodeUint(fields.actor),
    detail: decodeUint(fields.detail),
  };
}

const ACK = { sequence: { tag: 0x50, size: 4 } };

/** Octets of an acknowledgement's plaintext: the highest sequence that is durable. @throws Maker2Error `range` */
export function encodeAckBody(sequence: number): Uint8Array {
  checkSequence(sequence);
  return encodeFields(ACK, { sequence: encodeUint('sequence', sequence, 4) });
}

/** The highest durable sequence of an acknowledgement. @throws Maker2Error */
export function decodeAckBody(octets: Uint8Array): number {
  const sequence = decodeUint(decodeFields(ACK, octets).sequence);
  checkSequence(sequence);
  return sequence;
}

function checkSequence(sequence: number): void {
  if (sequence < 1) throw new Maker2Error('range', 'sequence', 'starts at 1');
}
