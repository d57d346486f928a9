import { everyItem, type Page } from './pages.ts';
import type { RequestOptions } from './transport.ts';

/** A page asked for by hand, or every item one after the other. */
export interface Listing<T, Query> {
  /** Every item in creation order, fetched a page at a time. */
  list(query?: Omit<Query, 'cursor'>, options?: RequestOptions): AsyncGenerator<T, void, void>;
  page(query?: Query, options?: RequestOptions): Promise<Page<T>>;
}

/** A noun that is shown, added and removed. */
export interface Noun<T, Query, New, Added = T> extends Listing<T, Query> {
  get(id: string, options?: RequestOptions): Promise<T>;
  add(input: New, options?: RequestOptions): Promise<Added>;
  remove(id: string, options?: RequestOptions): Promise<void>;
}

/** A listing out of what fetches one page of it. */
export const listing = <T, Query extends { cursor?: string }>(
  fetchPage: (query: Query, options: RequestOptions | undefined) => Promise<Page<T>>,
): Listing<T, Query> => ({
  page: (query, more) => fetchPage(query ?? ({} as Query), more),
  list: (query, more) =>
    everyItem((cursor) => fetchPage({ ...query, ...(cursor === undefined ? {} : { cursor }) } as Query, more)),
});
