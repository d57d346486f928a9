import type { Schedule } from '@cardea/wire-api';
import { describe, expect, it } from 'vitest';
import { bodyOf, draftFaults, draftOf, emptyDraft, endsNextDay, runsOf } from '../src/schedules/draft.ts';
import { scheduleWords, weeklyWords } from '../src/schedules/window-words.ts';

const schedule: Pick<Schedule, 'name' | 'weekly' | 'holidays' | 'exceptions'> = {
  name: 'Nights',
  weekly: [
    { days: ['friday', 'monday', 'tuesday'], from: '22:00', to: '06:00' },
    { days: ['sunday'], from: '00:00', to: '24:00' },
  ],
  holidays: [{ date: '2026-12-25', windows: [] }],
  exceptions: [{ date: '2026-12-24', windows: [{ from: '08:00', to: '12:00' }] }],
};

describe('a schedule in a form', () => {
  it('goes in and out as it was, but for the end of the day, which is the midnight that it is', () => {
    expect(bodyOf(draftOf(schedule))).toEqual({
      ...schedule,
      weekly: [
        { days: ['monday', 'tuesday', 'friday'], from: '22:00', to: '06:00' },
        { days: ['sunday'], from: '00:00', to: '00:00' },
      ],
    });
  });

  it('says which row is not whole, each by its own key', () => {
    const draft = emptyDraft();
    expect([...draftFaults({ ...draft, name: 'x' })]).toEqual([]);
    const day = { key: 900, kind: 'holiday' as const, date: '2026-12-25', windows: [] };
    const faults = draftFaults({
      name: ' ',
      weekly: [{ key: 901, days: [], from: '08:00', to: '' }],
      days: [
        day,
        { ...day, key: 902 },
        { ...day, key: 903, kind: 'exception' },
        { ...day, key: 904, date: '', windows: [{ key: 905, from: '', to: '10:00' }] },
      ],
    });
    expect([...faults]).toEqual([
      'name',
      'weekly 901 days',
      'weekly 901 times',
      'day 902 twice',
      'day 904 date',
      'day 904 905 times',
    ]);
  });

  it('knows a window that goes on into the next day', () => {
    expect(endsNextDay({ from: '22:00', to: '06:00' })).toBe(true);
    expect(endsNextDay({ from: '08:00', to: '08:00' })).toBe(true);
    expect(endsNextDay({ from: '08:00', to: '18:00' })).toBe(false);
    expect(endsNextDay({ from: '08:00', to: '' })).toBe(false);
  });

  it('is said in a line, runs of days together', () => {
    expect(runsOf(['sunday', 'monday', 'tuesday', 'wednesday'])).toEqual([
      [0, 2],
      [6, 6],
    ]);
    expect(weeklyWords({ days: ['monday', 'tuesday', 'wednesday', 'saturday'], from: '08:00', to: '18:00' })).toBe(
      'Mon–Wed, Sat 08:00–18:00',
    );
    expect(scheduleWords(schedule)).toBe('Mon–Tue, Fri 22:00–06:00 (next day); Sun 00:00–24:00 · 2 days differ');
    expect(scheduleWords({ weekly: [], holidays: [], exceptions: [] })).toBe('no window');
  });
});
