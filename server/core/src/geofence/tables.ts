/** Where a phone said that it was when it asked for a door: coarse, and gone with the person. */
export interface PositionClaim {
  readonly attemptId: string;
  readonly personId: string;
  readonly latitude: number;
  readonly longitude: number;
  readonly accuracyM: number;
  readonly claimedAt: number;
}

/** The record of claimed positions. */
export interface PositionTables {
  readonly positionClaims: {
    insert(claim: PositionClaim): Promise<void>;
    get(attemptId: string): Promise<PositionClaim | undefined>;
    /** Forgets claims made before `time`. */
    removeBefore(time: number): Promise<void>;
  };
}
