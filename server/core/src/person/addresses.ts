import { CoreError } from '../errors.ts';
import { checkEmail } from './emails.ts';
import type { Address } from './model.ts';

/** An E.164 number has at most 15 digits, and none is shorter than 7 with its country code. */
const PHONE = /^\+[1-9]\d{6,14}$/;
/** What people put between the digits of a phone number. */
const BETWEEN = /[\s()./-]/g;

/** A phone number in its one form, E.164 without blanks: `+4930123456`. @throws CoreError `invalid` */
export function checkPhoneNumber(field: string, value: string): string {
  const number = value.replace(BETWEEN, '');
  if (!PHONE.test(number)) {
    throw new CoreError('invalid', `${field} must be a phone number with its country code, such as +4930123456`, {
      field,
    });
  }
  return number;
}

/** Domain of sign-in names that nothing reaches (RFC 2606, 2): of people who gave no address. */
const NOWHERE = '@guest.invalid';

/** The sign-in name of somebody without an address. */
export function unreachableName(personId: string): string {
  return `${personId}${NOWHERE}`;
}

/** Whether a sign-in name is one of nobody's address. */
export function isUnreachable(address: string): boolean {
  return address.endsWith(NOWHERE);
}

/** An address by its looks: what begins with `+` is a phone number, the rest an e-mail address. @throws CoreError `invalid` */
export function checkAddress(field: string, value: string): Address {
  return value.trim().startsWith('+')
    ? { channel: 'sms', address: checkPhoneNumber(field, value) }
    : { channel: 'email', address: checkEmail(field, value) };
}
