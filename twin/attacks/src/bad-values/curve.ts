/** The field of P-256, a prime that is 3 modulo 4. */
const P = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n;
const A = P - 3n;

/** A point of some curve y² = x³ - 3x + b: the textbook's formulas never look at b. `undefined` is the identity. */
export type Point = { readonly x: bigint; readonly y: bigint } | undefined;

/** The generator of P-256 (SEC 2 2.4.2). */
export const GENERATOR: Point = {
  x: 0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296n,
  y: 0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5n,
};

/** k times a point by doubling and adding, whatever curve the point is on. */
export function multiply(k: bigint, point: Point): Point {
  let sum: Point;
  let double = point;
  for (let left = k; left > 0n; left >>= 1n) {
    if (left & 1n) sum = add(sum, double);
    double = add(double, double);
  }
  return sum;
}

/**
 * A point whose double is its own negative, so that every multiple is itself, its negative or the identity: the tangent
 * there is an inflection, y² = 3(x² - 1)²/(4x). It lies on some curve with a = -3, and not on P-256, whose order is prime.
 */
export function pointOfOrderThree(): { readonly x: bigint; readonly y: bigint } {
  for (let x = 2n; ; x++) {
    const square = mod(3n * (x * x - 1n) ** 2n * inverse(4n * x));
    const y = power(square, (P + 1n) / 4n, P);
    if (mod(y * y) === square) return { x, y };
  }
}

/** base^exponent modulo a number, as the textbook has it. */
export function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  let square = base % modulus;
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}

function add(one: Point, other: Point): Point {
  if (one === undefined) return other;
  if (other === undefined) return one;
  if (one.x === other.x && mod(one.y + other.y) === 0n) return undefined;
  const slope =
    one.x === other.x
      ? mod((3n * one.x * one.x + A) * inverse(2n * one.y))
      : mod((other.y - one.y) * inverse(other.x - one.x));
  const x = mod(slope * slope - one.x - other.x);
  return { x, y: mod(slope * (one.x - x) - one.y) };
}

/** By Euclid, since a power would take most of the time of an attack. */
function inverse(value: bigint): bigint {
  let [a, b] = [mod(value), P];
  let [x, y] = [1n, 0n];
  while (a > 1n) {
    const quotient = b / a;
    [a, b] = [b - quotient * a, a];
    [x, y] = [y - quotient * x, x];
  }
  return mod(x);
}

function mod(value: bigint): bigint {
  const rest = value % P;
  return rest < 0n ? rest + P : rest;
}
