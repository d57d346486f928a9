import { Anchor } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { useSchedules } from './schedules-of.ts';

/** A schedule by its name, as a link to it. */
export function ScheduleName({ id, propertyId }: { readonly id: string; readonly propertyId: string }): ReactNode {
  const name = useSchedules(propertyId).data?.find((schedule) => schedule.id === id)?.name;
  return (
    <Anchor component={Link} href={`/schedules/${id}`} inherit>
      {name ?? '…'}
    </Anchor>
  );
}
