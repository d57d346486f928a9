import type { Primitives } from '@cardea/kit-crypto';
import { equal } from '@cardea/kit-octets';
import { AuditError } from '../errors.ts';
import type { Verify } from '../head/signed-note.ts';
import { openHead, type SignedHead, type TreeHead } from '../head/tree-head.ts';
import { decodeLeaf, leafOctets } from '../leaf.ts';
import { append, EMPTY_FRONTIER, rootOfFrontier } from '../merkle/frontier.ts';
import { treeHash } from '../merkle/tree-hash.ts';
import type { LogEntry, StoredLeaf } from './entry.ts';
import type { AdmittedRestore, Finding, LogReport } from './report.ts';

/** The type of the leaf by which a log admits that it came back from a backup. */
export const RESTORED = 'audit.restored';

/** Findings kept: the first says where to look, a few more how far it goes. */
const FINDINGS_MOST = 16;

/** What a log is verified by. */
export interface LogVerification {
  readonly primitives: Pick<Primitives, 'sha256'>;
  readonly verify: Verify;
  /** The log's key, known from elsewhere than the log: uncompressed P-256 point. */
  readonly publicKey: Uint8Array;
  readonly origin: string;
  /** Heads whose signature held when they were seen or witnessed: the log must still have them as its past. */
  readonly seen?: readonly TreeHead[];
  /** Whether what is read claims to be whole, so that it must end with a head (an export). */
  readonly whole?: boolean;
}

/** Takes a log in from its first leaf on, in memory that does not grow with it. */
export interface LogVerifier {
  leaf(leaf: StoredLeaf): void;
  head(note: string): Promise<void>;
  /** Records what only the reader of the entries could see, such as a line that is none. */
  found(finding: Finding): void;
  /** Leaves taken in. */
  readonly leaves: number;
  end(): LogReport;
}

/** Reads a whole log. */
export async function verifyLog(
  verification: LogVerification,
  entries: AsyncIterable<LogEntry> | Iterable<LogEntry>,
): Promise<LogReport> {
  const verifier = createLogVerifier(verification);
  for await (const entry of entries) {
    if (entry.kind === 'leaf') verifier.leaf(entry);
    else await verifier.head(entry.note);
  }
  return verifier.end();
}

/** A verifier at the beginning of a log. */
export function createLogVerifier(verification: LogVerification): LogVerifier {
  const { primitives, verify, publicKey, origin, whole = false } = verification;
  const tree = treeHash(primitives);
  const seen = [...(verification.seen ?? [])].sort((a, b) => a.size - b.size);
  const findings: Finding[] = [];
  const restores: Omit<AdmittedRestore, 'gone'>[] = [];
  const missed: { head: TreeHead; finding: Finding }[] = [];
  let frontier = EMPTY_FRONTIER;
  /** The number that the next leaf should have: after one out of its place those behind it are not to blame. */
  let next = 0;
  let good = 0;
  let heads = 0;
  let seenGood = 0;
  let nextSeen = 0;
  let newest: SignedHead | undefined;

  const found = (finding: Finding): void => {
    if (findings.length < FINDINGS_MOST) findings.push(finding);
  };

  /** Heads seen before that say what the log was at this size. */
  const meetSeen = (): void => {
    for (let head = seen[nextSeen]; head !== undefined && head.size <= frontier.size; head = seen[++nextSeen]) {
      const why =
        head.origin !== origin ? 'origin' : equal(head.root, rootOfFrontier(tree, frontier)) ? undefined : 'root';
      if (why === undefined) {
        seenGood++;
        good = Math.max(good, head.size);
      } else {
        missed.push({ head, finding: { kind: 'head', of: 'seen', after: good, until: head.size, why } });
      }
    }
  };

  const admitted = (): readonly AdmittedRestore[] => {
    const covered = newest?.head.size ?? 0;
    return restores
      .filter(({ number }) => number < covered)
      .map((restore) => {
        let gone = 0;
        for (const { head } of missed)
          if (excuses(restore, head)) gone = Math.max(gone, head.size - restore.cameBackAt);
        return { ...restore, gone };
      });
  };

  meetSeen();
  return {
    get leaves() {
      return frontier.size;
    },
    found,
    leaf({ number, leaf, hash }) {
      if (number !== next) found({ kind: 'leaf', number: frontier.size, why: 'out_of_place' });
      next = number + 1;
      try {
        const read = decodeLeaf(leaf);
        if (!equal(tree.leaf(leafOctets(leaf)), hash)) found({ kind: 'leaf', number: frontier.size, why: 'differs' });
        if (read.type === RESTORED && read.told !== null) {
          const { size } = read.told;
          // What it says of itself counts as far as it can be so.
          const cameBackAt = typeof size === 'number' ? Math.min(size, frontier.size) : frontier.size;
          restores.push({ number: frontier.size, cameBackAt, time: read.receivedAt, told: read.told });
        }
      } catch (error) {
        if (!(error instanceof AuditError)) throw error;
        found({ kind: 'leaf', number: frontier.size, why: 'malformed' });
      }
      frontier = append(tree, frontier, hash).frontier;
      meetSeen();
    },
    async head(note) {
      const head = await openHead(primitives, verify, publicKey, note);
      const at = { kind: 'head', of: 'log', after: good } as const;
      if (head === undefined) return found({ ...at, until: frontier.size, why: 'signature' });
      if (head.origin !== origin) return found({ ...at, until: head.size, why: 'origin' });
      if (head.size > frontier.size) return found({ ...at, after: frontier.size, until: head.size, why: 'cut' });
      if (head.size < frontier.size) return found({ ...at, until: head.size, why: 'order' });
      if (!equal(head.root, rootOfFrontier(tree, frontier))) return found({ ...at, until: head.size, why: 'root' });
      heads++;
      good = head.size;
      newest = { head, note };
    },
    end() {
      for (const head of seen.slice(nextSeen)) {
        const finding = { kind: 'head', of: 'seen', after: frontier.size, until: head.size, why: 'cut' } as const;
        missed.push({ head, finding });
      }
      const restored = admitted();
      for (const { head, finding } of missed) {
        if (!restored.some((restore) => excuses(restore, head))) found(finding);
      }
      const covered = newest?.head.size ?? 0;
      if (whole && covered < frontier.size) found({ kind: 'unsigned', after: covered, size: frontier.size });
      return {
        ok: findings.length === 0,
        origin,
        leaves: frontier.size,
        root: rootOfFrontier(tree, frontier),
        heads,
        seen: seenGood,
        newest,
        uncovered: frontier.size - covered,
        restores: restored,
        findings,
      };
    },
  };
}

/** Whether a restore explains that a head signed before it is not in the log any more. */
function excuses(restore: Omit<AdmittedRestore, 'gone'>, head: TreeHead): boolean {
  return head.size > restore.cameBackAt && head.time <= restore.time;
}
