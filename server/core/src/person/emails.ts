import { CoreError } from '../errors.ts';

/** A sign-in name in its one form: lower case, trimmed, one `@` with something on both sides. @throws CoreError `invalid` */
export function checkEmail(field: string, value: string): string {
  const email = value.trim().toLowerCase();
  const [local = '', domain = '', ...more] = email.split('@');
  const shaped = local !== '' && domain !== '' && more.length === 0 && !/[\s\p{Cc}]/u.test(email);
  if (!shaped || email.length > 254) {
    throw new CoreError('invalid', `${field} must be an e-mail address`, { field });
  }
  return email;
}
