/** A leaf as it is stored: its number from 0, its text, and the hash that was stored with it. */
export interface StoredLeaf {
  readonly number: number;
  readonly leaf: string;
  readonly hash: Uint8Array;
}

/** What a log is read as, oldest first: each head after the leaves that it covers. */
export type LogEntry = ({ readonly kind: 'leaf' } & StoredLeaf) | { readonly kind: 'head'; readonly note: string };
