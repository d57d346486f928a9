import type { Page } from '@cardea/client-sdk';
import { useCallback, useEffect, useState } from 'react';

/** A list that is read page by page. */
export interface Pages<T> {
  /** What was read so far; undefined before the first page is here. */
  readonly items: readonly T[] | undefined;
  readonly error: unknown;
  readonly busy: boolean;
  /** Whether there is another page. */
  readonly goesOn: boolean;
  readonly more: () => void;
  readonly again: () => void;
}

/** Reads the first page, and the next ones when told. `load` has to be the same function from one drawing to the next. */
export function usePages<T>(load: (cursor: string | undefined, signal: AbortSignal) => Promise<Page<T>>): Pages<T> {
  const [pages, setPages] = useState<readonly Page<T>[]>([]);
  const [wanted, setWanted] = useState(1);
  const [turn, setTurn] = useState(0);
  const [error, setError] = useState<unknown>(undefined);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each turn asks again
  useEffect(() => {
    if (pages.length >= wanted) return;
    const over = new AbortController();
    load(pages.at(-1)?.next_cursor ?? undefined, over.signal).then(
      (page) => {
        if (!over.signal.aborted) setPages((before) => [...before, page]);
      },
      (failure: unknown) => {
        if (!over.signal.aborted) setError(failure);
      },
    );
    return () => over.abort();
  }, [load, pages, turn, wanted]);
  const more = useCallback(() => setWanted(pages.length + 1), [pages.length]);
  const again = useCallback(() => {
    setError(undefined);
    setTurn((before) => before + 1);
  }, []);
  return {
    items: pages.length === 0 ? undefined : pages.flatMap(({ items }) => items),
    error,
    busy: pages.length < wanted && error === undefined,
    goesOn: pages.at(-1)?.next_cursor != null,
    more,
    again,
  };
}
