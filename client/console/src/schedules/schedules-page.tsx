import { useTexts } from '@cardea/client-ui';
import { Button } from '@mantine/core';
import { PlusIcon } from '@radix-ui/react-icons';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { pageTexts } from '../page-texts.ts';
import { DataTable } from '../parts/data-table.tsx';
import { Page, Panel } from '../parts/page.tsx';
import { PageLink } from '../parts/page-link.tsx';
import { Empty, Loaded } from '../parts/states.tsx';
import { useScopes } from '../session/session.tsx';
import { useProperty } from '../shell/property.tsx';
import { useSchedules } from './schedules-of.ts';
import { scheduleTexts } from './texts.ts';
import { scheduleWords } from './window-words.ts';

/** The schedules of a property. */
export function SchedulesPage(): ReactNode {
  const say = useTexts(scheduleTexts);
  const sayPage = useTexts(pageTexts);
  const property = useProperty();
  const schedules = useSchedules(property.id);
  const add = useScopes()('grants:write') && (
    <Button component={Link} href="/schedules/new" leftSection={<PlusIcon aria-hidden />}>
      {say('add')}
    </Button>
  );
  return (
    <Page title={sayPage('schedules')} lead={say('lead', { zone: property.time_zone })} actions={add}>
      <Loaded query={schedules}>
        {(all) => (
          <Panel padded={false}>
            {all.length === 0 ? (
              <Empty title={say('none')}>{say('noneWhy')}</Empty>
            ) : (
              <DataTable
                label={sayPage('schedules')}
                rows={all}
                rowKey={({ id }) => id}
                columns={[
                  {
                    key: 'name',
                    title: say('name'),
                    cell: ({ id, name }) => <PageLink to={`/schedules/${id}`}>{name}</PageLink>,
                    sort: ({ name }) => name,
                  },
                  { key: 'when', title: say('when'), cell: scheduleWords },
                ]}
              />
            )}
          </Panel>
        )}
      </Loaded>
    </Page>
  );
}
