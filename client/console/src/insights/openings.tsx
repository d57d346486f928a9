import { useTexts } from '@cardea/client-ui';
import type { Statistics } from '@cardea/wire-api';
import { BarChart } from '@mantine/charts';
import { SegmentedControl } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { STILL } from './chart-look.ts';
import { bucketLabel, formatNumber, percentOf, totalOf, WAYS } from './figures.ts';
import { Section } from './section.tsx';
import { insightTexts } from './texts.ts';

/** How often doors were opened, by the way in which. */
export function Openings({ counted }: { readonly counted: Statistics }): ReactNode {
  const say = useTexts(insightTexts);
  const [way, setWay] = useState<(typeof WAYS)[number] | 'all'>('all');
  const total = totalOf(counted.openings);
  const used = WAYS.filter((one) => counted.openings[one] > 0);
  const byUse = [...used].sort((a, b) => counted.openings[b] - counted.openings[a]);
  const parts = byUse.map((one) => {
    const count = counted.openings[one];
    return say('part', { name: say(one), count: formatNumber(count), percent: percentOf(count, total) });
  });
  const data = counted.buckets.map(({ start, openings }) => ({
    start: bucketLabel(counted, start),
    count: way === 'all' ? totalOf(openings) : openings[way],
  }));
  const summary = total === 0 ? say('nothing') : say('openingsSum', { count: total, parts: parts.join(', ') });
  return (
    <Section
      title={say('openings')}
      summary={summary}
      file="openings"
      figures={{
        heading: [say('start'), ...WAYS.map((one) => say(one))],
        rows: counted.buckets.map(({ start, openings }) => [
          bucketLabel(counted, start),
          ...WAYS.map((one) => openings[one]),
        ]),
      }}
    >
      {total > 0 && (
        <>
          {used.length > 1 && (
            <div className="insight-scroll">
              <SegmentedControl
                size="xs"
                aria-label={say('way')}
                value={way}
                onChange={(value) => setWay(used.find((one) => one === value) ?? 'all')}
                data={['all' as const, ...byUse].map((value) => ({ value, label: say(value) }))}
              />
            </div>
          )}
          <div role="img" aria-label={summary}>
            <BarChart
              h={220}
              data={data}
              dataKey="start"
              series={[{ name: 'count', label: way === 'all' ? say('openings') : say(way), color: 'teal.6' }]}
              valueFormatter={(value) => formatNumber(value)}
              {...STILL.bar}
            />
          </div>
        </>
      )}
    </Section>
  );
}
