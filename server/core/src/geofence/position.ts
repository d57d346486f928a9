import { checkRange } from '../checks.ts';
import { distanceM, onGround } from './ground.ts';
import type { Geofence, GroundPoint } from './model.ts';

/** Where a phone says that it is: a claim, which nobody can check (docs/hotel.md). */
export interface Position extends GroundPoint {
  /** Metres within which the phone believes its position to be right. */
  readonly accuracyM: number;
}

/** A phone that knows no better than this knows nothing of use. */
export const ACCURACY_MOST_M = 100;

/** What a claimed position comes to: `too_vague` when it is not accurate to {@link ACCURACY_MOST_M}. */
export type Whereabouts = 'inside' | 'outside' | 'too_vague';

/** @throws CoreError `invalid` for what is no place on the ground */
export function checkPosition(position: Position): Position {
  checkRange('position.latitude', position.latitude, -90, 90);
  checkRange('position.longitude', position.longitude, -180, 180);
  checkRange('position.accuracy_m', position.accuracyM, 0, 1_000_000);
  return position;
}

/**
 * Whether a claimed position is in the fence: some point as near to it as its accuracy is. Whoever stands at the door may
 * be told by a wall's echo that he is across the street.
 */
export function whereabouts(fence: Geofence, position: Position): Whereabouts {
  if (!(position.accuracyM <= ACCURACY_MOST_M)) return 'too_vague';
  return awayM(fence, position) <= position.accuracyM ? 'inside' : 'outside';
}

/** Metres from a point to the fence; 0 within it. */
function awayM(fence: Geofence, point: GroundPoint): number {
  if (!('polygon' in fence)) return Math.max(0, distanceM(fence, point) - fence.radiusM);
  const corners = fence.polygon.map((corner) => onGround(point, corner));
  // A fence is at most 100 km wide: when the plane at the point does not show all of it, the point is far away.
  if (corners.some(([east]) => !Number.isFinite(east))) return Number.POSITIVE_INFINITY;
  let within = false;
  let nearestM = Number.POSITIVE_INFINITY;
  corners.forEach(([bx, by], i) => {
    const [ax, ay] = corners.at(i - 1) ?? [bx, by];
    nearestM = Math.min(nearestM, fromOriginM(ax, ay, bx, by));
    // The point is the origin: each side that crosses the ray to the east takes it in or out.
    if (ay > 0 !== by > 0 && ax + ((bx - ax) * -ay) / (by - ay) > 0) within = !within;
  });
  return within ? 0 : nearestM;
}

/** From the origin to the nearest point between a and b. */
function fromOriginM(ax: number, ay: number, bx: number, by: number): number {
  const [dx, dy] = [bx - ax, by - ay];
  const along = Math.max(0, Math.min(1, -(ax * dx + ay * dy) / (dx * dx + dy * dy)));
  return Math.hypot(ax + along * dx, ay + along * dy);
}

/** Digits after the point of what is kept of a claim: about 110 m. */
const COARSE_DIGITS = 3;

/** What is kept of a claim: enough to see later that it was made at the property, too little to follow somebody. */
export function coarse({ latitude, longitude, accuracyM }: Position): Position {
  return {
    latitude: Number(latitude.toFixed(COARSE_DIGITS)),
    longitude: Number(longitude.toFixed(COARSE_DIGITS)),
    accuracyM: Math.round(accuracyM),
  };
}
