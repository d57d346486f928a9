import { toBase64 } from '@cardea/kit-octets';
import { canonical } from '../canonical.ts';
import { json, malformed, members, octets, text, whole } from '../fields.ts';
import { decodeLeaf } from '../leaf.ts';
import { HASH_OCTETS } from '../merkle/tree-hash.ts';
import type { LogEntry } from './entry.ts';

/** The version of the export that is written. */
export const EXPORT_VERSION = 1;

/** The first line of an export. */
export interface ExportHeader {
  readonly origin: string;
  /** Uncompressed P-256 point: to compare with what is known from elsewhere, not to trust. */
  readonly publicKey: Uint8Array;
  /** Leaves that follow. */
  readonly size: number;
}

/**
 * A log as lines of canonical JSON: the header, then each leaf, each head after the leaves that it covers, at last the head
 * over all.
 *
 * | line | members |
 * |---|---|
 * | header | `cardea_audit_export` 1, `origin`, `public_key` (base64), `size`: nothing that no head says |
 * | leaf | `hash` (base64), `leaf` (the object whose canonical text is hashed), `n` |
 * | head | `head` (the signed note) |
 */
export function encodeExportHeader({ origin, publicKey, size }: ExportHeader): string {
  return canonical({
    cardea_audit_export: EXPORT_VERSION,
    origin,
    public_key: toBase64(publicKey),
    size,
  });
}

/** The header of its line. @throws AuditError `malformed` */
export function decodeExportHeader(line: string): ExportHeader {
  const found = members(json(line, 'header'), 'header', ['cardea_audit_export', 'origin', 'public_key', 'size']);
  if (found.cardea_audit_export !== EXPORT_VERSION) throw malformed('header', 'is of a version that is not known here');
  const header: ExportHeader = {
    origin: text(found.origin, 'header.origin', /^[!-~]+$/, 200),
    publicKey: octets(found.public_key, 'header.public_key', 65),
    size: whole(found.size, 'header.size'),
  };
  if (encodeExportHeader(header) !== line) throw malformed('header', 'is not in its canonical form');
  return header;
}

/** An entry as a line, without its line feed. */
export function encodeExportLine(entry: LogEntry): string {
  if (entry.kind === 'head') return canonical({ head: entry.note });
  // The leaf's text is canonical JSON already: it stands in the line as it is hashed.
  return `{"hash":"${toBase64(entry.hash)}","leaf":${entry.leaf},"n":${entry.number}}`;
}

const LEAF_LINE = /^\{"hash":"([^"]*)","leaf":(.*),"n":(\d{1,16})\}$/;

/** The entry of a line after the header. @throws AuditError `malformed` */
export function decodeExportLine(line: string): LogEntry {
  if (line.startsWith('{"head":')) {
    const { head } = members(json(line, 'line'), 'line', ['head']);
    if (typeof head !== 'string' || canonical({ head }) !== line)
      throw malformed('line', 'is not in its canonical form');
    return { kind: 'head', note: head };
  }
  const match = LEAF_LINE.exec(line);
  if (match === null) throw malformed('line', 'is neither a leaf nor a head');
  const [, hash, leaf = '', number] = match;
  decodeLeaf(leaf);
  const entry: LogEntry = {
    kind: 'leaf',
    number: whole(Number(number), 'line.n'),
    leaf,
    hash: octets(hash, 'line.hash', HASH_OCTETS),
  };
  if (encodeExportLine(entry) !== line) throw malformed('line', 'is not in its canonical form');
  return entry;
}
