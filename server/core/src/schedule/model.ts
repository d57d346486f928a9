/** A day of the week as schedules name it. */
export type Weekday = 'monday' | 'tuesday' | 'wednesday' | 'thursday' | 'friday' | 'saturday' | 'sunday';

/**
 * A window of the local day, from `from` (in it) to `to` (no longer in it), each `HH:MM`; `24:00` is the day's end, and
 * `to` at or before `from` is on the next day. It belongs to the day on which it starts.
 */
export interface DayWindow {
  readonly from: string;
  readonly to: string;
}

/** A window that comes back every week on these days. */
export interface WeeklyWindow extends DayWindow {
  readonly days: readonly Weekday[];
}

/** One day that has windows of its own; none: closed. */
export interface DayException {
  /** Local date, `YYYY-MM-DD`. */
  readonly date: string;
  readonly windows: readonly DayWindow[];
}

/** When a grant's doors may be opened, in the property's zone. An exception wins over a holiday, a holiday over the week. */
export interface Schedule {
  readonly id: string;
  readonly organizationId: string;
  readonly propertyId: string;
  readonly name: string;
  /** By which locks know it: 1 to 65,535, unique in its property, never given again. */
  readonly number: number;
  readonly weekly: readonly WeeklyWindow[];
  /** Closed on these days, or open in their own windows. */
  readonly holidays: readonly DayException[];
  /** Single days that differ. */
  readonly exceptions: readonly DayException[];
  readonly createdAt: number;
  /** Rises with each change: the ETag. */
  readonly version: number;
}
