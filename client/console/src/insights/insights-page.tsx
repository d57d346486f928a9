import '@mantine/charts/styles.css';
import './insights.css';
import { useApi, useTexts } from '@cardea/client-ui';
import { SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { pageTexts } from '../page-texts.ts';
import { Page } from '../parts/page.tsx';
import { Loaded } from '../parts/states.tsx';
import { useProperty } from '../shell/property.tsx';
import { Batteries } from './batteries.tsx';
import { Commands } from './commands.tsx';
import { Denials } from './denials.tsx';
import { Openings } from './openings.tsx';
import { insightTexts } from './texts.ts';

const DAY_MS = 86_400_000;
/** The periods that can be chosen, with their buckets. */
const RANGES = {
  day: { days: 1, bucket: 'hour' },
  week: { days: 7, bucket: 'day' },
  month: { days: 30, bucket: 'day' },
  year: { days: 365, bucket: 'day' },
} as const;
const NAMES = ['day', 'week', 'month', 'year'] as const;
const FRESH_MS = 60_000;

/** How a property's doors are used: openings, denials, commands, batteries. */
export function InsightsPage(): ReactNode {
  const api = useApi();
  const say = useTexts(insightTexts);
  const sayPage = useTexts(pageTexts);
  const { id: propertyId } = useProperty();
  const [range, setRange] = useState<keyof typeof RANGES>('week');
  const { days, bucket } = RANGES[range];
  const counted = useQuery({
    queryKey: ['statistics', propertyId, range],
    queryFn: ({ signal }) => {
      const now = Date.now();
      const at = (ms: number): string => new Date(ms).toISOString();
      return api.statistics(
        { property_id: propertyId, bucket, from: at(now - days * DAY_MS), to: at(now) },
        { signal },
      );
    },
    staleTime: FRESH_MS,
  });
  return (
    <Page title={sayPage('insights')} lead={say('lead')}>
      <SegmentedControl
        mb="md"
        size="xs"
        aria-label={say('range')}
        value={range}
        onChange={(value) => setRange(NAMES.find((one) => one === value) ?? 'week')}
        data={NAMES.map((value) => ({ value, label: say(value) }))}
      />
      <Loaded query={counted}>
        {(statistics) => (
          <>
            <Openings counted={statistics} />
            <Denials counted={statistics} />
            <Commands counted={statistics} />
            <Batteries counted={statistics} />
          </>
        )}
      </Loaded>
    </Page>
  );
}
