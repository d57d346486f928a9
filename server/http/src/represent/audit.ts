import { toBase64 } from '@cardea/kit-octets';
import type { AuditKey, ConsistencyView, HeadView, InclusionView } from '@cardea/server-core';
import type * as api from '@cardea/wire-api';
import type { StoredLeaf } from '@cardea/wire-audit';
import { time } from './time.ts';

/** The audit log's key as the API shows it. */
export function auditKey({ origin, publicKey, verifierKey }: AuditKey): api.AuditKey {
  return { origin, algorithm: 'ES256', public_key: toBase64(publicKey), verifier_key: verifierKey };
}

/** A head with its witnesses, as the API shows it. */
export function auditHead({ id, size, root, time: signedAt, note, witnessed }: HeadView): api.AuditHead {
  return {
    id,
    size,
    root: toBase64(root),
    signed_at: time(signedAt),
    note,
    witnessed: witnessed.map(({ witness, witnessedAt, receipt }) => ({
      witness,
      witnessed_at: time(witnessedAt),
      receipt,
    })),
  };
}

/** A leaf as the API shows it. */
export function auditLeaf({ number, hash, leaf }: StoredLeaf): api.AuditLeaf {
  return { number, hash: toBase64(hash), leaf };
}

/** An inclusion proof as the API shows it. The opening's names are those that were committed to. */
export function auditInclusion(view: InclusionView): api.AuditInclusion {
  const { opening } = view;
  return {
    event_id: view.eventId,
    origin: view.origin,
    number: view.number,
    size: view.size,
    leaf: view.leaf,
    hash: toBase64(view.hash),
    proof: view.proof.map(toBase64),
    head: view.note,
    opening: opening && { salt: toBase64(opening.salt), about: { ...opening.about }, detail: { ...opening.detail } },
  };
}

/** A consistency proof as the API shows it. */
export function auditConsistency({ from, to, fromRoot, toRoot, proof }: ConsistencyView): api.AuditConsistency {
  return { from, to, from_root: toBase64(fromRoot), to_root: toBase64(toRoot), proof: proof.map(toBase64) };
}
