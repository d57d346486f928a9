import { defineTexts } from '@cardea/client-ui';

/** What schedules say, and what daylight saving does to them. */
export const scheduleTexts = defineTexts('schedules', {
  lead: [
    'When doors may be opened, by the clocks of {{zone}}. Locks keep them too, and decide by them without the server.',
    '何时可以开门，按 {{zone}} 的当地时间。门锁也保存时间表，离线时据此判断。',
  ],
  clocks: ['Changes of the clocks ({{zone}})', '夏令时调整（{{zone}}）'],
  clocksWhy: [
    'The wall clock decides: a time that is skipped is never there, one that is repeated is open twice.',
    '以当地时钟为准：被跳过的时间不开放，重复的时间开放两次。',
  ],
  notOpen: [
    '{{date}}: {{from}}–{{to}} does not open at all; the clocks skip it.',
    '{{date}}：{{from}}–{{to}} 完全不开放，因为时钟跳过了这段时间。',
  ],
  shorter: [
    '{{date}}: {{from}}–{{to}} is open for {{lasts}} instead of {{reads}}; the clocks go forward.',
    '{{date}}：{{from}}–{{to}} 开放 {{lasts}}，而非 {{reads}}（时钟拨快）。',
  ],
  longer: [
    '{{date}}: {{from}}–{{to}} is open for {{lasts}} instead of {{reads}}; the clocks go back.',
    '{{date}}：{{from}}–{{to}} 开放 {{lasts}}，而非 {{reads}}（时钟拨慢）。',
  ],
});
