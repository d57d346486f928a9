import { useApi } from '@cardea/client-ui';
import type { DoorMode } from '@cardea/wire-api';
import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { useFreshBy } from '../live/use-fresh-by.ts';
import { everyOf } from '../parts/every-of.ts';

/** Query key of the modes of a property's doors; whoever asks a lock for another invalidates it. */
export const MODES_KEY = ['modes'] as const;

const CHANGES_MODES =
  /^(?:attempt\.|estate\.mode_asked|door\.(?:lock_|state_changed|added|removed)|alarm\.late_receipt)/;

/** The doors of a property with their modes, read anew when a lock answers. */
export function useModes(propertyId: string): UseQueryResult<readonly DoorMode[]> {
  const api = useApi();
  useFreshBy(MODES_KEY, ({ type }) => CHANGES_MODES.test(type));
  return useQuery({
    queryKey: [...MODES_KEY, propertyId],
    queryFn: ({ signal }) => everyOf(api.modes(propertyId, { signal })),
  });
}
