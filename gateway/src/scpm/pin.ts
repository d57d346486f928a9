import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import type { Secret } from '@cardea/kit-runtime';
import { DomainError } from './errors.ts';

/** What is kept of the supervisor's PIN (Annex A): a verifier under a memory-hard hash, and the tries that failed. */
export interface PinRecord {
  /** Hex. */
  readonly salt: string;
  readonly hash: string;
  readonly failures: number;
  /** Unix milliseconds. */
  readonly failedAtMs: number;
}

const PIN = { least: 6, most: 64 };
/** 64 MiB for a try. */
const COST = { N: 2 ** 16, r: 8, p: 1, maxmem: 128 * 1024 * 1024 };
const HASH_OCTETS = 32;
/** Tries that cost no wait. */
export const PIN_TRIES = 5;
const WAIT_MS = 60_000;
const WAIT_MOST_MS = 24 * 3_600_000;

const stretch = promisify(scrypt) as (pin: string, salt: Buffer, octets: number, cost: typeof COST) => Promise<Buffer>;

/** The record of a new PIN. @throws DomainError `invalid` for one that is too short or too long */
export async function newPin(pin: Secret<string>): Promise<PinRecord> {
  const { length } = pin.reveal();
  if (length < PIN.least || length > PIN.most) {
    throw new DomainError('invalid', `a PIN has ${PIN.least} to ${PIN.most} characters`, 'choose another');
  }
  const salt = randomBytes(16);
  const hash = await stretch(pin.reveal(), salt, HASH_OCTETS, COST);
  return { salt: salt.toString('hex'), hash: hash.toString('hex'), failures: 0, failedAtMs: 0 };
}

/**
 * Checks a PIN. The try is kept (`keep`) as failed before it is looked at, so that pulling the plug gives none back; five
 * cost nothing, then each waits twice as long, through restarts.
 * @throws DomainError `wait` before the wait is over, `pin` for a wrong one
 */
export async function checkPin(
  record: PinRecord,
  pin: Secret<string>,
  nowMs: number,
  keep: (record: PinRecord) => Promise<void>,
): Promise<void> {
  // A clock that is set back makes the wait longer, never shorter.
  const untilMs = record.failedAtMs + waitMs(record.failures);
  if (record.failures >= PIN_TRIES && nowMs < untilMs) {
    const seconds = Math.ceil((untilMs - nowMs) / 1000);
    throw new DomainError('wait', `too many wrong PINs: the next try is in ${seconds} s`, 'wait, then try again');
  }
  const tried: PinRecord = { ...record, failures: record.failures + 1, failedAtMs: nowMs };
  await keep(tried);
  const hash = await stretch(pin.reveal(), Buffer.from(record.salt, 'hex'), HASH_OCTETS, COST);
  if (!timingSafeEqual(hash, Buffer.from(record.hash, 'hex'))) {
    const left = PIN_TRIES - tried.failures;
    const how = left > 0 ? `${left} more before a wait` : `the next in ${waitMs(tried.failures) / 1000} s`;
    throw new DomainError('pin', `wrong PIN (${how})`, 'give the PIN that was set when the domain was created');
  }
  await keep({ ...record, failures: 0, failedAtMs: 0 });
}

const waitMs = (failures: number): number =>
  failures < PIN_TRIES ? 0 : Math.min(WAIT_MS * 2 ** Math.min(failures - PIN_TRIES, 20), WAIT_MOST_MS);
