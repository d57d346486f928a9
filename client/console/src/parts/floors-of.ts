import { useApi } from '@cardea/client-ui';
import type { Floor } from '@cardea/wire-api';
import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { everyOf } from './every-of.ts';

/** The floors of a property. */
export function useFloors(propertyId: string): UseQueryResult<readonly Floor[]> {
  const api = useApi();
  return useQuery({
    queryKey: ['floors-of', propertyId],
    queryFn: ({ signal }) => everyOf(api.floors.list({ property_id: propertyId, limit: 100 }, { signal })),
    staleTime: 60_000,
  });
}
