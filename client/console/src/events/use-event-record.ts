import { useApi } from '@cardea/client-ui';
import type { Event } from '@cardea/wire-api';
import { useState } from 'react';
import { useFreshBy, useLiveEvents } from '../live/use-fresh-by.ts';
import { type PagesOf, usePagesOf } from '../parts/pages-of.ts';
import { withFresh } from './with-fresh.ts';

/** Which events are wanted; all that are not named here. */
export interface EventFilter {
  readonly doorId?: string | undefined;
  /** Such as `lock.unlocked`. */
  readonly type?: string | undefined;
}

/** Live events that are kept above the pages read; more are in the pages when the page is opened anew. */
const MAX_FRESH = 300;
const PAGE = 25;

/** What happened, the newest first: what has come since the page was opened stands above what was read. */
export function useEventRecord({ doorId, type }: EventFilter): PagesOf<Event> {
  const api = useApi();
  const [fresh, setFresh] = useState<readonly Event[]>([]);
  useLiveEvents((event) => {
    // A door's page is not drawn anew for what happens at two thousand others.
    if (doorId === undefined || event.door_id === doorId) setFresh((before) => [event, ...before].slice(0, MAX_FRESH));
  });
  const key = ['events', doorId ?? null, type ?? null] as const;
  // What happened while the stream was lost may only be in the pages.
  useFreshBy(key, () => false);
  const pages = usePagesOf(key, (cursor, signal) =>
    api.events.page(
      {
        order: 'newest_first',
        limit: PAGE,
        ...(doorId !== undefined && { door_id: doorId }),
        ...(type !== undefined && { type }),
        ...(cursor !== undefined && { cursor }),
      },
      { signal },
    ),
  );
  const wanted = fresh.filter(
    (event) => (doorId === undefined || event.door_id === doorId) && (type === undefined || event.type === type),
  );
  return { ...pages, data: pages.data === undefined ? undefined : withFresh(wanted, pages.data) };
}
