import type { GuardLimits } from '@cardea/kit-node';

/** How the server under attack is to be. */
export interface VictimOptions {
  /** Empty folder for its data. */
  readonly dataDir: string;
  /** The double: without caps, without times, refusing newcomers when it is full. */
  readonly weak: boolean;
  /** Bounds other than the product's own, for measuring what they bound. */
  readonly guard?: Partial<GuardLimits>;
  readonly patienceMs?: number;
}

/** Where the server is reached, once it is up. */
export interface VictimAddress {
  readonly host: string;
  readonly httpPort: number;
  readonly xmppPort: number;
  /** The authority to trust: PEM, and the file of it. */
  readonly ca: string;
  readonly caFile: string;
  /** Of the owner; empty at the double. */
  readonly token: string;
}

/** What the server says of itself: since the last asking for the event loop, now for the rest. */
export interface VictimState {
  /** Longest turn of the event loop: by the clock, and by its own processor time. */
  readonly heldMs: number;
  readonly busyMs: number;
  readonly residentOctets: number;
  readonly heapOctets: number;
  /** Outside V8's heap: buffers, and what TLS and the system keep for V8's account. */
  readonly externalOctets: number;
}

export type FromVictim =
  | { readonly kind: 'ready'; readonly address: VictimAddress }
  | { readonly kind: 'failed'; readonly detail: string }
  | { readonly kind: 'state'; readonly state: VictimState };
