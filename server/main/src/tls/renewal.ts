/** How long a certificate is good: Unix milliseconds. */
export interface Life {
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
}

const MINUTE_MS = 60_000;
/**
 * Waits after the first, second, ... failure in a row. Let's Encrypt takes five failed proofs an hour for a name; of these
 * at most four fall into one.
 */
const BACKOFF_MS = [5, 15, 30, 60, 180, 360, 720].map((minutes) => minutes * MINUTE_MS);
const LONGEST_MS = 24 * 60 * MINUTE_MS;
/** The part of a life by which a renewal is spread, so that not all who began together come together. */
const JITTER = 1 / 30;

/**
 * When a certificate is renewed: after two thirds of its life, up to a thirtieth of it later. A short-lived one is treated
 * alike, so nothing depends on its 90 days. `draw` is from 0 to 1, drawn once for a certificate.
 */
export function renewAtMs({ notBeforeMs, notAfterMs }: Life, draw: number): number {
  const lifeMs = notAfterMs - notBeforeMs;
  return Math.round(notBeforeMs + lifeMs * (2 / 3 + JITTER * draw));
}

/**
 * How long to wait after `failures` (1 or more) in a row, with up to a quarter added; never less than the other side asked
 * for, never over a day unless it did.
 */
export function retryInMs(failures: number, draw: number, askedMs: number | undefined): number {
  const base = BACKOFF_MS[Math.min(failures, BACKOFF_MS.length) - 1] ?? LONGEST_MS;
  return Math.max(Math.min(base * (1 + draw / 4), LONGEST_MS), askedMs ?? 0);
}
