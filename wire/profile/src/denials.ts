/** Events of denials that a lock's ring holds at most; the rest of it is for what did happen. */
export const DENIALS_IN_RING_MOST = 64;
/** So many denials in a row are an event each, */
const BURST = 4;
/** and then one event in this time tells how many there were. */
const EVERY_MS = 60_000;

/**
 * How a lock records denials: the first few one by one, then counted together, and never more of them than their own
 * part of the ring. So nobody who is denied, however often, can make the lock forget who opened.
 */
export interface Denials {
  /** Monotonic: the next may be an event of its own from `BURST - 1` times `EVERY_MS` before. */
  readonly paidUntilMs: number;
  /** Denials that are no event yet, and why the last one was. */
  readonly held: number;
  readonly detail: number;
}

/** No denial since power-on. */
export const NO_DENIALS: Denials = { paidUntilMs: Number.NEGATIVE_INFINITY, held: 0, detail: 0 };

/** A denial, with `inRing` of them in the ring: an event of its own, or held. */
export function takeDenial(
  denials: Denials,
  nowMs: number,
  inRing: number,
  detail: number,
): { readonly denials: Denials; readonly recorded: boolean } {
  if (denials.held === 0 && inRing < DENIALS_IN_RING_MOST && nowMs >= freeAtMs(denials)) {
    return { denials: paid(denials, nowMs), recorded: true };
  }
  return { denials: { ...denials, held: Math.min(0xffff_ffff, denials.held + 1), detail }, recorded: false };
}

/** When the denials that are held are told, monotonic; undefined when there are none, or no room for their event. */
export function heldDenialsDueMs(denials: Denials, inRing: number): number | undefined {
  return denials.held === 0 || inRing >= DENIALS_IN_RING_MOST ? undefined : freeAtMs(denials);
}

/** The denials that are told now in one event, `refusals`: how many, and why the last one was. */
export function tellHeldDenials(
  denials: Denials,
  nowMs: number,
  inRing: number,
): { readonly denials: Denials; readonly told: { readonly count: number; readonly detail: number } | undefined } {
  const dueMs = heldDenialsDueMs(denials, inRing);
  if (dueMs === undefined || nowMs < dueMs) return { denials, told: undefined };
  const { held: count, detail } = denials;
  return { denials: { ...paid(denials, nowMs), held: 0, detail: 0 }, told: { count, detail } };
}

const freeAtMs = ({ paidUntilMs }: Denials): number => paidUntilMs - (BURST - 1) * EVERY_MS;

function paid(denials: Denials, nowMs: number): Denials {
  return { ...denials, paidUntilMs: Math.max(denials.paidUntilMs, nowMs) + EVERY_MS };
}
