import type { Primitives } from '@cardea/kit-crypto';
import type { OfflinePin } from '@cardea/wire-profile';
import { inRange, writing } from '../errors.ts';
import { offlinePinKey } from '../keys.ts';

/** Digits of an offline PIN: 3 of the window's index, 7 of its code. No online PIN has as many. */
export const OFFLINE_PIN_DIGITS = 10;

/** 2024-01-01T00:00:00Z: hours and days of the index count from here. */
export const PIN_EPOCH_S = 1_704_067_200;

/** Starts of one kind that an index tells apart; the lock takes the last one that has passed. */
const STARTS = 250;
const CODE_DIGITS = 7;
const HOUR_S = 3_600;
const DAY_S = 86_400;

/** The four kinds of window: how long, and on what step they start. */
export const PIN_WINDOWS: readonly { readonly stepS: number; readonly lengthS: number }[] = [
  { stepS: HOUR_S, lengthS: 3 * HOUR_S },
  { stepS: HOUR_S, lengthS: DAY_S },
  { stepS: DAY_S, lengthS: 7 * DAY_S },
  { stepS: DAY_S, lengthS: 28 * DAY_S },
];

/**
 * The PIN of a lock, generation and window, 10 digits: index(3) = 250 k + s, s = (start - epoch) / step modulo 250; then
 * 7 of HMAC-SHA256({@link offlinePinKey}, lockId | k(1) | start(4)), truncated as RFC 4226 5.3 has it.
 * @throws AccessError `range` for a start that is not on the hour (k 0, 1) or day (k 2, 3), or before 2024
 */
export function offlinePin(
  primitives: Primitives,
  bindingKey: Uint8Array,
  lockId: Uint8Array,
  pin: OfflinePin,
): string {
  const window = PIN_WINDOWS[pin.kind];
  const steps = (pin.startS - PIN_EPOCH_S) / (window?.stepS ?? Number.NaN);
  inRange(Number.isInteger(steps) && steps >= 0, 'a window starts on its hour or day, in 2024 or later');
  const key = offlinePinKey(primitives, bindingKey, pin.generation);
  const index = STARTS * pin.kind + (steps % STARTS);
  return digits(index, 3) + code(primitives, key, lockId, pin.kind, pin.startS);
}

/** The window that an entry names at this moment. */
export interface PinWindow {
  readonly kind: 0 | 1 | 2 | 3;
  readonly startS: number;
  readonly endS: number;
}

/**
 * Which window the first three of ten digits mean at `nowS`: the last start that has passed and has that residue.
 * Undefined when there was none since 2024.
 */
export function pinWindow(entry: string, nowS: number): PinWindow | undefined {
  const index = Number(entry.slice(0, 3));
  const kind = Math.floor(index / STARTS);
  const window = PIN_WINDOWS[kind];
  if (window === undefined || !isOfflineEntry(entry) || nowS < PIN_EPOCH_S) return undefined;
  const nowSteps = Math.floor((nowS - PIN_EPOCH_S) / window.stepS);
  const steps = nowSteps - ((((nowSteps - (index % STARTS)) % STARTS) + STARTS) % STARTS);
  if (steps < 0) return undefined;
  const startS = PIN_EPOCH_S + steps * window.stepS;
  return { kind: kind as PinWindow['kind'], startS, endS: startS + window.lengthS };
}

/** How long the generation of a lock's offline PINs stays the newest: entries are tried under it and the next one. */
const GENERATIONS_TRIED = 2;

/**
 * The generation under which an entry is right at `nowS`: the lock's own or the one after it, never more; undefined when
 * it is under neither, or its window is not open. All codes are computed whatever the first gave.
 */
export function offlinePinGeneration(
  primitives: Primitives,
  bindingKey: Uint8Array,
  lockId: Uint8Array,
  generation: number,
  entry: string,
  nowS: number,
): number | undefined {
  const window = pinWindow(entry, nowS);
  if (window === undefined || nowS >= window.endS) return undefined;
  let found: number | undefined;
  for (let tried = 0; tried < GENERATIONS_TRIED && generation + tried <= 0xffff_ffff; tried++) {
    const key = offlinePinKey(primitives, bindingKey, generation + tried);
    const right = sameDigits(code(primitives, key, lockId, window.kind, window.startS), entry.slice(3));
    if (right && found === undefined) found = generation + tried;
  }
  return found;
}

/** Whether an entry has the shape of an offline PIN. */
export function isOfflineEntry(entry: string): boolean {
  return /^[0-9]{10}$/.test(entry);
}

/** RFC 4226 5.3 over SHA-256: 31 bits from where the last four bits say, then the last `size` decimal digits. */
export function truncate(hash: Uint8Array, size: number): string {
  const at = (hash[hash.length - 1] ?? 0) & 0x0f;
  const bits = hash.slice(at, at + 4).reduce((value, octet) => value * 256 + octet, 0) % 2 ** 31;
  return digits(bits % 10 ** size, size);
}

function code(primitives: Primitives, key: Uint8Array, lockId: Uint8Array, kind: number, startS: number): string {
  const window = writing((writer) =>
    writer.octets('lock id', lockId, 6).uint('kind', kind, 1).uint('start', startS, 4),
  );
  return truncate(primitives.hmacSha256(key, window), CODE_DIGITS);
}

function sameDigits(a: string, b: string): boolean {
  let difference = a.length ^ b.length;
  for (let i = 0; i < a.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i);
  return difference === 0;
}

function digits(value: number, size: number): string {
  return String(value).padStart(size, '0');
}
