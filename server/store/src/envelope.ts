import type { Secret } from '@cardea/kit-runtime';

/** Seals secrets before they are stored, under a key kept apart from the data; `context` names table, column and row. */
export interface Envelope {
  seal(secret: Secret, context: string): Uint8Array;
  /** @throws when it was changed, or sealed for another place */
  open(sealed: Uint8Array, context: string): Secret;
}
