import { useState } from 'react';

/** Something that is done once at a time: whether it is under way, and why it failed. */
export interface Act {
  readonly busy: boolean;
  readonly error: unknown;
  readonly run: (work: () => Promise<void>) => Promise<void>;
}

/** One such thing. */
export function useAct(): Act {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(undefined);
  const run = async (work: () => Promise<void>): Promise<void> => {
    if (busy) return;
    setBusy(true);
    setError(undefined);
    try {
      await work();
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  return { busy, error, run };
}
