import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CoreError } from '../errors.ts';
import { distanceM } from './ground.ts';
import type { GroundPoint, Polygon } from './model.ts';
import { ACCURACY_MOST_M, coarse, whereabouts } from './position.ts';
import { checkGeofence } from './shape.ts';

const at = (latitude: number, longitude: number): GroundPoint => ({ latitude, longitude });
const claim = (latitude: number, longitude: number, accuracyM = 0) => ({ latitude, longitude, accuracyM });

/** A longitude brought back to -180 to 180. */
const wrapped = (longitude: number): number => ((((longitude + 180) % 360) + 360) % 360) - 180;

/** A horseshoe about 1.1 km wide that is open to the north, its middle at a longitude. */
const horseshoe = (longitude: number, latitude = 0): Polygon => ({
  polygon: (
    [
      [0, 0],
      [0, 0.01],
      [0.01, 0.01],
      [0.01, 0.007],
      [0.003, 0.007],
      [0.003, 0.003],
      [0.01, 0.003],
      [0.01, 0],
    ] as const
  ).map(([north, east]) => at(latitude + north, wrapped(longitude - 0.005 + east))),
});

describe('geofence', () => {
  it('measures distances over the ground: Berlin to Paris is 878 km, a ten-thousandth degree 11 m', () => {
    expect(distanceM(at(52.52, 13.405), at(48.8566, 2.3522)) / 1000).toBeCloseTo(877.5, 0);
    expect(distanceM(at(0, 0), at(0.0001, 0))).toBeCloseTo(11.12, 1);
    expect(distanceM(at(0, 179.9999), at(0, -179.9999))).toBeCloseTo(22.24, 1);
    expect(distanceM(at(90, 12), at(90, -77))).toBeCloseTo(0, 3);
  });

  it('takes a claim in a circle widened by its accuracy, and none that is vaguer than 100 m', () => {
    const circle = { latitude: 52.52, longitude: 13.405, radiusM: 150 };
    expect(whereabouts(circle, claim(52.52, 13.405))).toBe('inside');
    expect(whereabouts(circle, claim(52.5215, 13.405))).toBe('outside'); // 167 m to the north
    expect(whereabouts(circle, claim(52.5215, 13.405, 20))).toBe('inside');
    expect(whereabouts(circle, claim(52.52, 13.405, ACCURACY_MOST_M + 1))).toBe('too_vague');
    expect(whereabouts(circle, claim(52.52, 13.405, Number.NaN))).toBe('too_vague');
  });

  it('knows the bay of a polygon from its arms', () => {
    const fence = horseshoe(13.4, 52);
    expect(whereabouts(fence, claim(52.008, 13.3965))).toBe('inside'); // the western arm
    expect(whereabouts(fence, claim(52.008, 13.4035))).toBe('inside'); // the eastern arm
    expect(whereabouts(fence, claim(52.008, 13.4))).toBe('outside'); // the bay
    expect(whereabouts(fence, claim(52.001, 13.4))).toBe('inside'); // the back
    expect(whereabouts(fence, claim(51.9995, 13.4, 60))).toBe('inside'); // 56 m south of it
    expect(whereabouts(fence, claim(51.9995, 13.4, 50))).toBe('outside');
    expect(whereabouts(fence, claim(-52, 13.4 - 180))).toBe('outside'); // the other side of the earth
  });

  it('says the same of a polygon wherever on the equator it is, the antimeridian included', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -180, max: 180, noNaN: true }),
        fc.double({ min: -0.002, max: 0.012, noNaN: true }),
        fc.double({ min: -0.007, max: 0.007, noNaN: true }),
        fc.integer({ min: 0, max: 100 }),
        (longitude, north, east, accuracyM) => {
          const here = whereabouts(horseshoe(0), claim(north, east, accuracyM));
          for (const away of [longitude, 180, -180, 179.999]) {
            // A hair's breadth more or less of accuracy is what rounding may do.
            const said = [-1e-4, 0, 1e-4].map((hair) =>
              whereabouts(horseshoe(away), claim(north, wrapped(away + east), Math.max(0, accuracyM + hair))),
            );
            if (accuracyM < ACCURACY_MOST_M && new Set(said).size === 1) expect(said[0]).toBe(here);
          }
        },
      ),
    );
  });

  it('holds a polygon around a pole', () => {
    const fence: Polygon = { polygon: [at(89.9, 0), at(89.9, 120), at(89.9, -120)] };
    expect(checkGeofence(fence)).toBe(fence);
    expect(whereabouts(fence, claim(90, 77))).toBe('inside');
    expect(whereabouts(fence, claim(89.97, 180))).toBe('inside');
    expect(whereabouts(fence, claim(89.8, 60))).toBe('outside');
  });

  it.each([
    ['two corners', [at(0, 0), at(0, 0.1)]],
    ['a hundred and one corners', Array.from({ length: 101 }, (_, n) => at(0, n / 1000))],
    ['the first corner again at the end', [at(0, 0), at(0, 0.1), at(0.1, 0), at(0, 0)]],
    ['crossing sides', [at(0, 0), at(0.1, 0.1), at(0.1, 0), at(0, 0.1)]],
    ['over 100 km', [at(0, 0), at(0, 1), at(1, 0)]],
    ['no latitude', [at(91, 0), at(0, 0.1), at(0.1, 0)]],
    ['no number', [at(Number.NaN, 0), at(0, 0.1), at(0.1, 0)]],
  ])('refuses a polygon of %s', (_, polygon) => {
    expect(() => checkGeofence({ polygon })).toThrow(CoreError);
  });

  it('keeps of a claim no more than about 110 m', () => {
    expect(coarse(claim(52.5200123, -13.4049876, 12.6))).toEqual(claim(52.52, -13.405, 13));
  });
});
