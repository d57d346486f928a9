import { useApi, useTexts } from '@cardea/client-ui';
import type { GatewayRadio } from '@cardea/wire-api';
import { Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { DataTable } from '../parts/data-table.tsx';
import { Facts } from '../parts/facts.tsx';
import { Panel } from '../parts/page.tsx';
import { PageLink } from '../parts/page-link.tsx';
import { Loaded } from '../parts/states.tsx';
import { When } from '../parts/when.tsx';
import { GATEWAYS_KEY } from './gateways-of.ts';
import { gatewayTexts } from './texts.ts';
import { reasonWord, strengthOf } from './words.ts';

const LOOK_AGAIN_MS = 10_000;

/** What a gateway hears, how its connections go, and when it was away. */
export function Radio({ id }: { readonly id: string }): ReactNode {
  const api = useApi();
  const radio = useQuery({
    queryKey: [...GATEWAYS_KEY, id, 'radio'],
    queryFn: ({ signal }) => api.gateways.radio(id, { signal }),
    refetchInterval: LOOK_AGAIN_MS,
  });
  return (
    <Loaded query={radio}>
      {({ heard, connections, offline }) => (
        <>
          <HeardLocks heard={heard} />
          <Connections connections={connections} />
          <Spells offline={offline} />
        </>
      )}
    </Loaded>
  );
}

function HeardLocks({ heard }: Pick<GatewayRadio, 'heard'>): ReactNode {
  const say = useTexts(gatewayTexts);
  if (heard.length === 0) {
    return (
      <Panel title={say('radio')}>
        <Text size="sm">{say('radioNone')}</Text>
      </Panel>
    );
  }
  return (
    <Panel title={say('radio')} padded={false}>
      <DataTable
        label={say('radio')}
        rows={heard}
        rowKey={(one) => one.lock_id}
        columns={[
          {
            key: 'door',
            title: say('door'),
            cell: ({ door_id: doorId, door_name: name, identifier }) =>
              doorId === null ? `${identifier}, ${say('noDoor')}` : <PageLink to={`/doors/${doorId}`}>{name}</PageLink>,
            sort: (one) => one.door_name,
          },
          {
            key: 'strength',
            title: say('strength'),
            cell: ({ rssi_dbm: value }) =>
              value === null ? say('unknown') : say('dbm', { value, word: say(strengthOf(value)) }),
            sort: (one) => one.rssi_dbm,
          },
          { key: 'last', title: say('last'), cell: (one) => <When at={one.heard_at} distance /> },
        ]}
      />
    </Panel>
  );
}

function Connections({ connections }: Pick<GatewayRadio, 'connections'>): ReactNode {
  const say = useTexts(gatewayTexts);
  const { made, failed, p50_ms: p50, p95_ms: p95, failures } = connections;
  const seconds = (ms: number | null): string =>
    ms === null ? '–' : say('seconds', { value: (ms / 1000).toFixed(1) });
  const why = failures.map(({ reason, count }) => `${reasonWord(say, reason)} (${count})`).join(', ');
  return (
    <Panel title={say('connections')}>
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          {say('connectionsWhy')}
        </Text>
        <Facts
          facts={[
            { name: say('made'), value: made },
            { name: say('failed'), value: failed },
            { name: say('median'), value: seconds(p50) },
            { name: say('p95'), value: seconds(p95) },
            ...(why === '' ? [] : [{ name: say('why'), value: why }]),
          ]}
        />
      </Stack>
    </Panel>
  );
}

function Spells({ offline }: Pick<GatewayRadio, 'offline'>): ReactNode {
  const say = useTexts(gatewayTexts);
  if (offline.length === 0) {
    return (
      <Panel title={say('spells')}>
        <Text size="sm">{say('spellsNone')}</Text>
      </Panel>
    );
  }
  return (
    <Panel title={say('spells')} padded={false}>
      <DataTable
        label={say('spells')}
        rows={offline}
        rowKey={({ from }) => from}
        columns={[
          { key: 'from', title: say('from'), cell: ({ from }) => <When at={from} seconds /> },
          { key: 'to', title: say('to'), cell: ({ to }) => (to === null ? say('still') : <When at={to} seconds />) },
        ]}
      />
    </Panel>
  );
}
