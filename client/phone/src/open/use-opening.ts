import { ApiProblem } from '@cardea/client-sdk';
import { RadioError } from '@cardea/kit-radio';
import { useRef, useState } from 'react';
import { type PhoneState, usePhone } from '../own/keeper.tsx';
import { noRadioOutcome, type OpeningOutcome, outcomeOfAttempt, outcomeOfTap, unknownOutcome } from './outcome.ts';
import type { Way } from './way.ts';

/** How far an opening is. */
export type OpeningStage =
  | { readonly kind: 'idle' }
  /** The server is asked: whoever stands at the door may take the other way meanwhile. */
  | { readonly kind: 'asking' | 'pending' | 'sent' }
  | { readonly kind: 'choosing' | 'presenting' }
  | { readonly kind: 'over'; readonly outcome: OpeningOutcome }
  | { readonly kind: 'problem'; readonly error: unknown };

type Tell = (stage: OpeningStage) => void;

/** Opens one door, by the way that is told; must be called by a click or key, for the browser's list of devices. */
export function useOpening(doorId: string): {
  readonly stage: OpeningStage;
  readonly open: (way: Way) => Promise<void>;
} {
  const state = usePhone();
  const [stage, setStage] = useState<OpeningStage>({ kind: 'idle' });
  const former = useRef<AbortController | undefined>(undefined);
  const open = async (way: Way): Promise<void> => {
    // What was asked of the server before is not followed any longer; the door can open only once.
    former.current?.abort();
    const current = new AbortController();
    former.current = current;
    const tell: Tell = (next) => {
      if (!current.signal.aborted) setStage(next);
    };
    try {
      if (way === 'server') await throughServer(state, doorId, tell, current.signal);
      else await atDoor(state, doorId, tell);
    } catch (error) {
      tell({ kind: 'problem', error });
    }
  };
  return { stage, open };
}

async function throughServer({ api }: PhoneState, doorId: string, tell: Tell, signal: AbortSignal): Promise<void> {
  tell({ kind: 'asking' });
  let started = false;
  try {
    const attempt = await api.unlock(doorId, {
      signal,
      onProgress: ({ state }) => {
        started = true;
        if (state === 'pending' || state === 'sent') tell({ kind: state });
      },
    });
    tell({ kind: 'over', outcome: outcomeOfAttempt(attempt) ?? unknownOutcome() });
  } catch (error) {
    // Network that went away after the command was taken: it may have acted.
    const lost = error instanceof ApiProblem && (error.code === 'unreachable' || error.code === 'unavailable');
    if (!(started && lost)) throw error;
    tell({ kind: 'over', outcome: unknownOutcome() });
  }
}

async function atDoor({ own, askServer }: PhoneState, doorId: string, tell: Tell): Promise<void> {
  tell({ kind: 'choosing' });
  let address: string | undefined;
  try {
    address = await own.radio?.choose();
  } catch (error) {
    if (!(error instanceof RadioError)) throw error;
    tell({ kind: 'over', outcome: noRadioOutcome() });
    return;
  }
  if (address === undefined) return tell({ kind: 'idle' });
  tell({ kind: 'presenting' });
  tell({ kind: 'over', outcome: outcomeOfTap(await own.phone.tap(doorId, 'unlock', address)) });
  // What the lock gave for the server goes there as soon as there is network.
  void askServer();
}
