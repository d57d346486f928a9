import { useApi } from '@cardea/client-ui';
import type { SecurityCheck } from '@cardea/wire-api';
import { type UseQueryResult, useQuery } from '@tanstack/react-query';

/** The security check; one that is no older than `freshForMs` is not made anew. */
export function useCheckup({ freshForMs = 10_000, enabled = true } = {}): UseQueryResult<SecurityCheck> {
  const api = useApi();
  return useQuery({
    queryKey: ['security-check'],
    queryFn: ({ signal }) => api.securityCheck({ signal }),
    enabled,
    staleTime: freshForMs,
  });
}
