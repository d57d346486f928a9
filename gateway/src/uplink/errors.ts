/** Why a report was not acknowledged: see {@link Uplink.send}. */
export type UplinkErrorCode = 'offline' | 'no_answer' | 'busy' | 'refused' | 'unavailable';

/** A report that the RAS has not acknowledged. */
export class UplinkError extends Error {
  readonly code: UplinkErrorCode;
  constructor(code: UplinkErrorCode, detail: string) {
    super(`${code}: ${detail}`);
    this.name = 'UplinkError';
    this.code = code;
  }
}
