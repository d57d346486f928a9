import { checkRange } from '../checks.ts';
import { CoreError } from '../errors.ts';
import { distanceM, onGround } from './ground.ts';
import type { Geofence, GroundPoint } from './model.ts';

/** Most metres of a circle's radius, and between two corners of a polygon. */
const EXTENT_MOST_M = 100_000;
/** Corners of a polygon. */
const CORNERS_LEAST = 3;
const CORNERS_MOST = 100;

/**
 * The geofence when it is one: a polygon has 3 to 100 corners no two of which are alike or over 100 km apart, and no
 * side that crosses another.
 * @throws CoreError `invalid`
 */
export function checkGeofence(fence: Geofence | null): Geofence | null {
  if (fence === null) return null;
  if ('polygon' in fence) checkPolygon(fence.polygon);
  else {
    checkPoint('geofence', fence);
    checkRange('geofence.radius_m', fence.radiusM, 1, EXTENT_MOST_M);
  }
  return fence;
}

function checkPoint(field: string, { latitude, longitude }: GroundPoint): void {
  checkRange(`${field}.latitude`, latitude, -90, 90);
  checkRange(`${field}.longitude`, longitude, -180, 180);
}

function checkPolygon(corners: readonly GroundPoint[]): void {
  const refuse = (message: string): never => {
    throw new CoreError('invalid', message, { field: 'geofence.polygon' });
  };
  if (corners.length < CORNERS_LEAST || corners.length > CORNERS_MOST) {
    refuse(`geofence.polygon must have ${CORNERS_LEAST} to ${CORNERS_MOST} corners`);
  }
  corners.forEach((corner, n) => {
    checkPoint(`geofence.polygon.${n}`, corner);
  });
  const [first] = corners;
  if (first === undefined) return;
  corners.forEach((a, i) => {
    for (const b of corners.slice(i + 1)) {
      const apartM = distanceM(a, b);
      if (apartM === 0) refuse('geofence.polygon names a corner twice; the last one is joined to the first by itself');
      if (apartM > EXTENT_MOST_M) refuse('geofence.polygon has corners over 100 km apart');
    }
  });
  const flat = corners.map((corner) => onGround(first, corner));
  flat.forEach((a, i) => {
    const b = flat[(i + 1) % flat.length];
    for (let j = i + 1; j < flat.length; j++) {
      const c = flat[j];
      const d = flat[(j + 1) % flat.length];
      const neighbours = j === i + 1 || (i === 0 && j === flat.length - 1);
      if (neighbours || a === undefined || b === undefined || c === undefined || d === undefined) continue;
      if (cross(a, b, c, d)) refuse('geofence.polygon has sides that cross each other');
    }
  });
}

type Flat = readonly [eastM: number, northM: number];

/** Twice the area of a triangle, positive when it turns to the left. */
function turn([ax, ay]: Flat, [bx, by]: Flat, [cx, cy]: Flat): number {
  return (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
}

function cross(a: Flat, b: Flat, c: Flat, d: Flat): boolean {
  return turn(a, b, c) * turn(a, b, d) < 0 && turn(c, d, a) * turn(c, d, b) < 0;
}
