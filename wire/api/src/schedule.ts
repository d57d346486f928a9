import Type, { type Static } from 'typebox';
import { Id, Name, page, pageQuery, strict, Time } from './common.ts';

const Minute = Type.String({
  pattern: '^([01]\\d|2[0-3]):[0-5]\\d$|^24:00$',
  description: "Local time, `08:30`; `24:00` is the day's end.",
});
const LocalDate = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: 'Local date, `2026-12-25`.' });

/** Days of the week. */
export const Weekday = Type.Enum(['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'], {
  title: 'Weekday',
});
export type Weekday = Static<typeof Weekday>;

/** From `from` up to but not at `to`, by the wall clock; `to` at or before `from` is on the next day. */
export const DayWindow = strict({ from: Minute, to: Minute });
export type DayWindow = Static<typeof DayWindow>;

/** A window that comes back every week on these days, on which it starts. */
export const WeeklyWindow = strict({
  days: Type.Array(Weekday, { minItems: 1, maxItems: 7 }),
  from: Minute,
  to: Minute,
});
export type WeeklyWindow = Static<typeof WeeklyWindow>;

/** A day with windows of its own instead of those of the week; none: closed. */
export const DayException = strict({ date: LocalDate, windows: Type.Array(DayWindow, { maxItems: 8 }) });
export type DayException = Static<typeof DayException>;

const terms = {
  name: Name,
  weekly: Type.Array(WeeklyWindow, { maxItems: 32 }),
  holidays: Type.Array(DayException, { maxItems: 100, description: 'Closed, or open in their own windows.' }),
  exceptions: Type.Array(DayException, { maxItems: 100, description: 'Single days; they win over holidays.' }),
};

/** When doors may be opened, by the wall clock of the property's zone. */
export const Schedule = Type.Object(
  {
    id: Id,
    property_id: Id,
    number: Type.Integer({ minimum: 1, maximum: 65_535, description: 'By which locks know it.' }),
    ...terms,
    created_at: Time,
    version: Type.Integer({ minimum: 1 }),
  },
  { title: 'Schedule' },
);
export type Schedule = Static<typeof Schedule>;

/** A window that a change of the clocks makes shorter or longer than it reads. */
export const ScheduleNotice = Type.Object(
  {
    date: LocalDate,
    from: Type.String(),
    to: Type.String(),
    clocks: Type.Enum(['skip', 'repeat']),
    changes_at: Time,
    reads_min: Type.Integer({ minimum: 0, description: 'How long the window reads, minutes.' }),
    lasts_min: Type.Integer({ minimum: 0, description: 'How long it is open, minutes; 0: not at all.' }),
    detail: Type.String(),
  },
  { title: 'ScheduleNotice' },
);
export type ScheduleNotice = Static<typeof ScheduleNotice>;

/** What the clocks do to it within 400 days. */
export const notices = { notices: Type.Array(ScheduleNotice) };

/** A schedule as it was made or changed, with what the clocks do to it. */
export const ScheduleAnswer = Type.Object({ ...Schedule.properties, ...notices }, { title: 'ScheduleAnswer' });
export type ScheduleAnswer = Static<typeof ScheduleAnswer>;

/** Body of POST /v1/schedules. */
export const NewSchedule = strict({
  property_id: Id,
  name: Name,
  weekly: Type.Optional(terms.weekly),
  holidays: Type.Optional(terms.holidays),
  exceptions: Type.Optional(terms.exceptions),
});
export type NewSchedule = Static<typeof NewSchedule>;

/** Body of PATCH /v1/schedules/{id}: what is named is replaced, the rest stays. */
export const ChangeSchedule = strict({
  name: Type.Optional(Name),
  weekly: Type.Optional(terms.weekly),
  holidays: Type.Optional(terms.holidays),
  exceptions: Type.Optional(terms.exceptions),
});
export type ChangeSchedule = Static<typeof ChangeSchedule>;

/** Query of GET /v1/schedules. */
export const ScheduleQuery = strict({ ...pageQuery, property_id: Type.Optional(Id) });

/** A page of schedules. */
export const SchedulePage = page(Schedule);
