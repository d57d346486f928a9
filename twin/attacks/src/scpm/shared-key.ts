import { type Attack, type AttackOptions, resultOf } from '../attack.ts';
import { forgedByBlocks } from './forged-by-blocks.ts';
import { atTheLock, readByErrors, splicedBlocks } from './format-oracle.ts';

const FORGERIES = 200;

/**
 * Attack 9: the published constructions against CBC and a CBC-MAC under one key with an IV that anybody foretells.
 * Authentication-only frames are forged out of enciphered ones, frames without authentication are guessed until their
 * format fits, and a text is read by the errors that changes of it make.
 */
export const sharedKey: Attack = {
  id: 9,
  title:
    'SCPM: CBC-MAC extended and forged through the shared CBC key, confidentiality only as a format oracle, padding oracle',
  weakDouble: 'the profile standard: one key for both, the SNF as IV',
  async run({ weak, seed, effort }: AttackOptions) {
    const profile = weak ? 'standard' : 'hardened';
    const forged = forgedByBlocks(profile, seed, FORGERIES * effort);
    if (!weak) return resultOf([forged, ...atTheLock(seed, effort)]);
    const trials = [forged, splicedBlocks(seed), readByErrors(seed)];
    // Each of the constructions has to work, or its part against the product shows nothing.
    return { ...resultOf(trials), succeeded: trials.every(({ through }) => through) };
  },
};
