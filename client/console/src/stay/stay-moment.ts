/**
 * A time as the API takes it of a stay: the day alone (`2026-11-22`, at the property's own time of arriving or leaving), or
 * with a time of day in the property's zone (`2026-11-22T12:00`). Undefined without a day.
 */
export function stayMoment(date: string, time: string): string | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) return undefined;
  return time === '' ? date : `${date}T${time}`;
}
