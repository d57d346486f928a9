import { useApi } from '@cardea/client-ui';
import type { Schedule } from '@cardea/wire-api';
import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { everyOf } from '../parts/every-of.ts';

/** Query key of all schedules; whoever makes, changes or removes one invalidates it. */
export const SCHEDULES_KEY = ['schedules'] as const;

/** The schedules of a property. */
export function useSchedules(propertyId: string): UseQueryResult<readonly Schedule[]> {
  const api = useApi();
  return useQuery({
    queryKey: [...SCHEDULES_KEY, propertyId],
    queryFn: ({ signal }) => everyOf(api.schedules.list({ property_id: propertyId, limit: 100 }, { signal })),
    staleTime: 30_000,
  });
}
