import type { Primitives } from '@cardea/kit-crypto';
import { equal, toBase64 } from '@cardea/kit-octets';
import { opens, SALT_OCTETS } from '../commitment.ts';
import { AuditError } from '../errors.ts';
import { json, malformed, members, octets, orNull, text, whole } from '../fields.ts';
import type { Verify } from '../head/signed-note.ts';
import { openHead, type TreeHead } from '../head/tree-head.ts';
import { decodeLeaf, type Leaf, leafOctets } from '../leaf.ts';
import { verifyInclusion } from '../merkle/inclusion.ts';
import { HASH_OCTETS, treeHash } from '../merkle/tree-hash.ts';

/** The version of the proof that is written. */
export const PROOF_VERSION = 1;

type Flat = Readonly<Record<string, string | number | boolean | null>>;

/** What opens a leaf's commitments. */
export interface Opening {
  readonly salt: Uint8Array;
  readonly about: Flat;
  readonly detail: Flat;
}

/** All that shows that an event is in a log, for whoever knows the log's key: a document of its own. */
export interface Proof {
  readonly origin: string;
  /** Uncompressed P-256 point: to compare with what is known from elsewhere. */
  readonly publicKey: Uint8Array;
  readonly number: number;
  readonly size: number;
  readonly leaf: string;
  readonly proof: readonly Uint8Array[];
  /** The signed note of the head of `size` leaves. */
  readonly head: string;
  /** Null when it was erased, or is not for whoever asked. */
  readonly opening: Opening | null;
}

const PATH_MOST = 64;
const PROOF_MOST_CHARACTERS = 65_536;
const MEMBERS = ['cardea_audit_proof', 'head', 'leaf', 'number', 'opening', 'origin', 'proof', 'public_key', 'size'];

/** The proof as a JSON document for a file. */
export function encodeProof({ origin, publicKey, number, size, leaf, proof, head, opening }: Proof): string {
  const document = {
    cardea_audit_proof: PROOF_VERSION,
    origin,
    public_key: toBase64(publicKey),
    number,
    size,
    leaf,
    proof: proof.map(toBase64),
    head,
    opening: opening && { salt: toBase64(opening.salt), about: opening.about, detail: opening.detail },
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** The proof that a server answers, its octets in base64, by the key that is known of the log. @throws AuditError `malformed` */
export function proofOf(
  answer: Omit<Proof, 'publicKey' | 'proof' | 'opening'> & {
    readonly proof: readonly string[];
    readonly opening: (Omit<Opening, 'salt'> & { readonly salt: string }) | null;
  },
  publicKey: Uint8Array,
): Proof {
  const { origin, number, size, leaf, head, opening } = answer;
  return {
    origin,
    publicKey,
    number,
    size,
    leaf,
    proof: answer.proof.map((hash) => octets(hash, 'proof.proof', HASH_OCTETS)),
    head,
    opening: opening && { ...opening, salt: octets(opening.salt, 'proof.opening.salt', SALT_OCTETS) },
  };
}

/** The proof of its document. @throws AuditError `malformed` */
export function decodeProof(given: string): Proof {
  if (given.length > PROOF_MOST_CHARACTERS)
    throw malformed('proof', `has more than ${PROOF_MOST_CHARACTERS} characters`);
  const found = members(json(given, 'proof'), 'proof', MEMBERS);
  if (found.cardea_audit_proof !== PROOF_VERSION) throw malformed('proof', 'is of a version that is not known here');
  if (!Array.isArray(found.proof) || found.proof.length > PATH_MOST) {
    throw malformed('proof.proof', `must be at most ${PATH_MOST} hashes`);
  }
  return {
    origin: text(found.origin, 'proof.origin', /^[!-~]+$/, 200),
    publicKey: octets(found.public_key, 'proof.public_key', 65),
    number: whole(found.number, 'proof.number'),
    size: whole(found.size, 'proof.size'),
    leaf: text(found.leaf, 'proof.leaf', /^[ -~]+$/, 4096),
    proof: found.proof.map((hash) => octets(hash, 'proof.proof', HASH_OCTETS)),
    head: text(found.head, 'proof.head', /\S/, 16_384),
    opening: orNull(found.opening, openingOf),
  };
}

function openingOf(value: unknown): Opening {
  const found = members(value, 'proof.opening', ['about', 'detail', 'salt']);
  return {
    salt: octets(found.salt, 'proof.opening.salt', SALT_OCTETS),
    about: flat(found.about, 'proof.opening.about'),
    detail: flat(found.detail, 'proof.opening.detail'),
  };
}

function flat(value: unknown, field: string): Flat {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed(field, 'must be an object');
  for (const content of Object.values(value)) {
    if (content !== null && typeof content === 'object') throw malformed(field, 'must be flat');
  }
  return value as Flat;
}

/** What a proof shows, or why it shows nothing. */
export type ProofReport =
  | { readonly ok: true; readonly leaf: Leaf; readonly head: TreeHead }
  | { readonly ok: false; readonly why: 'leaf' | 'signature' | 'origin' | 'inclusion' | 'opening' };

/** Verifies a proof by the log's key. */
export async function verifyProof(
  context: {
    readonly primitives: Pick<Primitives, 'sha256'>;
    readonly verify: Verify;
    readonly publicKey: Uint8Array;
  },
  proof: Proof,
): Promise<ProofReport> {
  const { primitives } = context;
  const tree = treeHash(primitives);
  const head = await openHead(primitives, context.verify, context.publicKey, proof.head);
  if (head === undefined || !equal(context.publicKey, proof.publicKey)) return { ok: false, why: 'signature' };
  if (head.origin !== proof.origin || head.size !== proof.size) return { ok: false, why: 'origin' };
  let leaf: Leaf;
  try {
    leaf = decodeLeaf(proof.leaf);
  } catch (error) {
    if (!(error instanceof AuditError)) throw error;
    return { ok: false, why: 'leaf' };
  }
  const { number, size } = proof;
  const claim = { number, size, leafHash: tree.leaf(leafOctets(proof.leaf)), root: head.root };
  if (!verifyInclusion(tree, claim, proof.proof)) return { ok: false, why: 'inclusion' };
  const { opening } = proof;
  const opened =
    opening === null ||
    (opens(primitives, leaf.about, opening.salt, 'about', opening.about) &&
      opens(primitives, leaf.detail, opening.salt, 'detail', opening.detail));
  return opened ? { ok: true, leaf, head } : { ok: false, why: 'opening' };
}
