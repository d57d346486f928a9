import { fromBase64, toBase64 } from '@cardea/kit-octets';

/** The first line of every backup, and the version of the format. */
const MAGIC = 'cardea-backup 1';
/** Both lines together; a reader takes no more before it knows what it reads. */
export const HEADER_MOST_OCTETS = 4096;

/** How the key of a backup is wrapped: by a passphrase, or under the envelope key of the installation itself. */
export type WrappedKey =
  | {
      readonly kind: 'passphrase';
      /** argon2id: memory in KiB, passes, one lane. */
      readonly memoryKib: number;
      readonly passes: number;
      readonly salt: Uint8Array;
      /** AES-256-GCM of the key(32) under the derived one, nonce 0 (each salt wraps one key): ciphertext | tag(16). */
      readonly wrapped: Uint8Array;
    }
  | {
      readonly kind: 'envelope';
      /** As the envelope seals (docs/operations.md). */
      readonly wrapped: Uint8Array;
    };

/** What a backup says in the clear; authenticated with the rest once it is open. */
export interface BackupHeader {
  /** Unix milliseconds. */
  readonly madeAtMs: number;
  /** Version of the program that made it. */
  readonly program: string;
  /** Schema of the record in it. */
  readonly schema: number;
  readonly key: WrappedKey;
}

/** Bounds of what a header may make its reader spend. */
const MEMORY_KIB = { least: 1024, most: 1024 * 1024 };
const PASSES_MOST = 16;
const OCTETS_MOST = 256;

/** The header's octets: the magic line and one line of JSON. */
export function encodeHeader(header: BackupHeader): Uint8Array {
  const { key } = header;
  const wrapped =
    key.kind === 'envelope'
      ? { kind: key.kind, wrapped: toBase64(key.wrapped) }
      : {
          kind: key.kind,
          memory_kib: key.memoryKib,
          passes: key.passes,
          salt: toBase64(key.salt),
          wrapped: toBase64(key.wrapped),
        };
  const json = JSON.stringify({
    made_at: new Date(header.madeAtMs).toISOString(),
    program: header.program,
    schema: header.schema,
    key: wrapped,
  });
  return new TextEncoder().encode(`${MAGIC}\n${json}\n`);
}

/**
 * The header at the beginning of `octets` and its length; undefined when they begin with none. Accepts exactly what
 * {@link encodeHeader} writes: any other spelling of the same is refused.
 */
export function decodeHeader(octets: Uint8Array): { header: BackupHeader; sizeOctets: number } | undefined {
  const head = octets.subarray(0, HEADER_MOST_OCTETS);
  const first = head.indexOf(0x0a);
  const second = head.indexOf(0x0a, first + 1);
  if (first < 0 || second < 0) return undefined;
  try {
    const text = new TextDecoder('utf-8', { fatal: true });
    if (text.decode(head.subarray(0, first)) !== MAGIC) return undefined;
    const header = readHeader(JSON.parse(text.decode(head.subarray(first + 1, second))));
    if (header === undefined) return undefined;
    const again = encodeHeader(header);
    const same = again.length === second + 1 && again.every((octet, i) => octet === head[i]);
    return same ? { header, sizeOctets: second + 1 } : undefined;
  } catch {
    return undefined;
  }
}

type Fields = Readonly<Record<string, unknown>>;

function readHeader(json: unknown): BackupHeader | undefined {
  if (typeof json !== 'object' || json === null) return undefined;
  const { made_at, program, schema, key }: Fields = { ...json };
  const madeAtMs = typeof made_at === 'string' ? Date.parse(made_at) : Number.NaN;
  const wrapped = typeof key === 'object' && key !== null ? readKey({ ...key }) : undefined;
  if (!Number.isFinite(madeAtMs) || typeof program !== 'string' || program.length > 100) return undefined;
  if (!isWhole(schema, 0, 1_000_000) || wrapped === undefined) return undefined;
  return { madeAtMs, program, schema, key: wrapped };
}

function readKey({ kind, memory_kib, passes, salt, wrapped }: Fields): WrappedKey | undefined {
  const octets = readOctets(wrapped);
  if (octets === undefined) return undefined;
  if (kind === 'envelope') return { kind, wrapped: octets };
  const salted = readOctets(salt);
  if (kind !== 'passphrase' || salted === undefined) return undefined;
  if (!isWhole(memory_kib, MEMORY_KIB.least, MEMORY_KIB.most) || !isWhole(passes, 1, PASSES_MOST)) return undefined;
  return { kind, memoryKib: memory_kib, passes, salt: salted, wrapped: octets };
}

function isWhole(value: unknown, least: number, most: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;
}

function readOctets(value: unknown): Uint8Array | undefined {
  if (typeof value !== 'string' || value.length > 2 * OCTETS_MOST) return undefined;
  return fromBase64(value);
}
