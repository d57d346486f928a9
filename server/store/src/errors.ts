/**
 * Why the store refuses: it is `closed`; a COMMIT failed (`commit_failed`) or the engine met an I/O error or a damaged
 * page (`damaged`), and nothing can be trusted to be durable any more; there is no room for a change (`no_room`), which
 * leaves nothing behind and may succeed later; the database was written by a newer program (`newer_database`); another
 * process has it open (`in_use`); it cannot be opened (`cannot_open`); a write was tried where only reads are allowed
 * (`write_outside_unit`).
 */
export type StoreErrorCode =
  | 'closed'
  | 'commit_failed'
  | 'damaged'
  | 'no_room'
  | 'newer_database'
  | 'in_use'
  | 'cannot_open'
  | 'write_outside_unit';

/** The one error of this package. */
export class StoreError extends Error {
  readonly code: StoreErrorCode;
  constructor(code: StoreErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'StoreError';
    this.code = code;
  }
}
