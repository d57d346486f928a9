import { useApi } from '@cardea/client-ui';
import type { Stay } from '@cardea/wire-api';
import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { everyOf } from '../parts/every-of.ts';

/** Query key of all stays; whoever does something to one invalidates it. */
export const STAYS_KEY = ['stays'] as const;

/** How often the desk looks whether somebody else has done something: reservations come from other desks and files too. */
const LOOK_AGAIN_MS = 30_000;

/** The stays of a property that are not over. */
export function useStays(propertyId: string, lookAgainMs = LOOK_AGAIN_MS): UseQueryResult<readonly Stay[]> {
  const api = useApi();
  return useQuery({
    queryKey: [...STAYS_KEY, propertyId],
    queryFn: async ({ signal }) => {
      const [reserved, checkedIn] = await Promise.all(
        (['reserved', 'checked_in'] as const).map((state) =>
          everyOf(api.stays.list({ property_id: propertyId, state, limit: 100 }, { signal })),
        ),
      );
      return [...(reserved ?? []), ...(checkedIn ?? [])];
    },
    refetchInterval: lookAgainMs,
  });
}
