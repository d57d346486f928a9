import type { Secret } from '@cardea/kit-runtime';
import type { AlgorithmId } from '../suite/suite.ts';

/** A key as a node holds it. */
export interface HeldKey {
  /** 0 serial, 1 user, 2 maker, 3 to 15 service providers. */
  readonly keyIndex: number;
  /** Grows with each new key of an index; 0 of the serial and the maker key. */
  readonly version: number;
  readonly algorithm: AlgorithmId;
  /** 16 octets. `hardened`: the device's own key; `standard`: the key of the index itself. */
  readonly key: Secret;
  /** Both verify; only the active one protects (9.3.2). `shared`: the secret of a Diffie-Hellman run, b4 of the SHD. */
  readonly state: 'active' | 'pending' | 'shared';
  /** A key for confidentiality only is one of its own: it never authenticates, and nothing under it moves a bolt. */
  readonly use: 'authenticated' | 'confidential';
  /** Whether it was made or taken since the start: then this node knows all that it was used for here. */
  readonly isOfThisRun: boolean;
}

/** What names a line: the key that protects it. */
export interface LineName {
  readonly keyIndex: number;
  readonly version: number;
  /** Under the shared secret of a Diffie-Hellman run. */
  readonly dh: boolean;
}

/** The traffic with one peer under one version of one key: a sequence of SNFs either way (8.1.5). */
export interface Line extends LineName {
  /** The SNF that the peer's next request has to carry. */
  readonly expected: number;
  /** The peer's last request that was served, by its SHA-256, and the answer: repeated, never executed again. */
  readonly last: { readonly request: Uint8Array; readonly response: Uint8Array } | undefined;
  /** The SNF of the next request to the peer; never lower than any that was sent. */
  readonly next: number;
  /**
   * Whether `expected` is known to be above all that was ever served. Not after a start, whose memory may be an older one
   * (a restored backup, a copied disk): until the peer has said where it stands, nothing is served that is enciphered.
   */
  readonly isCurrent: boolean;
}

/** The first SNF of a new key, in both directions (`hardened`). */
export const FIRST_SNF = 1;

/** The name of the line that a key protects. */
export function lineName({ keyIndex, version, state }: HeldKey): LineName {
  return { keyIndex, version, dh: state === 'shared' };
}

/** Whether two names are of one line. */
export function sameLine(a: LineName, b: LineName): boolean {
  return a.keyIndex === b.keyIndex && a.version === b.version && a.dh === b.dh;
}

/** The key of an index that protects: the active one, or the shared secret. */
export function protecting(keys: readonly HeldKey[], keyIndex: number, dh = false): HeldKey | undefined {
  return keys.find((key) => key.keyIndex === keyIndex && key.state === (dh ? 'shared' : 'active'));
}
