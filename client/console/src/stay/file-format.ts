/** What a file of reservations is, by its first line that says something: iCalendar (RFC 5545) names itself. */
export function fileFormat(text: string): 'csv' | 'ical' {
  return /^\uFEFF?\s*BEGIN:VCALENDAR/i.test(text) ? 'ical' : 'csv';
}
