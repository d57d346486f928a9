/** The newest (and only) version of the format. */
export const MANIFEST_VERSION = 1;
/** At most this many locks in one manifest; a maker issues another for more. */
export const MANIFEST_LOCKS_LIMIT = 10_000;

/** One lock as its maker made it (docs/manifest.md). */
export interface ManifestLock {
  /** MAC address: 12 upper-case hex digits, unique in the manifest. */
  readonly identifier: string;
  /** What is printed on the box: 1 to 32 characters of `A-Z a-z 0-9 . _ -`. */
  readonly model: string;
  readonly bluetooth: '4.0' | '4.1' | '4.2' | '5.0';
  /** Kdev under the transport key: AES-SIV of 16 octets, so 32 octets as 64 lower-case hex digits. */
  readonly factory_key: string;
  /** The lock's own P-256 public key, uncompressed (65 octets), base64. */
  readonly serial_public_key: string;
  /** What the lock's printed code must hash to ({@link hashPrintedCode}): 64 lower-case hex digits. */
  readonly printed_code_hash: string;
}

/** What a maker says about the locks that it made, before it is signed. */
export interface UnsignedManifest {
  readonly version: typeof MANIFEST_VERSION;
  /** Name of the maker's profile document, such as `cardea`. */
  readonly maker: string;
  /** Product line that the manifest is about. */
  readonly model: string;
  /** RFC 3339 UTC time in whole seconds: `2026-01-31T09:00:00Z`. */
  readonly issued_at: string;
  /** 1 to {@link MANIFEST_LOCKS_LIMIT} locks. */
  readonly locks: readonly ManifestLock[];
}

/** A maker's manifest as it is handed over. */
export interface Manifest extends UnsignedManifest {
  /** ES256 over the canonical JSON of everything else: r | s (64 octets), base64. */
  readonly signature: string;
}
