import type { FleetSize } from '../fleet/plan.ts';
import type { StoreKind } from './store-kinds.ts';

/** What the process of a measured server is told. */
export type ToRas =
  | { readonly kind: 'start'; readonly folder: string; readonly store: StoreKind; readonly fleet: FleetSize }
  /** Asks what it has used; `gc` collects garbage first. */
  | { readonly kind: 'usage'; readonly gc: boolean }
  | { readonly kind: 'stop' };

/** What it answers. */
export type FromRas =
  | ({ readonly kind: 'ready' } & RasAddress)
  | ({ readonly kind: 'usage' } & Usage)
  | { readonly kind: 'failed'; readonly reason: string };

/** Where a measured server is found. */
export interface RasAddress {
  readonly url: string;
  readonly httpPort: number;
  readonly xmppPort: number;
  /** The bare reference on the same process: node:https with the same lookup. */
  readonly barePort: number;
  readonly domain: string;
  /** PEM of the authority that signed its certificate, and the file that holds it. */
  readonly ca: string;
  readonly caFile: string;
  /** Its certificate and key, PEM files. */
  readonly certFile: string;
  readonly keyFile: string;
  /** Bearer token of the owner. */
  readonly token: string;
}

/** What a process has used so far. */
export interface Usage {
  /** CPU time, microseconds. */
  readonly cpuUs: number;
  readonly rssKb: number;
  readonly heapKb: number;
  readonly commits: number;
}
