import { useApi } from '@cardea/client-ui';
import type { Person } from '@cardea/wire-api';
import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { everyOf } from './every-of.ts';

/** People come and go by the day, not by the minute. */
const STALE_MS = 60_000;

/** All people of the organization, read once for every place that lets one choose among them. */
export function useEveryPerson(enabled = true): UseQueryResult<readonly Person[]> {
  const api = useApi();
  return useQuery({
    queryKey: ['persons', 'every'],
    queryFn: ({ signal }) => everyOf(api.persons.list({ limit: 100 }, { signal })),
    staleTime: STALE_MS,
    enabled,
  });
}
