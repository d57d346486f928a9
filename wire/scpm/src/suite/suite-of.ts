import type { Primitives } from '@cardea/kit-crypto';
import { ScpmError } from '../errors.ts';
import { ccmSuite, type Direction, hardenedCbcSuite } from './hardened.ts';
import type { IvLayout } from './iv.ts';
import { standardSuite } from './standard.ts';
import { ALGORITHM, type AlgorithmId, type FrameSuite } from './suite.ts';

/** `hardened` is the default; `standard` is the text with its weaknesses, for interoperability (docs/scpm.md). */
export type ScpmProfile = 'standard' | 'hardened';

/** A key as a suite takes it. */
export interface SuiteKey {
  readonly profile: ScpmProfile;
  readonly algorithm: AlgorithmId;
  /**
   * 16 octets. `standard`: the key of the index itself. `hardened`: the device's own key
   * ({@link deviceKey}; of the indexes 0 and 2 the key itself).
   */
  readonly key: Uint8Array;
  /** How `standard` makes its IV; `hardened` has one way. */
  readonly ivLayout?: IvLayout | undefined;
}

/** The suite of one direction under a key. @throws ScpmError `length` (of the key), `unsupported` */
export function suiteOf(primitives: Primitives, suiteKey: SuiteKey, direction: Direction): FrameSuite {
  const { profile, algorithm, key, ivLayout = 'repeat' } = suiteKey;
  if (key.length !== 16) throw new ScpmError('length', 'key', `has 16 octets, not ${key.length}`);
  if (profile === 'standard') {
    if (algorithm !== ALGORITHM.cbc) {
      throw new ScpmError('unsupported', 'algorithm', 'the profile standard has AES-128-CBC with CBC-MAC (01) alone');
    }
    return standardSuite(primitives, key, ivLayout);
  }
  if (ivLayout !== 'repeat') {
    throw new ScpmError('unsupported', 'ivLayout', 'only the profile standard has a choice');
  }
  return algorithm === ALGORITHM.ccm
    ? ccmSuite(primitives, key, direction)
    : hardenedCbcSuite(primitives, key, direction);
}
