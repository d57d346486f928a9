import { useApi } from '@cardea/client-ui';
import type { Door, DoorKind, Floor } from '@cardea/wire-api';
import { type QueryKey, type UseQueryResult, useQuery } from '@tanstack/react-query';
import { everyOf } from '../parts/every-of.ts';

/** Query keys of what a property is made of; whoever adds or changes a floor or a door invalidates it. */
export const FLOORS_KEY = ['floors'] as const;
export const DOORS_KEY = ['doors-of'] as const;

/** Everything that shows floors or doors, one door too: after a change to them. */
export const ESTATE_KEYS: readonly QueryKey[] = [FLOORS_KEY, DOORS_KEY, ['doors'], ['floors-of']];

/** What doors are for, in the order of choices. */
export const DOOR_KINDS: readonly DoorKind[] = ['guest', 'common', 'staff'];

/** Largest page of doors that the server gives. */
const DOORS_PAGE = 1_000;
const FLOORS_PAGE = 100;

/** The floors of a property, from the lowest up; not asked for unless `enabled`. */
export function useFloors(propertyId: string, enabled = true): UseQueryResult<readonly Floor[]> {
  const api = useApi();
  return useQuery({
    queryKey: [...FLOORS_KEY, propertyId],
    queryFn: async ({ signal }) => {
      const floors = await everyOf(api.floors.list({ property_id: propertyId, limit: FLOORS_PAGE }, { signal }));
      return floors.toSorted((a, b) => a.level - b.level || a.name.localeCompare(b.name));
    },
    enabled,
    staleTime: 60_000,
  });
}

/** The doors of a property, by what is written on them; not asked for unless `enabled`. */
export function useDoors(propertyId: string, enabled = true): UseQueryResult<readonly Door[]> {
  const api = useApi();
  return useQuery({
    queryKey: [...DOORS_KEY, propertyId],
    queryFn: async ({ signal }) => {
      const doors = await everyOf(api.doors.list({ property_id: propertyId, limit: DOORS_PAGE }, { signal }));
      const order = new Intl.Collator(undefined, { numeric: true });
      return doors.toSorted((a, b) => order.compare(a.name, b.name));
    },
    enabled,
    staleTime: 60_000,
  });
}
