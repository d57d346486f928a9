import { ApiProblem } from '@cardea/client-sdk';
import { RadioError } from '@cardea/kit-radio';
import { useState } from 'react';
import { type PhoneState, usePhone } from '../own/keeper.tsx';
import { type OpeningOutcome, outcomeOfAttempt, outcomeOfTap } from './outcome.ts';
import type { Way } from './way.ts';

/** How far an opening is. */
export type OpeningStage =
  | { readonly kind: 'idle' }
  | { readonly kind: 'choosing' | 'presenting' | 'asking' | 'pending' | 'sent' }
  | { readonly kind: 'over'; readonly outcome: OpeningOutcome }
  | { readonly kind: 'problem'; readonly error: unknown };

/** Opens one door, by the way that is told; must be called by a click or key, for the browser's list of devices. */
export function useOpening(doorId: string): {
  readonly stage: OpeningStage;
  readonly open: (way: Way) => Promise<void>;
} {
  const state = usePhone();
  const [stage, setStage] = useState<OpeningStage>({ kind: 'idle' });
  const open = async (way: Way): Promise<void> => {
    try {
      await (way === 'server' ? throughServer : atDoor)(state, doorId, setStage);
    } catch (error) {
      setStage({ kind: 'problem', error });
    }
  };
  return { stage, open };
}

type Tell = (stage: OpeningStage) => void;

async function throughServer({ api }: PhoneState, doorId: string, tell: Tell): Promise<void> {
  tell({ kind: 'asking' });
  let started = false;
  try {
    const attempt = await api.unlock(doorId, {
      onProgress: ({ state }) => {
        started = true;
        if (state === 'pending' || state === 'sent') tell({ kind: state });
      },
    });
    tell({ kind: 'over', outcome: outcomeOfAttempt(attempt) ?? { kind: 'unknown' } });
  } catch (error) {
    // Network that went away after the command was taken: it may have acted.
    const lost = error instanceof ApiProblem && (error.code === 'unreachable' || error.code === 'unavailable');
    if (!(started && lost)) throw error;
    tell({ kind: 'over', outcome: { kind: 'unknown' } });
  }
}

async function atDoor({ own, askServer }: PhoneState, doorId: string, tell: Tell): Promise<void> {
  tell({ kind: 'choosing' });
  let address: string | undefined;
  try {
    address = await own.radio?.choose();
  } catch (error) {
    if (!(error instanceof RadioError)) throw error;
    tell({ kind: 'over', outcome: { kind: 'refused', reason: 'unsupported', word: undefined } });
    return;
  }
  if (address === undefined) return tell({ kind: 'idle' });
  tell({ kind: 'presenting' });
  tell({ kind: 'over', outcome: outcomeOfTap(await own.phone.tap(doorId, 'unlock', address)) });
  // What the lock gave for the server goes there as soon as there is network.
  void askServer();
}
