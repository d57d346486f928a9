import { Reader, Writer } from '@cardea/kit-octets';
import type { StatusBits } from '@cardea/wire-profile';
import { decodeCommandFrame, encodeCommandFrame } from './command-frame.ts';
import { LockError, writing } from './errors.ts';
import { NONCE_SIZE_OCTETS } from './request.ts';

/** Octet 1 of an answer: what its value is. */
export const ANSWER_TYPE = { receipt: 0x01, time: 0x02 } as const;

/** Octet 0 of a receipt's value: how the command ended. */
export const RESULT = {
  done: 0,
  jammed: 1,
  battery_empty: 2,
  privacy: 3,
  not_permitted: 4,
  busy: 5,
  unsupported: 6,
  step_back: 7,
  below_floor: 8,
  failed: 9,
  full: 10,
  superseded: 11,
  expired: 12,
  revoked: 13,
  outside_schedule: 14,
  spent: 15,
  clock: 16,
  lockdown: 17,
} as const;

/**
 * How a command ended. `not_permitted`: its class is too low; `busy`: another bolt command runs; `step_back`: SET_TIME
 * would go back over 60 s without the flag; `below_floor`: it would go below the stored floor; `failed`: the lock's fault, or
 * APPLY names a message that it does not hold; `full`: a bounded list has no room; `superseded`: an order or generation that
 * is not higher. From `expired` on, of keys and PINs: `expired`, outside its window or past its lease; `revoked`, denied or of
 * an old generation; `outside_schedule`; `spent`, no use left; `clock`, the lock's clock is not valid; `lockdown`, of commands
 * as well.
 */
export type ResultCode = keyof typeof RESULT;

/** Clock state on the wire: 0 valid, 1 uncertain, 2 unset. */
export type ClockState = 'valid' | 'uncertain' | 'unset';

const CLOCK_STATES: readonly ClockState[] = ['valid', 'uncertain', 'unset'];

/** The final answer to a command: value = result(1) bits(1) battery(1) event sequence(4) clock state(1) detail(1). */
export interface ReceiptAnswer {
  readonly kind: 'receipt';
  /** The id of the request that it answers. */
  readonly id: number;
  readonly result: ResultCode;
  readonly bits: StatusBits;
  /** 0 to 100. */
  readonly batteryPercent: number;
  readonly eventSequence: number;
  readonly clock: ClockState;
  readonly detail: number;
  /** Unix seconds by the lock's clock; 0 when it is unset. */
  readonly lockTimeS: number;
}

/** The answer to GET_NONCE and to every command refused for time: value = clock state(1) nonce(8), word = lock time or 0. */
export interface TimeAnswer {
  readonly kind: 'time';
  readonly id: number;
  readonly clock: ClockState;
  readonly nonce: Uint8Array;
  readonly lockTimeS: number;
}

/** What a receipt frame says. */
export type Answer = ReceiptAnswer | TimeAnswer;

/** The 16 octets of an answer. @throws LockError `range` */
export function encodeAnswer(answer: Answer): Uint8Array {
  if (answer.id < 0 || answer.id > 0x7f) throw new LockError('range', 'a request id is 0 to 127');
  return encodeCommandFrame({
    id: answer.id | 0x80,
    type: answer.kind === 'receipt' ? ANSWER_TYPE.receipt : ANSWER_TYPE.time,
    value: answer.kind === 'receipt' ? receiptValue(answer) : timeValue(answer),
    word: answer.lockTimeS,
  });
}

/** The answer in 16 octets. @throws LockError `length`, `check`, `kind`, `range` */
export function decodeAnswer(octets: Uint8Array): Answer {
  const frame = decodeCommandFrame(octets);
  if ((frame.id & 0x80) === 0 || frame.id === EVENT_ID || frame.id === CHAIN_PART_ID)
    throw new LockError('kind', 'not the id of an answer');
  const id = frame.id & 0x7f;
  const reader = new Reader(frame.value);
  if (frame.type === ANSWER_TYPE.time) {
    const clock = clockStateOf(reader.uint('clock state', 1));
    return { kind: 'time', id, clock, nonce: reader.octets('nonce', NONCE_SIZE_OCTETS), lockTimeS: frame.word };
  }
  if (frame.type !== ANSWER_TYPE.receipt) throw new LockError('kind', `no answer of type ${frame.type}`);
  return {
    kind: 'receipt',
    id,
    result: resultOf(reader.uint('result', 1)),
    bits: decodeStatusBits(reader.uint('bits', 1)),
    batteryPercent: percent(reader.uint('battery', 1)),
    eventSequence: reader.uint('event sequence', 4),
    clock: clockStateOf(reader.uint('clock state', 1)),
    detail: reader.uint('detail', 1),
    lockTimeS: frame.word,
  };
}

/** The id of an event frame: no answer has it. */
export const EVENT_ID = 0xf0;

/** The id of a part of a chain head, under the event key like events: no answer has it. */
export const CHAIN_PART_ID = 0xf1;

/** The octet of status bits: b0 bolt out (locked), b1 jammed, b2 door open, b3 tamper, b4 privacy. */
export function encodeStatusBits(bits: StatusBits): number {
  return (
    (bits.boltOut ? 1 : 0) |
    (bits.jammed ? 2 : 0) |
    (bits.doorOpen ? 4 : 0) |
    (bits.tamper ? 8 : 0) |
    (bits.privacy ? 16 : 0)
  );
}

/** Status bits of an octet. @throws LockError `range` for bits that mean nothing */
export function decodeStatusBits(octet: number): StatusBits {
  if (octet > 0x1f) throw new LockError('range', 'unknown status bits');
  return {
    boltOut: (octet & 1) !== 0,
    jammed: (octet & 2) !== 0,
    doorOpen: (octet & 4) !== 0,
    tamper: (octet & 8) !== 0,
    privacy: (octet & 16) !== 0,
  };
}

function receiptValue(answer: ReceiptAnswer): Uint8Array {
  return writing(() =>
    new Writer()
      .uint('result', RESULT[answer.result], 1)
      .uint('bits', encodeStatusBits(answer.bits), 1)
      .uint('battery', percent(answer.batteryPercent), 1)
      .uint('event sequence', answer.eventSequence, 4)
      .uint('clock state', CLOCK_STATES.indexOf(answer.clock), 1)
      .uint('detail', answer.detail, 1)
      .done(),
  );
}

function timeValue(answer: TimeAnswer): Uint8Array {
  return writing(() =>
    new Writer()
      .uint('clock state', CLOCK_STATES.indexOf(answer.clock), 1)
      .octets('nonce', answer.nonce, NONCE_SIZE_OCTETS)
      .done(),
  );
}

function percent(value: number): number {
  if (value > 100) throw new LockError('range', 'battery is 0 to 100 %');
  return value;
}

function clockStateOf(octet: number): ClockState {
  const state = CLOCK_STATES[octet];
  if (state === undefined) throw new LockError('range', `no clock state ${octet}`);
  return state;
}

function resultOf(octet: number): ResultCode {
  const found = Object.entries(RESULT).find(([, value]) => value === octet);
  if (found === undefined) throw new LockError('range', `no result ${octet}`);
  return found[0] as ResultCode;
}
