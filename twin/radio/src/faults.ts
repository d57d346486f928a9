/** What is wrong with the air around one peripheral. */
export interface AirFaults {
  /** Out of range: not heard by anybody; live links end after the supervision timeout. */
  readonly range: 'in' | 'out';
  /** Its notifications are held on the air for this long before they go on. */
  readonly delayMs: number;
  /** Probability that one LL packet, or one advertisement, is lost: 0 to 1. */
  readonly loss: number;
}

/** The air as it should be. */
export const NO_FAULTS: AirFaults = { range: 'in', delayMs: 0, loss: 0 };
