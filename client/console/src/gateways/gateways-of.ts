import { useApi } from '@cardea/client-ui';
import type { Gateway } from '@cardea/wire-api';
import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { everyOf } from '../parts/every-of.ts';

/** Query key of gateways; whoever adds or withdraws one invalidates it. */
export const GATEWAYS_KEY = ['gateways'] as const;

/** How often it is looked whether one has come or gone. */
const LOOK_AGAIN_MS = 5_000;

/** The gateways of a property that are not withdrawn, as they are now. */
export function useGateways(propertyId: string, enabled = true): UseQueryResult<readonly Gateway[]> {
  const api = useApi();
  return useQuery({
    queryKey: GATEWAYS_KEY,
    queryFn: ({ signal }) => everyOf(api.gateways.list({ limit: 100 }, { signal })),
    select: (all) => all.filter(({ property_id, state }) => property_id === propertyId && state !== 'withdrawn'),
    enabled,
    refetchInterval: LOOK_AGAIN_MS,
  });
}
