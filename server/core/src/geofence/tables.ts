import type { PositionClaim } from './model.ts';

/** The record of claimed positions. */
export interface PositionTables {
  readonly positionClaims: {
    insert(claim: PositionClaim): Promise<void>;
    get(attemptId: string): Promise<PositionClaim | undefined>;
    /** Forgets claims made before `time`. */
    removeBefore(time: number): Promise<void>;
  };
}
