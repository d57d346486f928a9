import { chooseLanguage, formatDistance, formatMoment, formatTimeOfDay } from '@cardea/client-ui';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

const AT = '2026-03-29T00:30:05Z';

beforeEach(() => vi.stubGlobal('localStorage', { setItem: () => {} }));
afterEach(async () => {
  await chooseLanguage('en');
  vi.unstubAllGlobals();
});

it('a moment is told by the clocks of its own zone, whatever zone was asked for before', () => {
  expect(formatMoment(AT, 'Europe/Berlin')).toBe('29 Mar 2026, 01:30');
  expect(formatMoment(AT, 'Asia/Shanghai')).toBe('29 Mar 2026, 08:30');
  expect(formatMoment(AT, 'Europe/Berlin', { seconds: true, named: true })).toBe('29 Mar 2026, 01:30:05 CET');
  expect(formatTimeOfDay(AT, 'Europe/Berlin')).toBe('01:30');
  expect(formatTimeOfDay(AT, 'Europe/Berlin', { seconds: true })).toBe('01:30:05');
});

it('a moment is told in the language that is chosen meanwhile', async () => {
  expect(formatMoment(AT, 'Europe/Berlin')).toBe('29 Mar 2026, 01:30');
  await chooseLanguage('zh');
  expect(formatMoment(AT, 'Europe/Berlin')).toBe('2026年3月29日 01:30');
  expect(formatDistance(AT, Date.parse(AT) + 180_000)).toBe('3分钟前');
});

it.each([
  [-180, '3 minutes ago'],
  [7_200, 'in 2 hours'],
  [86_400, 'tomorrow'],
  [0, 'now'],
])('%s s from now are %s', (seconds, words) => {
  const now = Date.parse(AT);
  expect(formatDistance(new Date(now + seconds * 1000).toISOString(), now)).toBe(words);
});
