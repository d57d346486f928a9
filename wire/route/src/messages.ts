import type { Secret } from '@cardea/kit-runtime';

/** The namespace of everything here (docs/route.md). */
export const ROUTE_NAMESPACE = 'urn:cardea:route:1';

/** Most octets of a lock's message in one stanza: what one GATT link carries (lock-protocol, segmentation). */
export const MESSAGE_MAX_OCTETS = 1024;
/** Most octets of the state part of an advertisement: what one advertisement carries. */
export const STATE_MAX_OCTETS = 255;
/** Most locks of one gateway. */
export const LOCKS_MAX = 1000;
/** Longest queue that a gateway may report. */
export const QUEUE_POSITION_MAX = 999;

/** What the RAS tells a gateway. */
export type ToGateway =
  /** An opaque message for a lock; the gateway drops it after `expiresAtS` (Unix seconds). */
  | {
      readonly kind: 'frame';
      readonly id: string;
      /** Identifier: 12 upper-case hex digits. */
      readonly lock: string;
      /** 1 lock, 2 SCPM, 3 mobile key, 4 binding: six bits on the link. */
      readonly channel: number;
      readonly expiresAtS: number;
      readonly octets: Uint8Array;
    }
  /** Forget a frame that has not been sent yet. */
  | { readonly kind: 'cancel'; readonly id: string }
  /** The locks that this gateway serves, replacing what it had. */
  | { readonly kind: 'locks'; readonly locks: readonly RoutedLock[] };

/** A lock as a gateway is told about it. */
export interface RoutedLock {
  readonly identifier: string;
  readonly maker: string;
  /** The key by which its advertisement is recognised (16 octets), or undefined before binding. */
  readonly advertisementKey: Uint8Array | undefined;
  /** The serial key of its case (SCPM, docs/scpm.md; 16 octets), where the RAS knows it. */
  readonly serialKey?: Secret;
}

/** What a gateway tells the RAS. */
export type FromGateway =
  /** A message of a lock. Acknowledged to the gateway only after what it says is durable. */
  | {
      readonly kind: 'frame';
      readonly id: string;
      readonly lock: string;
      readonly channel: number;
      readonly octets: Uint8Array;
    }
  /** Where a frame stands: queued at a place, on the air, written to the lock, or given up with a reason. */
  | {
      readonly kind: 'progress';
      readonly id: string;
      readonly lock: string;
      readonly stage: ProgressStage;
      readonly queuePosition: number | null;
      readonly reason: ProgressReason | null;
    }
  /** An advertisement of a lock that it serves, or of one that is not bound. */
  | {
      readonly kind: 'sighting';
      readonly lock: string;
      readonly maker: string;
      readonly rssiDbm: number;
      readonly unbound: { readonly model: number; readonly windowOpen: boolean } | null;
      readonly state: Uint8Array | null;
    };

/** Stages of a frame at the gateway. */
export type ProgressStage = 'queued' | 'connecting' | 'written' | 'failed' | 'expired';
/** Why a gateway gave a frame up. */
export type ProgressReason = 'out_of_range' | 'no_answer' | 'unsupported' | 'busy';
