import Type, { type Static } from 'typebox';
import { Id, nullable, page, strict, Time } from './common.ts';

const Base64 = Type.String({ pattern: '^[A-Za-z0-9+/]*={0,2}$', description: 'Base64 (RFC 4648, clause 4).' });
const Hash = Type.String({ pattern: '^[A-Za-z0-9+/]{43}=$', description: 'SHA-256 in base64.' });
const Size = Type.Integer({ minimum: 0, description: 'Leaves of the log.' });

/** The key that signs the heads of the organization's audit log. */
export const AuditKey = Type.Object(
  {
    origin: Type.String({ description: 'Which log: the first line of its heads, and the name that signs them.' }),
    algorithm: Type.Literal('ES256'),
    public_key: Type.String({ description: 'P-256, uncompressed (65 octets), base64.' }),
    verifier_key: Type.String({ description: 'The same as verifiers of C2SP signed notes take it.' }),
  },
  { title: 'AuditKey' },
);
export type AuditKey = Static<typeof AuditKey>;

/** Where a head was handed over. */
export const AuditWitnessing = Type.Object(
  {
    witness: Type.String({ description: '`file`, `rfc3161`.' }),
    witnessed_at: Time,
    receipt: Type.String({ description: 'What the witness gave: of `rfc3161` the TimeStampResp (DER) in base64.' }),
  },
  { title: 'AuditWitnessing' },
);
export type AuditWitnessing = Static<typeof AuditWitnessing>;

/** What the log was at a moment, signed. */
export const AuditHead = Type.Object(
  {
    id: Id,
    size: Size,
    root: Hash,
    signed_at: Time,
    note: Type.String({ description: 'The head as a C2SP checkpoint in a signed note.' }),
    witnessed: Type.Array(AuditWitnessing),
  },
  { title: 'AuditHead' },
);
export type AuditHead = Static<typeof AuditHead>;

/** A page of heads. */
export const AuditHeadPage = page(AuditHead);

/** A leaf with its number and the hash that was stored with it. */
export const AuditLeaf = Type.Object(
  {
    number: Type.Integer({ minimum: 0 }),
    hash: Hash,
    leaf: Type.String({ description: 'Canonical JSON: what is hashed, as ASCII.' }),
  },
  { title: 'AuditLeaf' },
);
export type AuditLeaf = Static<typeof AuditLeaf>;

/** Leaves from a number on. */
export const AuditLeaves = Type.Object(
  {
    items: Type.Array(AuditLeaf),
    next: nullable(Type.Integer({ description: 'Hand it back as `from`; null at the end of the log.' })),
  },
  { title: 'AuditLeaves' },
);
export type AuditLeaves = Static<typeof AuditLeaves>;

/** Query of GET /v1/audit/leaves. */
export const AuditLeavesQuery = strict({
  from: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, default: 0 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 100 })),
});

/** That an event is in the log (RFC 9162, 2.1.3), with what opens its leaf. */
export const AuditInclusion = Type.Object(
  {
    event_id: Id,
    origin: Type.String(),
    number: Type.Integer({ minimum: 0 }),
    size: Size,
    leaf: Type.String(),
    hash: Hash,
    proof: Type.Array(Hash),
    head: Type.String({ description: 'The signed note of the head of `size` leaves.' }),
    opening: nullable(
      Type.Object({
        salt: Base64,
        about: Type.Record(Type.String(), nullable(Type.String())),
        detail: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()])),
      }),
    ),
  },
  { title: 'AuditInclusion' },
);
export type AuditInclusion = Static<typeof AuditInclusion>;

/** Query of GET /v1/audit/proof/inclusion. */
export const AuditInclusionQuery = strict({ event: Id });

/** That the log of `from` leaves is the past of that of `to` (RFC 9162, 2.1.4). */
export const AuditConsistency = Type.Object(
  { from: Size, to: Size, from_root: Hash, to_root: Hash, proof: Type.Array(Hash) },
  { title: 'AuditConsistency' },
);
export type AuditConsistency = Static<typeof AuditConsistency>;

/** Query of GET /v1/audit/proof/consistency. */
export const AuditConsistencyQuery = strict({
  from: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
  to: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
});
