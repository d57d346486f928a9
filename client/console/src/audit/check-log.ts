import type { Client } from '@cardea/client-sdk';
import { equal } from '@cardea/kit-octets';
import { webPrimitives, webVerify } from '@cardea/kit-web';
import {
  extendsHead,
  goneFrom,
  type LogReport,
  openHead,
  type Proof,
  type ProofReport,
  proofOf,
  publicKeyOf,
  type TreeHead,
  treeHash,
  verifyExport,
  verifyProof,
} from '@cardea/wire-audit';
import { type HeadStore, keepHead, knownLog, seenHeads } from './known-log.ts';

/** What verifying needs of the API. */
export type AuditApi = {
  readonly audit: Pick<Client['audit'], 'key' | 'head' | 'consistency' | 'inclusion' | 'export'>;
};

/** What came of looking at the newest head. All of it was computed here; the server only handed over what was looked at. */
export type HeadCheck =
  /** Signed by the pinned key; `past` is the newest head seen before, which it goes on from; `first` when there is none. */
  | {
      readonly kind: 'good';
      readonly head: TreeHead;
      readonly past: TreeHead | undefined;
      readonly publicKey: Uint8Array;
    }
  /** Not the key that this browser saw first. */
  | { readonly kind: 'other_key'; readonly origin: string }
  /** Not signed by the log's key, or of another log. */
  | { readonly kind: 'unsigned'; readonly origin: string }
  /** A head seen before is not the past of this one: the log was changed, cut or restored. */
  | { readonly kind: 'broken'; readonly head: TreeHead; readonly past: TreeHead };

/** A log by the key that this browser has pinned, or sees for the first time. */
interface TrustedLog {
  readonly origin: string;
  readonly publicKey: Uint8Array;
  readonly keyChanged: boolean;
  readonly seen: readonly TreeHead[];
}

async function trustedLog(api: AuditApi, store: HeadStore, signal?: AbortSignal): Promise<TrustedLog> {
  const answer = await api.audit.key({ signal });
  const told = publicKeyOf(answer.public_key);
  const known = knownLog(store, answer.origin);
  const publicKey = known?.publicKey ?? told;
  return { origin: answer.origin, publicKey, keyChanged: !equal(publicKey, told), seen: seenHeads(known) };
}

/** Whether the newest head is signed and goes on from the last one that this browser saw; then it is kept. */
export async function checkHead(api: AuditApi, store: HeadStore, signal?: AbortSignal): Promise<HeadCheck> {
  const log = await trustedLog(api, store, signal);
  if (log.keyChanged) return { kind: 'other_key', origin: log.origin };
  const answer = await api.audit.head({ signal });
  const head = await openHead(webPrimitives, webVerify, log.publicKey, answer.note);
  if (head === undefined || head.origin !== log.origin) return { kind: 'unsigned', origin: log.origin };
  const past = log.seen.at(-1);
  if (past !== undefined) {
    const prove = async (from: number, to: number) => (await api.audit.consistency(from, to, { signal })).proof;
    if (!(await extendsHead(treeHash(webPrimitives), past, head, prove))) return { kind: 'broken', head, past };
  }
  keepHead(store, log.origin, log.publicKey, answer.note);
  return { kind: 'good', head, past, publicKey: log.publicKey };
}

/** How far reading the log has come. */
export type Progress = (leaves: number, size: number) => void;

/**
 * Reads the whole log and verifies each leaf, each head and every head seen before; `onLine` gets each line as it came.
 * The newest head is kept when nothing was found. @throws AuditError `malformed` when it is no log
 */
export async function readLog(
  api: AuditApi,
  store: HeadStore,
  {
    signal,
    onProgress,
    onLine,
  }: { readonly signal: AbortSignal; readonly onProgress: Progress; readonly onLine?: (line: string) => void },
): Promise<LogReport> {
  const { origin, publicKey, seen } = await trustedLog(api, store, signal);
  const lines = async function* (): AsyncGenerator<string, void, void> {
    for await (const line of api.audit.export({ signal })) {
      onLine?.(line);
      yield line;
    }
  };
  const context = { primitives: webPrimitives, verify: webVerify, publicKey, origin, seen, onProgress };
  const report = await verifyExport(context, lines());
  if (report.ok && report.newest !== undefined) {
    keepHead(store, origin, publicKey, report.newest.note, goneFrom(report));
  }
  return report;
}

/** The proof of an event with what it shows. `otherEvent`: it is a good proof, of another event than was asked for. */
export interface ProvedEvent {
  readonly proof: Proof;
  readonly report: ProofReport;
  readonly otherEvent: boolean;
}

/** Fetches the proof that an event is in the log, and verifies it by the pinned key. @throws AuditError `malformed` */
export async function proveEvent(api: AuditApi, store: HeadStore, eventId: string): Promise<ProvedEvent> {
  const { origin, publicKey } = await trustedLog(api, store);
  const proof = proofOf({ ...(await api.audit.inclusion(eventId)), origin }, publicKey);
  const report = await verifyProof({ primitives: webPrimitives, verify: webVerify, publicKey }, proof);
  return { proof, report, otherEvent: report.ok && report.leaf.id !== eventId };
}
