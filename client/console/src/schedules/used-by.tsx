import { useTexts } from '@cardea/client-ui';
import type { Schedule } from '@cardea/wire-api';
import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useActiveGrants } from '../grants/active-grants.ts';
import { ScopeName } from '../grants/scope-name.tsx';
import { pageTexts } from '../page-texts.ts';
import { DataTable } from '../parts/data-table.tsx';
import { PersonName } from '../parts/names.tsx';
import { Panel } from '../parts/page.tsx';
import { PageLink } from '../parts/page-link.tsx';
import { Loaded } from '../parts/states.tsx';
import { scheduleTexts } from './texts.ts';

/** The active grants that are read by a schedule. */
export function UsedBy({ schedule }: { readonly schedule: Schedule }): ReactNode {
  const say = useTexts(scheduleTexts);
  const sayPage = useTexts(pageTexts);
  const grants = useActiveGrants(schedule.property_id);
  return (
    <Panel title={say('usedBy')} padded={false}>
      <Loaded query={grants}>
        {(all) => {
          const users = all.filter(({ schedule_id: id }) => id === schedule.id);
          if (users.length === 0) {
            return (
              <Text size="sm" px="md" pb="md">
                {say('usedByNone')}
              </Text>
            );
          }
          return (
            <DataTable
              label={say('usedBy')}
              rows={users}
              rowKey={({ id }) => id}
              columns={[
                { key: 'person', title: say('person'), cell: ({ person_id: id }) => <PersonName id={id} /> },
                {
                  key: 'doors',
                  title: say('doors'),
                  cell: ({ scope, property_id: id }) => <ScopeName scope={scope} propertyId={id} />,
                },
                {
                  key: 'grant',
                  title: sayPage('grant'),
                  cell: ({ id }) => <PageLink to={`/grants/${id}`}>{sayPage('grant')}</PageLink>,
                },
              ]}
            />
          );
        }}
      </Loaded>
    </Panel>
  );
}
