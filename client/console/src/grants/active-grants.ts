import { useApi } from '@cardea/client-ui';
import type { Grant } from '@cardea/wire-api';
import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { everyOf } from '../parts/every-of.ts';
import { GRANTS_KEY } from './keys.ts';

/** Every active grant of a property: for what is drawn or counted over all of them. */
export function useActiveGrants(propertyId: string): UseQueryResult<readonly Grant[]> {
  const api = useApi();
  return useQuery({
    queryKey: [...GRANTS_KEY, propertyId, 'every active'],
    queryFn: ({ signal }) =>
      everyOf(api.grants.list({ property_id: propertyId, state: 'active', limit: 100 }, { signal })),
    staleTime: 30_000,
  });
}
