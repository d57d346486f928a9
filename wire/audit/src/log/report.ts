import type { SignedHead } from '../head/tree-head.ts';
import type { Told } from '../leaf.ts';

/**
 * Something wrong with a log, where it was first seen.
 *
 * - `leaf`: the leaf is not what its stored hash says (`differs`), cannot be read (`malformed`), or another number stands in
 *   its place (`out_of_place`: something was cut, put in or moved there).
 * - `head`: the leaves up to it are not what was signed. What was changed lies after the last good head, `after` leaves, and
 *   before this one, of `until` leaves. `why`: another `root`; not signed by the log's key (`signature`); of another log
 *   (`origin`); not where its size says (`order`); the log ends before it (`cut`).
 * - `header`: an export names another key or log than it was to be of.
 * - `unsigned`: the end of what should be whole, from leaf `after`, is under no head.
 */
export type Finding =
  | { readonly kind: 'leaf'; readonly number: number; readonly why: 'differs' | 'malformed' | 'out_of_place' }
  | {
      readonly kind: 'head';
      readonly after: number;
      readonly until: number;
      readonly why: 'root' | 'signature' | 'origin' | 'order' | 'cut';
      /** Whether the head is the log's own, or one that was seen or witnessed before. */
      readonly of: 'log' | 'seen';
    }
  | { readonly kind: 'header'; readonly why: 'key' | 'origin' }
  | { readonly kind: 'unsigned'; readonly after: number; readonly size: number };

/** A restore of a backup that the log itself admits. */
export interface AdmittedRestore {
  /** The leaf that says it. */
  readonly number: number;
  /** How many leaves the log came back with. */
  readonly cameBackAt: number;
  /** Unix milliseconds. */
  readonly time: number;
  readonly told: Told;
  /** Leaves of the former log known by a head seen before, and gone since; 0 when none is known to be. */
  readonly gone: number;
}

/** What was found by reading a log from its first leaf to its end. */
export interface LogReport {
  /** Nothing was found. */
  readonly ok: boolean;
  readonly origin: string;
  readonly leaves: number;
  /** The root over the stored hashes. */
  readonly root: Uint8Array;
  /** The log's own heads that hold. */
  readonly heads: number;
  /** Heads seen before that hold. */
  readonly seen: number;
  /** The last of the log's own heads that holds. */
  readonly newest: SignedHead | undefined;
  /** Leaves after it. */
  readonly uncovered: number;
  readonly restores: readonly AdmittedRestore[];
  /** What is wrong, as it was come upon; no more than the first few. */
  readonly findings: readonly Finding[];
}

/** The finding in a sentence. */
export function describeFinding(finding: Finding): string {
  switch (finding.kind) {
    case 'leaf':
      switch (finding.why) {
        case 'differs':
          return `leaf ${finding.number} differs from its stored hash`;
        case 'malformed':
          return `leaf ${finding.number} cannot be read as a leaf`;
        case 'out_of_place':
          return `leaf ${finding.number} is not in its place: something was cut out, put in or moved there`;
      }
      break;
    case 'head': {
      const where = `between leaf ${finding.after} and leaf ${Math.max(finding.until - 1, finding.after)}`;
      const head = finding.of === 'log' ? 'the head' : 'the head seen before';
      switch (finding.why) {
        case 'root':
          return `${where} the log was changed: ${head} of ${finding.until} leaves was signed over others`;
        case 'signature':
          return `${head} after the one of ${finding.after} leaves is not signed by the log's key`;
        case 'origin':
          return `${head} of ${finding.until} leaves is one of another log`;
        case 'order':
          return `${head} of ${finding.until} leaves does not stand where its size says`;
        case 'cut':
          return `the log was cut: ${head} covers ${finding.until} leaves, and the log ends at ${finding.after}`;
      }
      break;
    }
    case 'header':
      return `the export says that it is of another ${finding.why === 'key' ? 'key' : 'log'} than it was to be of`;
    case 'unsigned':
      return `no signed head covers the end of the log, from leaf ${finding.after} to leaf ${finding.size - 1}`;
  }
}
