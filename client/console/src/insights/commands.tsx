import { useTexts } from '@cardea/client-ui';
import type { Statistics } from '@cardea/wire-api';
import { LineChart } from '@mantine/charts';
import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { STILL } from './chart-look.ts';
import { Reasons } from './denials.tsx';
import { bucketLabel, formatDuration, formatNumber, percentOf } from './figures.ts';
import { OperationTable, operationName } from './operation-table.tsx';
import { Section } from './section.tsx';
import { insightTexts } from './texts.ts';

/** How commands ended, and how long those that succeeded took. */
export function Commands({ counted }: { readonly counted: Statistics }): ReactNode {
  const say = useTexts(insightTexts);
  const total = counted.commands.reduce((sum, one) => sum + one.total, 0);
  const succeeded = counted.commands.reduce((sum, one) => sum + one.succeeded, 0);
  // Of unlocking where there is any: that is what somebody waits for at a door.
  const main = counted.commands.find(({ operation }) => operation === 'unlock') ?? counted.commands[0];
  const summary =
    total === 0
      ? say('nothing')
      : main?.p50_ms == null
        ? say('commandsSumNone', { count: formatNumber(total) })
        : say('commandsSum', {
            count: formatNumber(total),
            percent: percentOf(succeeded, total),
            operation: operationName(say, main.operation),
            p50: formatDuration(say, main.p50_ms),
            p95: formatDuration(say, main.p95_ms),
          });
  const inSeconds = (ms: number | null): number | null => (ms === null ? null : ms / 1000);
  return (
    <Section
      title={say('commands')}
      summary={summary}
      file="commands"
      figures={{
        heading: [
          say('start'),
          say('total'),
          say('succeeded'),
          say('failed'),
          say('expired'),
          say('median'),
          say('p95'),
        ],
        rows: counted.buckets.map(({ start, commands: one }) => [
          bucketLabel(counted, start),
          one.total,
          one.succeeded,
          one.failed,
          one.expired,
          inSeconds(one.p50_ms),
          inSeconds(one.p95_ms),
        ]),
      }}
    >
      {total > 0 && (
        <>
          {succeeded > 0 && (
            <div role="img" aria-label={summary}>
              <LineChart
                h={200}
                withLegend
                data={counted.buckets.map(({ start, commands: one }) => ({
                  start: bucketLabel(counted, start),
                  p50: inSeconds(one.p50_ms),
                  p95: inSeconds(one.p95_ms),
                }))}
                dataKey="start"
                series={[
                  { name: 'p50', label: say('median'), color: 'teal.6' },
                  { name: 'p95', label: say('p95Dashed'), color: 'violet.6', strokeDasharray: '6 4' },
                ]}
                valueFormatter={(value) => formatDuration(say, value * 1000)}
                {...STILL.line}
              />
            </div>
          )}
          <OperationTable commands={counted.commands} />
          {counted.command_failures.length > 0 && (
            <>
              <Text size="sm" fw={600}>
                {say('failures')}
              </Text>
              <Reasons label={say('reason')} reasons={counted.command_failures} />
            </>
          )}
        </>
      )}
    </Section>
  );
}
