import type { Property } from '@cardea/wire-api';
import { Divider, Stack } from '@mantine/core';
import { type ReactNode, useMemo } from 'react';
import { useDoors } from '../estate/use-estate.ts';
import { BringInDelivery } from '../locks/bring-in-delivery.tsx';
import { EnrolLock } from '../locks/enrol-lock.tsx';
import { Loaded } from '../parts/states.tsx';

/** Puts one lock after the other on the doors that have none. */
export function LocksStep({ property }: { readonly property: Property }): ReactNode {
  const doors = useDoors(property.id);
  const free = useMemo(() => doors.data?.filter(({ lock_id }) => lock_id === null) ?? [], [doors.data]);
  return (
    <Loaded query={doors}>
      {() => (
        <Stack gap="lg">
          <EnrolLock doors={free} />
          <Divider />
          <BringInDelivery />
        </Stack>
      )}
    </Loaded>
  );
}
