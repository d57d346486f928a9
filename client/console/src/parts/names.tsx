import { useApi, useTexts } from '@cardea/client-ui';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useLiveDoorIfAny } from '../live/live.tsx';
import { useScopes } from '../session/session.tsx';
import { PageLink } from './page-link.tsx';
import { partTexts } from './texts.ts';

/** Names change seldom; they are asked for once for all places that show them. */
const NAME_STALE_MS = 5 * 60_000;

/** What a person is called; undefined as long as it is not known, and for whoever may not read persons. */
export function usePersonName(id: string | undefined): string | undefined {
  const api = useApi();
  const mayRead = useScopes()('persons:read');
  const { data } = useQuery({
    queryKey: ['persons', id],
    queryFn: ({ signal }) => api.persons.get(id ?? '', { signal }),
    enabled: mayRead && id !== undefined,
    staleTime: NAME_STALE_MS,
  });
  return data?.name;
}

/** A person by name, as a link to the person's page; by id for whoever may not read persons. */
export function PersonName({ id }: { readonly id: string }): ReactNode {
  const api = useApi();
  const say = useTexts(partTexts);
  const mayRead = useScopes()('persons:read');
  const { data, error } = useQuery({
    queryKey: ['persons', id],
    queryFn: ({ signal }) => api.persons.get(id, { signal }),
    enabled: mayRead,
    staleTime: NAME_STALE_MS,
  });
  if (!mayRead) return id;
  if (error && data === undefined) return <span title={id}>{say('removedPerson')}</span>;
  return <PageLink to={`/people/${id}`}>{data?.name ?? '…'}</PageLink>;
}

/** A door by what is written on it, as a link to the door's page. */
export function DoorName({ id }: { readonly id: string }): ReactNode {
  const api = useApi();
  const say = useTexts(partTexts);
  // Doors of the property that is looked at are there already: nothing is asked for each.
  const known = useLiveDoorIfAny(id)?.door;
  const { data, error } = useQuery({
    queryKey: ['doors', id],
    queryFn: ({ signal }) => api.doors.get(id, { signal }),
    enabled: known === undefined,
    staleTime: NAME_STALE_MS,
  });
  if (known === undefined && error && data === undefined) return <span title={id}>{say('removedDoor')}</span>;
  return <PageLink to={`/doors/${id}`}>{known?.name ?? data?.name ?? '…'}</PageLink>;
}

/** A gateway by name, as a link to the gateway's page. */
export function GatewayName({ id }: { readonly id: string }): ReactNode {
  const api = useApi();
  const say = useTexts(partTexts);
  const { data, error } = useQuery({
    queryKey: ['gateways', id],
    queryFn: ({ signal }) => api.gateways.get(id, { signal }),
    staleTime: NAME_STALE_MS,
  });
  if (error && data === undefined) return <span title={id}>{say('removedGateway')}</span>;
  return <PageLink to={`/gateways/${id}`}>{data?.name ?? '…'}</PageLink>;
}
