import type { StoredHead } from './tables.ts';

/** Somebody outside who is given each head, so that nobody inside can take it back. */
export interface Witness {
  /** Names it in the record: `file`, `rfc3161`. */
  readonly name: string;
  /** Hands a head over: what the witness gave for it, in text. @throws when it has not got it */
  give(head: StoredHead): Promise<string>;
}
