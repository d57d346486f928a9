import type { Event } from '../model.ts';
import type { StoredHead, Witnessing } from './tables.ts';

/** The log's public key, as base64 and as verifiers of signed notes take it. */
export interface AuditKey {
  readonly origin: string;
  readonly publicKey: Uint8Array;
  readonly verifierKey: string;
}

/** A head with where it was witnessed. */
export interface HeadView extends StoredHead {
  readonly id: string;
  readonly root: Uint8Array;
  readonly witnessed: readonly Witnessing[];
}

/** What shows that an event is in the log; `opening` shows what its leaf is about, to those who may read the event. */
export interface InclusionView {
  readonly organizationId: string;
  readonly eventId: string;
  readonly origin: string;
  readonly number: number;
  readonly size: number;
  readonly leaf: string;
  readonly hash: Uint8Array;
  readonly proof: readonly Uint8Array[];
  /** The signed head of `size` leaves. */
  readonly note: string;
  readonly opening: {
    readonly salt: Uint8Array;
    readonly about: Readonly<Record<string, string | null>>;
    readonly detail: Event['detail'];
  } | null;
}

/** What shows that the log of `from` leaves is the past of the log of `to`. */
export interface ConsistencyView {
  readonly from: number;
  readonly to: number;
  readonly fromRoot: Uint8Array;
  readonly toRoot: Uint8Array;
  readonly proof: readonly Uint8Array[];
}
