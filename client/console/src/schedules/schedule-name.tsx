import type { ReactNode } from 'react';
import { PageLink } from '../parts/page-link.tsx';
import { useSchedules } from './schedules-of.ts';

/** A schedule by its name, as a link to it. */
export function ScheduleName({ id, propertyId }: { readonly id: string; readonly propertyId: string }): ReactNode {
  const name = useSchedules(propertyId).data?.find((schedule) => schedule.id === id)?.name;
  return <PageLink to={`/schedules/${id}`}>{name ?? '…'}</PageLink>;
}
