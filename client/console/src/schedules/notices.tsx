import { formatDay, language, useTexts } from '@cardea/client-ui';
import type { ScheduleNotice } from '@cardea/wire-api';
import { Alert, List, Text } from '@mantine/core';
import { ClockIcon } from '@radix-ui/react-icons';
import type { ReactNode } from 'react';
import { useZone } from '../shell/property.tsx';
import { scheduleTexts } from './texts.ts';

/** What changes of the clocks make of a schedule's windows, in words; nothing where they touch none. */
export function Notices({ notices }: { readonly notices: readonly ScheduleNotice[] }): ReactNode {
  const say = useTexts(scheduleTexts);
  const zone = useZone();
  if (notices.length === 0) return null;
  return (
    <Alert color="yellow" icon={<ClockIcon />} title={say('clocks', { zone })} role="status">
      <List size="sm" spacing={4}>
        {notices.map((notice) => (
          <List.Item key={`${notice.date} ${notice.from} ${notice.to}`}>{noticeWords(say, notice)}</List.Item>
        ))}
      </List>
      <Text size="xs" c="dimmed" mt={6}>
        {say('clocksWhy')}
      </Text>
    </Alert>
  );
}

function noticeWords(
  say: ReturnType<typeof useTexts<'notOpen' | 'shorter' | 'longer'>>,
  { date, from, to, clocks, reads_min: reads, lasts_min: lasts }: ScheduleNotice,
): string {
  const values = { date: formatDay(date), from, to, reads: minutesWords(reads), lasts: minutesWords(lasts) };
  if (lasts === 0) return say('notOpen', values);
  return say(clocks === 'skip' ? 'shorter' : 'longer', values);
}

/** A length of time in hours and minutes: `9 h`, `8 h 30 min`. */
export function minutesWords(minutes: number): string {
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  const zh = language() === 'zh';
  const words = [
    hours > 0 && `${hours}${zh ? ' 小时' : ' h'}`,
    (rest > 0 || hours === 0) && `${rest}${zh ? ' 分钟' : ' min'}`,
  ].filter((part) => part !== false);
  return words.join(' ');
}
