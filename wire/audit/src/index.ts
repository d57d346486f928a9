export { canonical, type Json } from './canonical.ts';
export { type CommitmentName, commit, opens, PERSON_KEY_OCTETS, personTag, SALT_OCTETS } from './commitment.ts';
export { AuditError, type AuditErrorCode } from './errors.ts';
export {
  decodeNote,
  encodeNote,
  type NoteSignature,
  noteKeyId,
  type Sign,
  type SignedNote,
  signNote,
  type Verify,
  verifierKey,
  verifyNote,
} from './head/signed-note.ts';
export {
  decodeHead,
  encodeHead,
  openHead,
  originOf,
  publicKeyOf,
  type SignedHead,
  signHead,
  type TreeHead,
} from './head/tree-head.ts';
export { decodeLeaf, encodeLeaf, LEAF_MOST_OCTETS, LEAF_VERSION, type Leaf, leafOctets, type Told } from './leaf.ts';
export type { LogEntry, StoredLeaf } from './log/entry.ts';
export {
  decodeExportHeader,
  decodeExportLine,
  EXPORT_VERSION,
  type ExportHeader,
  encodeExportHeader,
  encodeExportLine,
} from './log/export.ts';
export {
  decodeKnownLogs,
  encodeKnownLogs,
  extendsHead,
  goneFrom,
  headOfNote,
  type KnownLog,
  withHead,
} from './log/known-log.ts';
export { linesIn } from './log/lines.ts';
export {
  decodeProof,
  encodeProof,
  type Opening,
  PROOF_VERSION,
  type Proof,
  type ProofReport,
  proofOf,
  verifyProof,
} from './log/proof.ts';
export { type AdmittedRestore, describeFinding, type Finding, type LogReport } from './log/report.ts';
export { type ExportReport, type ExportVerification, verifyExport } from './log/verify-export.ts';
export { createLogVerifier, type LogVerification, type LogVerifier, RESTORED, verifyLog } from './log/verify-log.ts';
export { type ConsistencyClaim, consistencyPath, consistencyProof, verifyConsistency } from './merkle/consistency.ts';
export {
  append,
  type Completed,
  EMPTY_FRONTIER,
  type Frontier,
  frontierOf,
  rootOfFrontier,
} from './merkle/frontier.ts';
export { type HashSource, hashOfRange, leafHashSource, rootOf } from './merkle/hash-source.ts';
export { type InclusionClaim, inclusionPath, inclusionProof, verifyInclusion } from './merkle/inclusion.ts';
export { type LeafRange, type Subtree, subtreesOf } from './merkle/subtrees.ts';
export { HASH_OCTETS, type TreeHash, treeHash } from './merkle/tree-hash.ts';
