import type { CommandClass, Operation } from '@cardea/wire-profile';

/** Octet 1 of a request: who may send it (0x01 is the seed's value). A higher class may do what a lower one may. */
export const CLASS_OCTET: Readonly<Record<CommandClass, number>> = { operate: 0x01, manage: 0x02, own: 0x03 };

/** Octet 0 of value in lock control and nonce-fresh lock control. */
export const OPERATION_OCTET: Readonly<Record<Operation, number>> = { unlock: 1, lock: 2, status: 3, override: 4 };

/** The class that `override` needs, whichever instruction carries it. */
export const OVERRIDE_CLASS: CommandClass = 'manage';

/** Names of the instructions, as the table below lists them. */
export type InstructionName =
  | 'lock_control'
  | 'nonce_fresh_lock_control'
  | 'get_nonce'
  | 'set_time'
  | 'event_ack'
  | 'configure'
  | 'reset'
  | 'chain_head'
  | 'apply';

/** How the lock decides that an instruction is fresh. */
export type TimeCheck =
  /** Word is lock time and octet 1 of value the time to live. */
  | 'time_to_live'
  /** Word is lock time; {@link MANAGE_TIME_TO_LIVE_S} to live. */
  | 'fixed'
  /** A nonce of this session, and word is the time to live from its issue. */
  | 'nonce'
  /** Fresh by its counter alone. */
  | 'exempt';

/** One row of the instruction set. */
export interface Instruction {
  readonly id: number;
  readonly name: InstructionName;
  /** The lowest class that may send it; of lock control, `override` needs {@link OVERRIDE_CLASS}. */
  readonly class: CommandClass;
  readonly operation: string;
  /** The 9 octets of value; what is not named is zero. */
  readonly value: string;
  readonly word: string;
  readonly answer: 'receipt' | 'time answer' | 'chain parts, then receipt';
  readonly time: TimeCheck;
}

/** How long a management command lives after its stamp, in seconds. */
export const MANAGE_TIME_TO_LIVE_S = 60;

/** The whole instruction set: documents and vectors are generated from it. Answers carry id | 0x80. */
export const INSTRUCTIONS: readonly Instruction[] = [
  {
    id: 0x03,
    name: 'lock_control',
    class: 'operate',
    operation: 'Unlock, lock, report the status, or override (class manage)',
    value: 'operation(1: 1 unlock, 2 lock, 3 status, 4 override) time to live(1, s)',
    word: 'lock time, s',
    answer: 'receipt',
    time: 'time_to_live',
  },
  {
    id: 0x04,
    name: 'nonce_fresh_lock_control',
    class: 'operate',
    operation: 'The same, fresh by a nonce and not by the clock',
    value: 'operation(1) nonce(8)',
    word: 'time to live, s, from the issue of the nonce',
    answer: 'receipt',
    time: 'nonce',
  },
  {
    id: 0x05,
    name: 'get_nonce',
    class: 'operate',
    operation: 'Ask for the time and a nonce',
    value: '0',
    word: '0',
    answer: 'time answer',
    time: 'exempt',
  },
  {
    id: 0x06,
    name: 'set_time',
    class: 'manage',
    operation: 'Set the clock',
    value: 'nonce(8) flags(1: b0 step back of over 60 s confirmed)',
    word: 'RAS time, s',
    answer: 'receipt',
    time: 'exempt',
  },
  {
    id: 0x07,
    name: 'event_ack',
    class: 'operate',
    operation: 'Everything up to this sequence is durable at the RAS',
    value: 'highest durable sequence(4)',
    word: 'lock time, s',
    answer: 'receipt',
    time: 'fixed',
  },
  {
    id: 0x08,
    name: 'configure',
    class: 'manage',
    operation: 'Set automatic relocking and the held-open alarm',
    value: 'auto-relock(2, s; 0 off) held open(2, s; 0 off)',
    word: 'lock time, s',
    answer: 'receipt',
    time: 'fixed',
  },
  {
    id: 0x09,
    name: 'reset',
    class: 'own',
    operation: 'Back to the factory state; the reset count goes up',
    value: '0',
    word: 'lock time, s',
    answer: 'receipt',
    time: 'fixed',
  },
  {
    id: 0x0a,
    name: 'chain_head',
    class: 'operate',
    operation: 'Sign the head of the event chain',
    value: '0',
    word: '0',
    answer: 'chain parts, then receipt',
    time: 'exempt',
  },
  {
    id: 0x0b,
    name: 'apply',
    class: 'manage',
    operation: 'Apply the message 24 or 25 that came before it on channel 1',
    value: 'first 8 octets of SHA-256 of the message',
    word: 'lock time, s',
    answer: 'receipt',
    time: 'fixed',
  },
];

const BY_ID: ReadonlyMap<number, Instruction> = new Map(INSTRUCTIONS.map((row) => [row.id, row]));

/** The row of an instruction id, or undefined when there is none. */
export function instructionById(id: number): Instruction | undefined {
  return BY_ID.get(id);
}

/** Whether a frame of class octet `octet` may do what needs `needed`. */
export function classPermits(octet: number, needed: CommandClass): boolean {
  return octet >= CLASS_OCTET[needed] && octet <= CLASS_OCTET.own;
}
