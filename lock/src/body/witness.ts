import type { BodyInput, BodyState } from './state.ts';

/** Why a bolt moved: by an authenticated command, by the lock's own relock, by the knob inside. */
export type Cause = 'command' | 'relock' | 'knob';

/**
 * What somebody sees who stands beside the lock. It crosses no radio and no protocol, so that tests can hold what was said
 * against what was done.
 */
export type Witnessed =
  /** The lock has power and finds its bolt there. */
  | { readonly kind: 'powered'; readonly boltOut: boolean }
  /** The motor starts. */
  | { readonly kind: 'moving'; readonly operation: 'unlock' | 'lock'; readonly cause: Cause }
  /** The bolt has come to rest; `jammed`: not where it was meant to. */
  | {
      readonly kind: 'rest';
      readonly operation: 'unlock' | 'lock';
      readonly cause: Cause;
      readonly boltOut: boolean;
      readonly jammed: boolean;
    };

/** What a step of the body looked like from outside, oldest first. */
export function witnessed(before: BodyState, input: BodyInput, after: BodyState): readonly Witnessed[] {
  const { boltOut, jammed } = after;
  if (input.kind === 'powered-on') return [{ kind: 'powered', boltOut }];
  if (input.kind === 'knob' && boltOut !== before.boltOut) {
    return [{ kind: 'rest', operation: input.operation, cause: 'knob', boltOut, jammed }];
  }
  const seen: Witnessed[] = [];
  const { motion } = before;
  if (motion !== undefined && after.motion === undefined && input.kind === 'wake') {
    seen.push({ kind: 'rest', operation: motion.operation, cause: causeOf(motion), boltOut, jammed });
  }
  if (after.motion !== undefined && after.motion !== motion) {
    seen.push({ kind: 'moving', operation: after.motion.operation, cause: causeOf(after.motion) });
  }
  return seen;
}

function causeOf({ token }: { readonly token: number | undefined }): Cause {
  return token === undefined ? 'relock' : 'command';
}
