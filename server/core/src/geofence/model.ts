/** A place on the ground: WGS 84 in degrees, north and east positive. */
export interface GroundPoint {
  readonly latitude: number;
  readonly longitude: number;
}

/** A circle on the ground. */
export interface Circle extends GroundPoint {
  readonly radiusM: number;
}

/** The ground within these corners, in order; the last is joined to the first by the shortest way. */
export interface Polygon {
  readonly polygon: readonly GroundPoint[];
}

/** Where a phone counts as being at a property. */
export type Geofence = Circle | Polygon;

/** Where a phone said that it was when it asked for a door: coarse, and gone with the person. */
export interface PositionClaim {
  readonly attemptId: string;
  readonly personId: string;
  readonly latitude: number;
  readonly longitude: number;
  readonly accuracyM: number;
  readonly claimedAt: number;
}
