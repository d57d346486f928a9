import type { Primitives } from '@cardea/kit-crypto';
import { fromBase64, toBase64 } from '@cardea/kit-octets';
import { malformed, octets, text, whole } from '../fields.ts';
import { HASH_OCTETS } from '../merkle/tree-hash.ts';
import { decodeNote, encodeNote, type Sign, signNote, type Verify, verifyNote } from './signed-note.ts';

/** What the log was at a moment: all that came before is fixed by it. */
export interface TreeHead {
  /** Which log: {@link originOf} its organization. */
  readonly origin: string;
  readonly size: number;
  /** 32 octets. */
  readonly root: Uint8Array;
  /** When it was signed, Unix milliseconds. */
  readonly time: number;
}

const ORIGIN = /^[!-*,-~]+$/;

/** The origin of an organization's log, which is also the name that signs it. */
export function originOf(organizationId: string): string {
  return `cardea/audit/${organizationId}`;
}

/**
 * The head as the text of a C2SP checkpoint: origin, size and root in base64, a line each, and one extension line,
 * `time <Unix milliseconds>`.
 */
export function encodeHead({ origin, size, root, time }: TreeHead): string {
  return `${origin}\n${size}\n${toBase64(root)}\ntime ${time}\n`;
}

/** The head of its text. @throws AuditError `malformed` */
export function decodeHead(given: string): TreeHead {
  const [origin, size, root, time, end, ...more] = given.split('\n');
  if (end !== '' || more.length > 0) throw malformed('head', 'must have four lines');
  const head = {
    origin: text(origin, 'head.origin', ORIGIN, 200),
    size: whole(Number(size), 'head.size'),
    root: octets(root, 'head.root', HASH_OCTETS),
    time: whole(Number(time?.replace(/^time /, '')), 'head.time'),
  };
  if (encodeHead(head) !== given) throw malformed('head', 'is not in its canonical form');
  return head;
}

/** A head with the signed note that says it. */
export interface SignedHead {
  readonly head: TreeHead;
  readonly note: string;
}

/** Signs a head in the name of its origin (ES256 in a C2SP signed note). */
export async function signHead(
  primitives: Pick<Primitives, 'sha256'>,
  signer: { readonly publicKey: Uint8Array; readonly sign: Sign },
  head: TreeHead,
): Promise<SignedHead> {
  const note = await signNote(primitives, { name: head.origin, ...signer }, encodeHead(head));
  return { head, note: encodeNote(note) };
}

/** The head of a signed note, unless it is malformed or not signed by the key in its origin's name: then undefined. */
export async function openHead(
  primitives: Pick<Primitives, 'sha256'>,
  verify: Verify,
  publicKey: Uint8Array,
  note: string,
): Promise<TreeHead | undefined> {
  let head: TreeHead;
  let signed: ReturnType<typeof decodeNote>;
  try {
    signed = decodeNote(note);
    head = decodeHead(signed.text);
  } catch {
    return undefined;
  }
  return (await verifyNote(primitives, verify, { name: head.origin, publicKey }, signed)) ? head : undefined;
}

/** A public key in base64 as an uncompressed P-256 point. @throws AuditError `malformed` */
export function publicKeyOf(base64: string): Uint8Array {
  const key = octets(base64, 'public_key', 65);
  if (key[0] !== 4) throw malformed('public_key', 'must be an uncompressed point');
  return fromBase64(base64);
}
