import { EVENT_TYPES, eventWords, useApi, useTexts } from '@cardea/client-ui';
import type { Event } from '@cardea/wire-api';
import { Group, Select, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useDoors } from '../estate/use-estate.ts';
import { pageTexts } from '../page-texts.ts';
import { MoreButton } from '../parts/more-button.tsx';
import { Page, Panel } from '../parts/page.tsx';
import { PageLink } from '../parts/page-link.tsx';
import { Empty, Loaded } from '../parts/states.tsx';
import { When } from '../parts/when.tsx';
import { useScopes } from '../session/session.tsx';
import { useProperty } from '../shell/property.tsx';
import { EventList } from './event-list.tsx';
import { eventsPageTexts } from './events-page-texts.ts';
import { useEventRecord } from './use-event-record.ts';

/** The record of what happened, the newest first, live at its top. */
export function EventsPage(): ReactNode {
  const say = useTexts(eventsPageTexts);
  const sayPage = useTexts(pageTexts);
  const property = useProperty();
  const mayProve = useScopes()('audit:read');
  const doors = useDoors(property.id).data ?? [];
  const [doorId, setDoorId] = useState<string | null>(null);
  const [type, setType] = useState<string | null>(null);
  const types = EVENT_TYPES.map((value) => ({ value, label: eventWords({ type: value, detail: {} }).title })).sort(
    (a, b) => a.label.localeCompare(b.label),
  );
  const events = useEventRecord({ doorId: doorId ?? undefined, type: type ?? undefined });
  return (
    <Page title={sayPage('events')} lead={say('lead')}>
      <Group mb="md" gap="sm" align="end">
        <Select
          label={say('door')}
          placeholder={say('everyDoor')}
          data={doors.map(({ id, name }) => ({ value: id, label: name }))}
          value={doorId}
          onChange={setDoorId}
          limit={100}
          searchable
          clearable
        />
        <Select
          label={say('type')}
          placeholder={say('everyType')}
          data={types}
          value={type}
          onChange={setType}
          nothingFoundMessage={say('noType')}
          searchable
          clearable
          w="min(100%, 22rem)"
        />
      </Group>
      <Retention />
      <Panel>
        <Loaded query={events}>
          {(all) =>
            all.length === 0 ? (
              <Empty title={say('none')}>{say(doorId === null && type === null ? 'noneWhy' : 'noneFiltered')}</Empty>
            ) : (
              <>
                <EventList
                  label={sayPage('events')}
                  events={all}
                  more={(event) => <Details event={event} mayProve={mayProve} />}
                />
                <MoreButton more={events.more} />
              </>
            )
          }
        </Loaded>
      </Panel>
    </Page>
  );
}

/** The event as it is on record, and the way to its proof. */
function Details({ event, mayProve }: { readonly event: Event; readonly mayProve: boolean }): ReactNode {
  const say = useTexts(eventsPageTexts);
  const told = Object.entries(event.detail).filter(([, value]) => value !== null);
  return (
    <details className="event-details">
      <summary>{say('details')}</summary>
      <dl>
        <dt>{say('type')}</dt>
        <dd>{event.type}</dd>
        <dt>{say('id')}</dt>
        <dd>{event.id}</dd>
        <dt>{say('received')}</dt>
        <dd>
          <When at={event.received_at} seconds />
        </dd>
        {told.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{String(value)}</dd>
          </div>
        ))}
      </dl>
      {mayProve && (
        <PageLink to={`/audit?event=${event.id}`} size="sm">
          {say('prove')}
        </PageLink>
      )}
    </details>
  );
}

/** How long events are kept, where some are not kept any more. */
function Retention(): ReactNode {
  const api = useApi();
  const say = useTexts(eventsPageTexts);
  const { data } = useQuery({
    queryKey: ['events', 'retention'],
    queryFn: ({ signal }) => api.events.retention({ signal }),
    staleTime: 60_000,
  });
  if (data?.event_retention_days == null) return null;
  return (
    <Text size="xs" c="dimmed" mb="xs">
      {say('kept', { count: data.event_retention_days })}
    </Text>
  );
}
