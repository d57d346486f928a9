import { nodePrimitives } from '@cardea/kit-node';
import {
  ALGORITHM,
  type Direction,
  type FrameSuite,
  IV_LAYOUTS,
  ScpmError,
  type SuiteKey,
  suiteOf,
} from '@cardea/wire-scpm';
import { type Asked, refusal } from './asked.ts';

/** What says under which suite and key a frame stands. */
export const KEY_FIELDS = ['profile', 'key', 'algorithm', 'ivLayout'] as const;

/** The suite of the key that is given, for the direction of `head`. @throws CliError `usage` */
export function suiteFor(asked: Asked, head: Direction): FrameSuite {
  const suiteKey: SuiteKey = {
    profile: asked.choice('profile', ['standard', 'hardened'], 'hardened'),
    key: asked.octets('key'),
    algorithm: asked.choice('algorithm', [ALGORITHM.cbc, ALGORITHM.ccm], ALGORITHM.cbc),
    ivLayout: asked.choice('ivLayout', IV_LAYOUTS),
  };
  try {
    return suiteOf(nodePrimitives, suiteKey, head);
  } catch (error) {
    throw error instanceof ScpmError ? refusal(error) : error;
  }
}
