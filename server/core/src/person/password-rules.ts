import type { Secret } from '@cardea/kit-runtime';
import { CoreError } from '../errors.ts';

/** Shortest password. */
export const PASSWORD_LEAST_CHARACTERS = 12;
/** Longest password: bounds what hashing costs. */
export const PASSWORD_MOST_CHARACTERS = 256;

/**
 * Refuses a password that is too short or long, or is the person's own name or e-mail address or a part of them with a
 * few characters around (NIST SP 800-63B 3.1.1.2: context-specific words; no rules of composition).
 * @throws CoreError `invalid`
 */
export function checkPassword(field: string, password: Secret<string>, person: { name: string; email: string }): void {
  const text = password.reveal();
  const refuse = (why: string): never => {
    throw new CoreError('invalid', why, { field });
  };
  if ([...text].length < PASSWORD_LEAST_CHARACTERS) {
    refuse(`the password must have at least ${PASSWORD_LEAST_CHARACTERS} characters`);
  }
  if (text.length > PASSWORD_MOST_CHARACTERS) {
    refuse(`the password must have at most ${PASSWORD_MOST_CHARACTERS} characters`);
  }
  const plain = text.toLowerCase();
  const words = [person.name.toLowerCase(), person.email.toLowerCase(), person.email.toLowerCase().split('@')[0] ?? ''];
  const left = words.filter((word) => word.length >= 4).reduce((rest, word) => rest.split(word).join(''), plain);
  if (words.includes(plain) || left.length < plain.length - left.length) {
    refuse('the password must not be made of the name or the e-mail address');
  }
  if (new Set(plain).size < 5) refuse('the password must have at least 5 different characters');
}
