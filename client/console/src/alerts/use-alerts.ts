import { useApi } from '@cardea/client-ui';
import type { Alert, Event } from '@cardea/wire-api';
import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { useFreshBy } from '../live/use-fresh-by.ts';
import { type PagesOf, usePagesOf } from '../parts/pages-of.ts';

/** Query key of every reading of alerts; whoever acknowledges one invalidates it. */
export const ALERTS_KEY = ['alerts'] as const;
const PAGE = 25;
/** The badge counts so far; more are "more than". */
export const MAX_COUNTED = 99;

const isOfAlerts = ({ type }: Event): boolean => type.startsWith('alert.');

/** Alerts, the newest first, live. */
export function useAlerts(shown: 'open' | 'all'): PagesOf<Alert> {
  const api = useApi();
  const key = [...ALERTS_KEY, shown] as const;
  useFreshBy(key, isOfAlerts);
  return usePagesOf(key, (cursor, signal) =>
    api.alerts.page(
      {
        order: 'newest_first',
        limit: PAGE,
        ...(shown === 'open' && { state: 'open' }),
        ...(cursor !== undefined && { cursor }),
      },
      { signal },
    ),
  );
}

/** How many alerts are open, up to one more than {@link MAX_COUNTED}, live. */
export function useOpenAlerts(enabled = true): UseQueryResult<number> {
  const api = useApi();
  const key = [...ALERTS_KEY, 'count'] as const;
  useFreshBy(key, isOfAlerts);
  return useQuery({
    queryKey: key,
    queryFn: async ({ signal }) => {
      const { items, next_cursor: next } = await api.alerts.page({ state: 'open', limit: MAX_COUNTED }, { signal });
      return items.length + (next === null ? 0 : 1);
    },
    enabled,
  });
}

/** The events that an alert rests on, in the order in which they were recorded. */
export function useEvidence({ id, last_at: lastAt }: Alert, wanted: boolean): UseQueryResult<readonly Event[]> {
  const api = useApi();
  return useQuery({
    queryKey: ['events', 'alert', id, lastAt],
    queryFn: async ({ signal }) => (await api.events.page({ alert_id: id, limit: 100 }, { signal })).items,
    enabled: wanted,
  });
}
