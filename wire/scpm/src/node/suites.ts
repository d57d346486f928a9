import type { Primitives } from '@cardea/kit-crypto';
import { equal } from '@cardea/kit-octets';
import type { Direction } from '../suite/hardened.ts';
import type { IvLayout } from '../suite/iv.ts';
import type { AlgorithmId, FrameSuite } from '../suite/suite.ts';
import { type ScpmProfile, suiteOf } from '../suite/suite-of.ts';
import type { HeldKey } from './keys.ts';
import type { DomainSettings } from './state.ts';

interface Derived {
  readonly profile: ScpmProfile;
  readonly ivLayout: IvLayout;
  readonly algorithm: AlgorithmId;
  readonly direction: Direction;
  readonly suite: FrameSuite;
}

/** Suites that were derived already, by the key they belong to: they go when the key does. */
const derived = new WeakMap<HeldKey['key'], Derived[]>();

/** A key serves a handful of peers, each in four directions. */
const DERIVED_MAX = 64;

/** The suite of a key in one direction. Deriving is dear (several HMACs), so what was derived is kept. */
export function suiteFor(
  primitives: Primitives,
  { profile, ivLayout }: DomainSettings,
  { key, algorithm, state }: HeldKey,
  sa: Uint8Array,
  da: Uint8Array,
  response: boolean,
): FrameSuite {
  const direction: Direction = { sa, da, response, dh: state === 'shared' };
  const known = derived.get(key) ?? [];
  derived.set(key, known);
  const found = known.find(
    (each) =>
      each.profile === profile &&
      each.ivLayout === ivLayout &&
      each.algorithm === algorithm &&
      sameDirection(each.direction, direction),
  );
  if (found !== undefined) return found.suite;
  const suite = suiteOf(primitives, { profile, algorithm, key: key.reveal(), ivLayout }, direction);
  if (known.length >= DERIVED_MAX) known.shift();
  known.push({ profile, ivLayout, algorithm, direction: { ...direction, sa: sa.slice(), da: da.slice() }, suite });
  return suite;
}

function sameDirection(a: Direction, b: Direction): boolean {
  return a.response === b.response && a.dh === b.dh && equal(a.sa, b.sa) && equal(a.da, b.da);
}
