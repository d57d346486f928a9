import type { Page } from '@cardea/client-sdk';
import { type QueryKey, useInfiniteQuery } from '@tanstack/react-query';

/** What is still to be loaded of a listing. */
export interface More {
  readonly has: boolean;
  readonly busy: boolean;
  readonly load: () => void;
}

/** A listing, loaded a page at a time. */
export interface PagesOf<T> {
  /** All that is loaded; undefined until the first page is there. */
  readonly data: readonly T[] | undefined;
  readonly error: unknown;
  readonly refetch: () => unknown;
  /** For the table or the button below. */
  readonly more: More;
}

/** Loads a listing a page at a time; `fetchPage` is handed the cursor of the page, undefined for the first. */
export function usePagesOf<T>(
  key: QueryKey,
  fetchPage: (cursor: string | undefined, signal: AbortSignal) => Promise<Page<T>>,
): PagesOf<T> {
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam, signal }) => fetchPage(pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
  return {
    data: query.data?.pages.flatMap(({ items }) => items),
    error: query.error,
    refetch: query.refetch,
    more: { has: query.hasNextPage, busy: query.isFetchingNextPage, load: () => void query.fetchNextPage() },
  };
}
