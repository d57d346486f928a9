import type { CheckFacts } from './facts.ts';
import { about, type Rule, whole } from './finding.ts';
import type { FindingSubject } from './model.ts';

const DAY_MS = 86_400_000;
/** An API token that works longer than this, from now, is worth a look. */
const LONG_TOKEN_DAYS = 90;

const personOf = ({ id, name }: { readonly id: string; readonly name: string }): FindingSubject => ({
  kind: 'person',
  id,
  name,
});

/** Whoever can manage locks or give access signs in by a password alone. */
export const secondFactors: Rule<CheckFacts> = ({ staff }) =>
  about(
    { id: 'second_factors', where: 'people', level: 'warning' },
    staff.filter(({ secondFactor }) => !secondFactor).map(personOf),
    {
      ok: 'Everybody who manages locks or gives access has a second factor.',
      found: (count) => `People who can manage locks or give access by a password alone: ${count}.`,
    },
  );

/** Nothing asks for a second factor. */
export const secondFactorPolicy: Rule<CheckFacts> = ({ policy }) =>
  policy.secondFactor === 'required'
    ? whole({ id: 'second_factor_policy', where: 'sign_in_policy' }, 'ok', 'A second factor is required of staff.')
    : whole(
        { id: 'second_factor_policy', where: 'sign_in_policy' },
        'advice',
        'A second factor is optional: require it of everybody who manages locks or gives access.',
      );

/** Strangers may make themselves accounts. */
export const openRegistration: Rule<CheckFacts> = ({ policy }) =>
  policy.registration === 'invited'
    ? whole({ id: 'open_registration', where: 'sign_in_policy' }, 'ok', 'Accounts are made by invitation alone.')
    : whole(
        { id: 'open_registration', where: 'sign_in_policy' },
        'advice',
        'Whoever proves an address can make an account. It opens nothing; where nobody needs that, let staff invite.',
      );

/** Somebody else knows the password. */
export const initialPasswords: Rule<CheckFacts> = ({ staff }) =>
  about(
    { id: 'initial_passwords', where: 'people', level: 'warning' },
    staff.filter(({ mustChangePassword }) => mustChangePassword).map(personOf),
    {
      ok: 'No member of staff has a password that somebody else has set.',
      found: (count) => `Staff who have not changed the password that was given to them: ${count}.`,
    },
  );

/** API tokens that work for long. */
export const longTokens: Rule<CheckFacts> = ({ tokens, now }) =>
  about(
    { id: 'long_tokens', where: 'tokens', level: 'advice' },
    tokens
      .filter(({ expiresAt }) => expiresAt - now > LONG_TOKEN_DAYS * DAY_MS)
      .map(({ id, name }) => ({ kind: 'token', id, name })),
    {
      ok: `No API token works for more than ${LONG_TOKEN_DAYS} days from now.`,
      found: (count) =>
        `API tokens that work for more than ${LONG_TOKEN_DAYS} days from now: ${count}. Make new ones that end sooner.`,
    },
  );

/** Guests whose grants nothing ends. */
export const endlessGrants: Rule<CheckFacts> = ({ endless }) =>
  about(
    { id: 'endless_grants', where: 'grants', level: 'advice' },
    endless.map(({ id, personName }) => ({ kind: 'grant', id, name: personName })),
    {
      ok: 'Every grant of a guest has an end.',
      found: (count) => `Grants of guests that nothing ends: ${count}.`,
    },
  );
