import type { Grant } from '../model.ts';

/** A grant as it is asked for; what is left out is usual. */
export interface GrantDraft {
  readonly personId: string;
  readonly scope: Grant['scope'];
  readonly notBefore: number;
  readonly notAfter: number | null;
  readonly scheduleId?: string | null;
  /** None. */
  readonly conditions?: Grant['conditions'];
  /** Unlock and lock. */
  readonly operations?: Grant['operations'];
  /** By mobile key. */
  readonly methods?: Grant['methods'];
  readonly uses?: number | null;
  /** By the person's role. */
  readonly series?: number;
  readonly stayId?: string | null;
  readonly sourceGrantId?: string | null;
  readonly visitorId?: string | null;
}
