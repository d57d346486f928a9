import { useTexts } from '@cardea/client-ui';
import { Button } from '@mantine/core';
import { PlusIcon } from '@radix-ui/react-icons';
import { type ReactNode, useState } from 'react';
import { pageTexts } from '../page-texts.ts';
import { DataTable } from '../parts/data-table.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Page, Panel } from '../parts/page.tsx';
import { PageLink } from '../parts/page-link.tsx';
import { Empty, Loaded } from '../parts/states.tsx';
import { When } from '../parts/when.tsx';
import { useScopes } from '../session/session.tsx';
import { useProperty } from '../shell/property.tsx';
import { AddGateway } from './add-gateway.tsx';
import { useGateways } from './gateways-of.ts';
import { PresenceBadge } from './presence-badge.tsx';
import { gatewayTexts } from './texts.ts';

/** The gateways of a property with their presence; new ones are enrolled here. */
export function GatewaysPage(): ReactNode {
  const say = useTexts(gatewayTexts);
  const sayPage = useTexts(pageTexts);
  const property = useProperty();
  const gateways = useGateways(property.id);
  const mayAdd = useScopes()('gateways:write');
  const [adding, setAdding] = useState(false);
  const add = mayAdd && (
    <Button leftSection={<PlusIcon aria-hidden />} onClick={() => setAdding(true)}>
      {say('add')}
    </Button>
  );
  return (
    <Page title={sayPage('gateways')} lead={say('lead')} actions={add}>
      <Loaded query={gateways}>
        {(all) => (
          <Panel padded={false}>
            {all.length === 0 ? (
              <Empty title={say('none')}>{say('noneWhy')}</Empty>
            ) : (
              <DataTable
                label={sayPage('gateways')}
                rows={all}
                rowKey={({ id }) => id}
                columns={[
                  {
                    key: 'name',
                    title: say('name'),
                    cell: ({ id, name }) => <PageLink to={`/gateways/${id}`}>{name}</PageLink>,
                    sort: ({ name }) => name,
                  },
                  { key: 'state', title: say('state'), cell: (one) => <PresenceBadge gateway={one} /> },
                  { key: 'seen', title: say('seen'), cell: (one) => <When at={one.last_seen_at} distance /> },
                  {
                    key: 'heard',
                    title: say('heard'),
                    cell: (one) => one.locks_heard ?? '–',
                    sort: (one) => one.locks_heard,
                  },
                  { key: 'queue', title: say('queue'), cell: (one) => one.queue_length ?? '–' },
                ]}
              />
            )}
          </Panel>
        )}
      </Loaded>
      {adding && (
        <Dialog title={say('add')} size="lg" onClose={() => setAdding(false)}>
          <AddGateway property={property} />
        </Dialog>
      )}
    </Page>
  );
}
