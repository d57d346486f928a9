import { LOW_BATTERY_PERCENT } from '@cardea/client-sdk';
import { useTexts } from '@cardea/client-ui';
import type { BatteryState, Statistics } from '@cardea/wire-api';
import { Sparkline } from '@mantine/charts';
import { Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { DataTable } from '../parts/data-table.tsx';
import { PageLink } from '../parts/page-link.tsx';
import { StateBadge } from '../parts/state-badge.tsx';
import { When } from '../parts/when.tsx';
import { formatNumber } from './figures.ts';
import { Section } from './section.tsx';
import { insightTexts } from './texts.ts';

/** So many, the lowest, are shown. */
const SHOWN = 20;

/** The charge of every battery as it was proved last, lowest first. */
export function Batteries({ counted: { batteries } }: { readonly counted: Statistics }): ReactNode {
  const say = useTexts(insightTexts);
  const [lowest] = batteries;
  const low = batteries.filter(({ percent }) => percent <= LOW_BATTERY_PERCENT).length;
  const shown = batteries.slice(0, SHOWN);
  return (
    <Section
      title={say('batteries')}
      summary={
        lowest === undefined
          ? say('noBattery')
          : say('batteriesSum', {
              low: formatNumber(low),
              count: formatNumber(batteries.length),
              percent: LOW_BATTERY_PERCENT,
              lowest: lowest.percent,
              door: lowest.door_name,
            })
      }
      file="batteries"
      figures={{
        heading: [say('door'), say('percent'), say('proved')],
        rows: batteries.map((one) => [one.door_name, one.percent, one.proved_at]),
      }}
    >
      {shown.length > 0 && (
        <>
          <DataTable
            label={say('batteries')}
            rows={shown}
            rowKey={({ lock_id: id }) => id}
            columns={[
              {
                key: 'door',
                title: say('door'),
                cell: ({ door_id: id, door_name: name }) => <PageLink to={`/doors/${id}`}>{name}</PageLink>,
                sort: (one) => one.door_name,
              },
              {
                key: 'percent',
                title: say('percent'),
                cell: ({ percent }) => (
                  <Group gap="xs" component="span" wrap="nowrap">
                    {percent} %{percent <= LOW_BATTERY_PERCENT && <StateBadge tone="warn">{say('low')}</StateBadge>}
                  </Group>
                ),
                sort: (one) => one.percent,
              },
              { key: 'trend', title: say('trend'), cell: (one) => <Trend battery={one} /> },
              { key: 'proved', title: say('proved'), cell: (one) => <When at={one.proved_at} distance /> },
            ]}
          />
          {batteries.length > SHOWN && (
            <Text size="xs" c="dimmed">
              {say('lowestShown', { count: SHOWN })}
            </Text>
          )}
        </>
      )}
    </Section>
  );
}

function Trend({ battery: { series } }: { readonly battery: BatteryState }): ReactNode {
  const say = useTexts(insightTexts);
  const first = series[0]?.percent;
  const last = series.at(-1)?.percent;
  if (first === undefined || last === undefined || first === last) return say('unchanged');
  return (
    <Group gap="xs" wrap="nowrap" component="span">
      {series.length > 1 && (
        <span aria-hidden>
          <Sparkline w={72} h={20} data={series.map(({ percent }) => percent)} color="teal.6" curveType="linear" />
        </span>
      )}
      <span>{say('fell', { first, last })}</span>
    </Group>
  );
}
