import { useApi } from '@cardea/client-ui';
import type { Attempt, Event } from '@cardea/wire-api';
import { useState } from 'react';
import { useFreshBy, useLiveEvents } from '../live/use-fresh-by.ts';
import { type PagesOf, usePagesOf } from '../parts/pages-of.ts';
import { withFresh } from './with-fresh.ts';

/** Live events that are kept above the pages read; more are in the pages when the page is opened anew. */
const MAX_FRESH = 300;
const PAGE = 25;

/** What was asked of a door, the newest first; read anew when an attempt moves on. */
export function useCommandsOf(doorId: string): PagesOf<Attempt> {
  const api = useApi();
  const key = ['attempts', 'door', doorId] as const;
  useFreshBy(key, ({ type, door_id: at }) => at === doorId && CHANGES_ATTEMPTS.test(type));
  return usePagesOf(key, (cursor, signal) =>
    api.attempts.page(
      { door_id: doorId, order: 'newest_first', limit: PAGE, ...(cursor !== undefined && { cursor }) },
      { signal },
    ),
  );
}

const CHANGES_ATTEMPTS = /^(?:attempt\.|alarm\.late_receipt$)/;

/** What happened at a door, the newest first: what has come since the page was opened stands above what was read. */
export function useEventsOf(doorId: string): PagesOf<Event> {
  const api = useApi();
  const [fresh, setFresh] = useState<readonly Event[]>([]);
  useLiveEvents((event) => {
    if (event.door_id === doorId) setFresh((before) => [event, ...before].slice(0, MAX_FRESH));
  });
  const pages = usePagesOf(['events', 'door', doorId], (cursor, signal) =>
    api.events.page(
      { door_id: doorId, order: 'newest_first', limit: PAGE, ...(cursor !== undefined && { cursor }) },
      { signal },
    ),
  );
  return { ...pages, data: pages.data === undefined ? undefined : withFresh(fresh, pages.data) };
}
