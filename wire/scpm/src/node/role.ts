import type { Services } from '../header.ts';
import type { Padata, SnfInquiry } from '../padata/padata.ts';
import type { Status } from '../padata/status.ts';
import type { HeldKey } from './keys.ts';
import type { Purpose } from './state.ts';

/** What became of a request of this node. */
export type RequestEnd =
  /** The peer's answer, authenticated; `malformed` is also one that cannot be read. */
  | { readonly kind: 'answered'; readonly status: Status }
  /** The peer could not serve it, by SHD (b13, b14). */
  | { readonly kind: 'failed' }
  /** Whether it was served is unknown. */
  | { readonly kind: 'no-answer' }
  /** It was not sent: its key is gone, its SNFs are used up, or its time is over. */
  | { readonly kind: 'not-sent' };

/** What a role serves: inquiries are every node's own. */
export type ServedPadata = Exclude<Padata, SnfInquiry>;

/** What sets one kind of node (KSN, device) apart from the other. */
export interface Role {
  /** Whether requests of this address are served under this key at all: asked before anything is verified. */
  admits(from: Uint8Array, key: HeldKey): boolean;
  /** A first valid frame has come under a pending key. Changes the state only: it is saved with what follows. */
  activate(from: Uint8Array, key: HeldKey): void;
  /**
   * Serves a verified request and says how it went. Changes of the state are saved with the SNF before the response
   * leaves; effects that follow belong into `after` of the turn.
   */
  serve(from: Uint8Array, key: HeldKey, services: Services, padata: ServedPadata): Status;
  /** Hears what became of a request. */
  answered(to: Uint8Array, purpose: Purpose, end: RequestEnd): void;
  /** The SNFs of a key are used up but for those of its update: an update is to begin. */
  exhausted(to: Uint8Array, keyIndex: number): void;
  /** An ordinary frame to this node. */
  ordinary(from: Uint8Array, adata: Uint8Array): void;
  /** Makes durable what is kept of this peer. */
  save(address: Uint8Array): void;
}
