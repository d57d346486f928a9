import { useTexts } from '@cardea/client-ui';
import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { EventList } from '../events/event-list.tsx';
import { useEventRecord } from '../events/use-event-record.ts';
import { Panel } from '../parts/page.tsx';
import { PageLink } from '../parts/page-link.tsx';
import { Loaded } from '../parts/states.tsx';
import { useProperty } from '../shell/property.tsx';
import { overviewTexts } from './texts.ts';

/** So many of the newest events. */
const SHOWN = 8;

/** What happened last at the property, and what belongs to none, live. */
export function Activity(): ReactNode {
  const say = useTexts(overviewTexts);
  const { id: here } = useProperty();
  const events = useEventRecord({});
  return (
    <Panel
      title={say('activity')}
      actions={
        <PageLink to="/events" size="sm">
          {say('allEvents')}
        </PageLink>
      }
    >
      <Loaded query={events}>
        {(all) => {
          const newest = all.filter(({ property_id: at }) => at === null || at === here).slice(0, SHOWN);
          return newest.length === 0 ? (
            <Text c="dimmed">{say('noActivity')}</Text>
          ) : (
            <EventList label={say('activity')} events={newest} />
          );
        }}
      </Loaded>
    </Panel>
  );
}
