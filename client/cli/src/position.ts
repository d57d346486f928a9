import type { Position } from '@cardea/wire-api';
import { usage } from './errors.ts';

const EARTH = { latitude: 90, longitude: 180 } as const;
/** How exact a position is taken to be that does not say so. */
const ACCURACY_M = 20;

/**
 * Where somebody says that he is: `LATITUDE,LONGITUDE` in degrees north and east, and after another comma how exact in
 * metres (20 when left out). It is a claim, and recorded as one.
 * @throws CliError `usage`
 */
export function positionOf(given: string): Position {
  const [latitude = Number.NaN, longitude = Number.NaN, accuracy = ACCURACY_M, ...more] = given
    .split(',')
    .map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  const good =
    more.length === 0 &&
    Math.abs(latitude) <= EARTH.latitude &&
    Math.abs(longitude) <= EARTH.longitude &&
    accuracy >= 0 &&
    accuracy <= 1_000_000;
  if (!good) {
    throw usage(`--position is ${JSON.stringify(given)}`, 'write LATITUDE,LONGITUDE[,METRES], such as 52.52,13.405,15');
  }
  return { latitude, longitude, accuracy_m: accuracy };
}
