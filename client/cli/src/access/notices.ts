import type { ScheduleNotice } from '@cardea/wire-api';
import { plain } from '../output/table.ts';

/** What the clocks do to a schedule, a line each; the same window again and again is said once, with how often. */
export function noticesText(notices: readonly ScheduleNotice[]): string {
  return notices.map(({ detail }) => `  ! ${plain(detail)}\n`).join('');
}
