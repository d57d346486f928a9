import {
  AuditError,
  decodeExportHeader,
  decodeExportLine,
  decodeHead,
  decodeLeaf,
  decodeNote,
  decodeProof,
  encodeExportHeader,
  encodeHead,
  encodeLeaf,
  encodeNote,
  encodeProof,
  type Leaf,
} from '@cardea/wire-audit';
import { foreseen, must, octetsOf, type Target } from '../target.ts';

const hash = new Uint8Array(32).fill(7);
const ORIGIN = 'hotel.example/audit/org_1';

const leaf: Leaf = {
  id: 'evt_0198c0de-0000-7000-8000-000000000001',
  type: 'lock.unlocked',
  receivedAt: 1_767_225_600_000,
  occurredAt: null,
  lock: 'lock_1',
  sequence: 9,
  person: hash,
  about: hash,
  detail: hash,
  told: { reason: 'x', count: 3 },
};

/** Leaves, heads, signed notes, proofs and exports of the log, as whoever checks it reads them. */
export async function auditTarget(): Promise<Target> {
  const head = encodeHead({ origin: ORIGIN, size: 5, root: hash, time: 1_767_225_600_000 });
  const note = encodeNote({
    text: head,
    signatures: [{ name: ORIGIN, keyId: hash.slice(0, 4), signature: new Uint8Array(64) }],
  });
  const publicKey = Uint8Array.from({ length: 65 }, (_, i) => (i === 0 ? 4 : i));
  const proof = encodeProof({
    origin: ORIGIN,
    publicKey,
    number: 1,
    size: 5,
    leaf: encodeLeaf(leaf),
    proof: [hash, hash],
    head: note,
    opening: { salt: new Uint8Array(16), about: { door: 'x' }, detail: {} },
  });
  return {
    name: 'audit',
    covers: ['leaf', 'fields', 'canonical', 'head/', 'log/export', 'log/proof', 'errors'].map(
      (path) => `wire/audit/src/${path}`,
    ),
    seeds: [encodeLeaf(leaf), head, note, proof, encodeExportHeader({ origin: ORIGIN, publicKey, size: 5 })].map(
      octetsOf,
    ),
    maxOctets: 3000,
    run(input) {
      const text = Buffer.from(input).toString('utf8');
      const found = foreseen(AuditError, () => decodeLeaf(text));
      if (found !== undefined) must(encodeLeaf(found) === text, 'a leaf comes back');
      const root = foreseen(AuditError, () => decodeHead(text));
      if (root !== undefined) must(encodeHead(root) === text, 'a head comes back');
      const signed = foreseen(AuditError, () => decodeNote(text));
      if (signed !== undefined) must(encodeNote(signed) === text, 'a note comes back');
      const shown = foreseen(AuditError, () => decodeProof(text));
      if (shown !== undefined) {
        const again = encodeProof(decodeProof(encodeProof(shown)));
        must(again === encodeProof(shown), 'a proof comes back');
      }
      foreseen(AuditError, () => decodeExportHeader(text));
      foreseen(AuditError, () => decodeExportLine(text));
    },
  };
}
