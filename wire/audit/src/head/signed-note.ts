import type { Primitives } from '@cardea/kit-crypto';
import { concat, equal, fromAscii, fromBase64, fromHex, OctetsError, toBase64 } from '@cardea/kit-octets';
import { malformed } from '../fields.ts';
import { derOfRaw, rawOfDer } from './der-signature.ts';

/** A text with who signed it: C2SP signed-note. */
export interface SignedNote {
  /** What is signed: ASCII lines, each ended by a line feed. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** One line of signature: who by name, which key by the first 4 octets of its id, and what that key's scheme defines. */
export interface NoteSignature {
  readonly name: string;
  /** 4 octets. */
  readonly keyId: Uint8Array;
  readonly signature: Uint8Array;
}

/** Signs octets by ES256: r | s (64 octets). */
export type Sign = (message: Uint8Array) => Promise<Uint8Array>;
/** Verifies ES256 by an uncompressed P-256 point (65 octets). */
export type Verify = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => Promise<boolean>;

const NOTE_MOST_CHARACTERS = 16_384;
const SIGNATURES_MOST = 16;
const KEY_ID_OCTETS = 4;
const DASH = '\u2014';

/** SubjectPublicKeyInfo of an uncompressed P-256 point, up to the point (RFC 5480). */
const SPKI_HEAD = fromHex('3059301306072a8648ce3d020106082a8648ce3d030107034200');

/** Id of a P-256 key in signed notes: the first 4 octets of SHA-256 of its SubjectPublicKeyInfo (signature type 0x02). */
export function noteKeyId(primitives: Pick<Primitives, 'sha256'>, publicKey: Uint8Array): Uint8Array {
  return primitives.sha256(SPKI_HEAD, publicKey).subarray(0, KEY_ID_OCTETS);
}

/** The key as verifiers of notes take it: `<name>+<key id, hex>+<base64 of 0x02 | SubjectPublicKeyInfo>`. */
export function verifierKey(primitives: Pick<Primitives, 'sha256'>, name: string, publicKey: Uint8Array): string {
  const id = [...noteKeyId(primitives, publicKey)].map((octet) => octet.toString(16).padStart(2, '0')).join('');
  return `${name}+${id}+${toBase64(concat(Uint8Array.of(0x02), SPKI_HEAD, publicKey))}`;
}

/** The note's text form: the text, an empty line, a line a signature. */
export function encodeNote({ text, signatures }: SignedNote): string {
  const lines = signatures.map(
    ({ name, keyId, signature }) => `${DASH} ${name} ${toBase64(concat(keyId, signature))}\n`,
  );
  return `${text}\n${lines.join('')}`;
}

/** The note of its text form. @throws AuditError `malformed` */
export function decodeNote(given: string): SignedNote {
  if (given.length > NOTE_MOST_CHARACTERS) throw malformed('note', `has more than ${NOTE_MOST_CHARACTERS} characters`);
  const gap = given.lastIndexOf('\n\n');
  if (gap < 0 || !given.endsWith('\n')) throw malformed('note', 'has no signatures below its text');
  const text = given.slice(0, gap + 1);
  if (!/^[\n -~]*$/.test(text)) throw malformed('note', 'is not printable ASCII');
  const lines = given.slice(gap + 2, -1).split('\n');
  if (lines.length > SIGNATURES_MOST) throw malformed('note', `has more than ${SIGNATURES_MOST} signatures`);
  return { text, signatures: lines.map(signatureOf) };
}

function signatureOf(line: string): NoteSignature {
  const [dash, name, base64, ...more] = line.split(' ');
  if (dash !== DASH || !name || !/^[!-*,-~]{1,200}$/.test(name) || base64 === undefined || more.length > 0) {
    throw malformed('note', 'has a line of signature that is none');
  }
  try {
    const octets = fromBase64(base64, 'note');
    if (octets.length > KEY_ID_OCTETS) {
      return { name, keyId: octets.slice(0, KEY_ID_OCTETS), signature: octets.slice(KEY_ID_OCTETS) };
    }
  } catch (error) {
    if (!(error instanceof OctetsError)) throw error;
  }
  throw malformed('note', 'has a signature that is not base64 of one');
}

/** Signs `text` as `name` by ES256, in DER as notes want it. */
export async function signNote(
  primitives: Pick<Primitives, 'sha256'>,
  signer: { readonly name: string; readonly publicKey: Uint8Array; readonly sign: Sign },
  text: string,
): Promise<SignedNote> {
  const signature = derOfRaw(await signer.sign(fromAscii(text, 'note')));
  return { text, signatures: [{ name: signer.name, keyId: noteKeyId(primitives, signer.publicKey), signature }] };
}

/** Whether the holder of `publicKey` signed the note as `name`. Signatures of others are left alone. */
export async function verifyNote(
  primitives: Pick<Primitives, 'sha256'>,
  verify: Verify,
  signer: { readonly name: string; readonly publicKey: Uint8Array },
  note: SignedNote,
): Promise<boolean> {
  const id = noteKeyId(primitives, signer.publicKey);
  const own = note.signatures.filter(({ name, keyId }) => name === signer.name && equal(keyId, id));
  if (own.length !== 1) return false;
  try {
    const raw = rawOfDer(own[0]?.signature ?? new Uint8Array());
    return await verify(signer.publicKey, fromAscii(note.text, 'note'), raw);
  } catch {
    return false;
  }
}
