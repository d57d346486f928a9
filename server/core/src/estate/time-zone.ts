import { CoreError } from '../errors.ts';

/** An IANA time zone by its name, such as `Europe/Berlin`. @throws CoreError `invalid` */
export function checkTimeZone(field: string, value: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: value }).resolvedOptions().timeZone && value;
  } catch {
    throw new CoreError('invalid', `${field} must be an IANA time zone such as Europe/Berlin`, { field });
  }
}
