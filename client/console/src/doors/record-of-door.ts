import { useApi } from '@cardea/client-ui';
import type { Attempt } from '@cardea/wire-api';
import { useFreshBy } from '../live/use-fresh-by.ts';
import { type PagesOf, usePagesOf } from '../parts/pages-of.ts';

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
