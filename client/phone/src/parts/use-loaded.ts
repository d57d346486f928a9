import { useCallback, useEffect, useState } from 'react';

/** What a page asks the server for. */
export interface Loaded<T> {
  /** What came last; it stays while it is asked for anew. */
  readonly value: T | undefined;
  readonly error: unknown;
  readonly reload: () => void;
}

/** Asks for something when the page opens, and again when told. `load` has to be the same function from one drawing to the next. */
export function useLoaded<T>(load: (signal: AbortSignal) => Promise<T>): Loaded<T> {
  const [turn, setTurn] = useState(0);
  const [value, setValue] = useState<T | undefined>(undefined);
  const [error, setError] = useState<unknown>(undefined);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each turn asks again
  useEffect(() => {
    const over = new AbortController();
    load(over.signal).then(
      (loaded) => {
        if (over.signal.aborted) return;
        setValue(loaded);
        setError(undefined);
      },
      (failure: unknown) => {
        if (!over.signal.aborted) setError(failure);
      },
    );
    return () => over.abort();
  }, [load, turn]);
  const reload = useCallback(() => setTurn((before) => before + 1), []);
  return { value, error, reload };
}
