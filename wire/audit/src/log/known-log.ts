import { fromBase64, OctetsError, toBase64 } from '@cardea/kit-octets';
import { malformed } from '../fields.ts';
import { decodeNote } from '../head/signed-note.ts';
import { decodeHead, publicKeyOf, type TreeHead } from '../head/tree-head.ts';
import { verifyConsistency } from '../merkle/consistency.ts';
import type { TreeHash } from '../merkle/tree-hash.ts';
import type { LogReport } from './report.ts';

/** What somebody knows of a log from before: its key, pinned at first use, and heads that were seen to hold. */
export interface KnownLog {
  readonly publicKey: Uint8Array;
  /** Signed notes, oldest first. */
  readonly heads: readonly string[];
}

/** Heads kept of one log: the newest ones, and the first. */
const HEADS_MOST = 64;

/** What is known of logs, by origin, as JSON for a file or a browser's storage. */
export function encodeKnownLogs(all: ReadonlyMap<string, KnownLog>): string {
  const logs = Object.fromEntries(
    [...all].map(([origin, { publicKey, heads }]) => [origin, { public_key: toBase64(publicKey), heads }]),
  );
  return `${JSON.stringify({ logs }, null, 2)}\n`;
}

/** The inverse of {@link encodeKnownLogs}. @throws when it is not what was encoded */
export function decodeKnownLogs(text: string): ReadonlyMap<string, KnownLog> {
  const { logs } = JSON.parse(text) as { logs: Record<string, { public_key: string; heads: string[] }> };
  return new Map(
    Object.entries(logs).map(([origin, log]) => {
      for (const note of log.heads) headOfNote(note);
      return [origin, { publicKey: publicKeyOf(log.public_key), heads: log.heads }];
    }),
  );
}

/** The head that a note says; it was verified when it was kept. @throws AuditError `malformed` */
export function headOfNote(note: string): TreeHead {
  return decodeHead(decodeNote(note).text);
}

/**
 * What is known with one head more that was seen to hold. Heads that an admitted restore has taken back are let go:
 * those of more leaves than `cameBackAt`.
 */
export function withHead(known: KnownLog, note: string, cameBackAt?: number): KnownLog {
  const kept = known.heads.filter((one) => cameBackAt === undefined || headOfNote(one).size <= cameBackAt);
  const heads = [...new Set([...kept, note])].sort((a, b) => headOfNote(a).size - headOfNote(b).size);
  return {
    publicKey: known.publicKey,
    heads: heads.length <= HEADS_MOST ? heads : [...heads.slice(0, 1), ...heads.slice(1 - HEADS_MOST)],
  };
}

/** The size from which heads seen before are gone by a restore that a log admits; undefined when none is. */
export function goneFrom({ restores }: Pick<LogReport, 'restores'>): number | undefined {
  const gone = restores.filter((restore) => restore.gone > 0).map(({ cameBackAt }) => cameBackAt);
  return gone.length === 0 ? undefined : Math.min(...gone);
}

/**
 * Whether the log of `head` has that of `before` as its past, by a proof (hashes in base64) that `prove` fetches; where
 * nothing needs to be proved it is not asked. @throws AuditError `malformed`
 */
export async function extendsHead(
  tree: TreeHash,
  before: TreeHead,
  head: TreeHead,
  prove: (from: number, to: number) => Promise<readonly string[]>,
): Promise<boolean> {
  if (before.size > head.size) return false;
  if (before.size === 0) return true;
  const proof = await prove(before.size, head.size);
  const claim = { from: before.size, to: head.size, fromRoot: before.root, toRoot: head.root };
  return verifyConsistency(
    tree,
    claim,
    proof.map((hash) => hashOf(hash)),
  );
}

function hashOf(base64: string): Uint8Array {
  try {
    return fromBase64(base64);
  } catch (error) {
    if (error instanceof OctetsError) throw malformed('proof', 'holds what is no base64');
    throw error;
  }
}
