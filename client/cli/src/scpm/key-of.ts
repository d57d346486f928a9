import { nodePrimitives } from '@cardea/kit-node';
import { ALGORITHM, type FrameHead, type FrameSuite, IV_LAYOUTS, suiteOf } from '@cardea/wire-scpm';
import type { Asked } from './asked.ts';

/** What says under which suite and key a frame stands. */
export const KEY_FIELDS = ['profile', 'key', 'algorithm', 'ivLayout'] as const;

/** The suite of the key that is given, for the direction of `head`. @throws CliError `usage`, ScpmError */
export function suiteFor(asked: Asked, head: Pick<FrameHead, 'sa' | 'da' | 'response' | 'dh'>): FrameSuite {
  return suiteOf(
    nodePrimitives,
    {
      profile: asked.choice('profile', ['standard', 'hardened'], 'hardened'),
      key: asked.octets('key'),
      algorithm: asked.choice('algorithm', [ALGORITHM.cbc, ALGORITHM.ccm], ALGORITHM.cbc),
      ivLayout: asked.choice('ivLayout', IV_LAYOUTS),
    },
    head,
  );
}
