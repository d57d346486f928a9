import type { GrantOperation, LockReport } from '../model.ts';
import type { RuleName } from './rule.ts';

/** A rule as people read it. */
export interface ExplainedRule {
  readonly rule: RuleName;
  /** Null: not asked. */
  readonly passed: boolean | null;
  readonly detail: string;
}

/** One way to open the door. */
export interface ExplainedWay {
  /** Whether the rules let the person. */
  readonly permitted: boolean;
  /** Whether the door would open as far as anybody knows: permitted, and the lock, its mode and its gateway go along. */
  readonly opens: boolean;
  readonly by: 'role' | 'grant' | null;
  readonly grantId: string | null;
  /** The first rule that stands against it. */
  readonly against: RuleName | null;
  readonly rules: readonly ExplainedRule[];
}

/** Whether and why somebody may open a door at a moment. */
export interface Explanation {
  readonly personId: string;
  readonly doorId: string;
  readonly lockId: string | null;
  readonly operation: GrantOperation;
  readonly at: number;
  readonly timeZone: string;
  /** Through the server and a gateway. */
  readonly afar: ExplainedWay;
  /** By key, card or PIN at the lock, without the server. */
  readonly door: ExplainedWay & {
    /** When the last key that was given stops to open, whatever happens; null: no key, or nobody knows. */
    readonly opensUntil: number | null;
  };
  readonly clock: Pick<LockReport, 'clockOffsetS' | 'clockErrorS'> | null;
  readonly provedAt: number | null;
}
