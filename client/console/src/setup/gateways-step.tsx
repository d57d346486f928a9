import { useTexts } from '@cardea/client-ui';
import type { Property } from '@cardea/wire-api';
import { Divider, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { AddGateway } from '../gateways/add-gateway.tsx';
import { addGatewayTexts } from '../gateways/add-texts.ts';
import { useGateways } from '../gateways/gateways-of.ts';
import { DataTable } from '../parts/data-table.tsx';
import { StateBadge } from '../parts/state-badge.tsx';
import { Loaded } from '../parts/states.tsx';
import { When } from '../parts/when.tsx';

/** The gateways that are there, and one more. */
export function GatewaysStep({ property }: { readonly property: Property }): ReactNode {
  const say = useTexts(addGatewayTexts);
  const gateways = useGateways(property.id);
  return (
    <Loaded query={gateways}>
      {(all) => (
        <Stack gap="lg">
          <AddGateway property={property} />
          {all.length > 0 && (
            <>
              <Divider />
              <DataTable
                label={say('gateway')}
                rows={all}
                rowKey={({ id }) => id}
                columns={[
                  { key: 'name', title: say('gateway'), cell: ({ name }) => name },
                  {
                    key: 'state',
                    title: say('state'),
                    cell: ({ online, state }) => (
                      <StateBadge tone={online ? 'good' : state === 'enrolling' ? 'info' : 'warn'}>
                        {say(online ? 'isOnline' : state === 'enrolling' ? 'enrolling' : 'isOffline')}
                      </StateBadge>
                    ),
                  },
                  { key: 'seen', title: say('seen'), cell: (one) => <When at={one.last_seen_at} distance /> },
                ]}
              />
            </>
          )}
        </Stack>
      )}
    </Loaded>
  );
}
