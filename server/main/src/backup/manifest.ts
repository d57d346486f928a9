/** One file in a backup. */
export interface BackupPart {
  /** Path below the server's folder, with `/` between names: `cardea.db`, `tls/authority.pem`. */
  readonly name: string;
  readonly sizeOctets: number;
  /** SHA-256, 64 hex digits. */
  readonly sha256: string;
}

/** What a backup holds: the first thing in its sealed content. */
export interface BackupManifest {
  /** Names this backup: `bak_` and 32 hex digits. */
  readonly id: string;
  /** Whether the envelope key is among the parts. */
  readonly keys: boolean;
  /** In the order in which they follow. */
  readonly parts: readonly BackupPart[];
}

/** Name of the record among the parts, and of the file of its keys. */
export const RECORD_PART = 'cardea.db';
export const KEY_PART = 'envelope.key';
export const PARTS_MOST = 1000;
/** A manifest has at most so many octets. */
export const MANIFEST_MOST_OCTETS = 512 * 1024;

/** Names that stay inside the folder, on every system: no `..`, no leading dot, nothing that a shell would take apart. */
const NAME = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}(\/[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}){0,3}$/;

/** Whether a file of this name can be a part. */
export const isPartName = (name: string): boolean => NAME.test(name) && !name.includes('..');

/** The manifest as JSON. */
export function encodeManifest(manifest: BackupManifest): Uint8Array {
  const parts = manifest.parts.map(({ name, sizeOctets, sha256 }) => ({ name, size: sizeOctets, sha256 }));
  return new TextEncoder().encode(JSON.stringify({ id: manifest.id, keys: manifest.keys, parts }));
}

/** The manifest of these octets; undefined when it is none, or names a part twice or outside the folder. */
export function decodeManifest(octets: Uint8Array): BackupManifest | undefined {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(octets));
  } catch {
    return undefined;
  }
  if (typeof json !== 'object' || json === null) return undefined;
  const { id, keys, parts }: Readonly<Record<string, unknown>> = { ...json };
  if (typeof id !== 'string' || !/^bak_[0-9a-f]{32}$/.test(id) || typeof keys !== 'boolean') return undefined;
  if (!Array.isArray(parts) || parts.length > PARTS_MOST) return undefined;
  const read = parts.map(readPart);
  const known = read.filter((part) => part !== undefined);
  const names = new Set(known.map(({ name }) => name));
  if (known.length !== read.length || names.size !== known.length || !names.has(RECORD_PART)) return undefined;
  if (names.has(KEY_PART) !== keys) return undefined;
  return { id, keys, parts: known };
}

function readPart(value: unknown): BackupPart | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { name, size, sha256 }: Readonly<Record<string, unknown>> = { ...value };
  if (typeof name !== 'string' || !isPartName(name)) return undefined;
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) return undefined;
  if (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256)) return undefined;
  return { name, sizeOctets: size, sha256 };
}
