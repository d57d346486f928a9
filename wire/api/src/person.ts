import Type, { type Static } from 'typebox';
import { Id, Name, nullable, page, strict, Time } from './common.ts';
import { Role, Scope } from './scope.ts';

/** Somebody's e-mail address, which is also the sign-in name. Whoever has registered by phone signs in by its number. */
export const Email = Type.String({ format: 'email', maxLength: 254 });

/** A password to be set: 12 to 200 characters. */
export const NewPassword = Type.String({ minLength: 12, maxLength: 200 });

/** A password to be checked. */
const GivenPassword = Type.String({ minLength: 1, maxLength: 200 });

/** A person of the organization. */
export const Person = Type.Object(
  {
    id: Id,
    name: Name,
    email: Type.String(),
    role: Role,
    must_change_password: Type.Boolean(),
    created_at: Time,
  },
  { title: 'Person' },
);
export type Person = Static<typeof Person>;

/** A page of persons. */
export const PersonPage = page(Person);

/** Body of POST /v1/persons. */
export const NewPerson = strict({ name: Name, email: Email, role: Role, password: NewPassword });
export type NewPerson = Static<typeof NewPerson>;

/**
 * Asks for the session in a cookie that no script can read, for pages of this server alone: `token` is null in the answer
 * then (docs/web.md).
 */
export const InCookie = Type.Boolean({ description: 'Put the token into the cookie `__Host-cardea` instead.' });

/**
 * Body of POST /v1/sessions; without `organization_id` it is the installation's own organization. `email` is the sign-in name
 * or any address that was proved, a phone number too; `device` is what the list of sessions calls this one.
 */
export const SignIn = strict({
  email: Type.String({ minLength: 1, maxLength: 254 }),
  password: GivenPassword,
  organization_id: Type.Optional(Id),
  device: Type.Optional(Type.String({ maxLength: 100 })),
  cookie: Type.Optional(InCookie),
});
export type SignIn = Static<typeof SignIn>;

/** A session: `token` goes into `Authorization: Bearer`, and is shown this once; null where the cookie has it. */
export const Session = Type.Object(
  { token: nullable(Type.String()), expires_at: Time, person: Person },
  { title: 'Session' },
);
export type Session = Static<typeof Session>;

/** Body of POST /v1/password. */
export const ChangePassword = strict({ current_password: GivenPassword, new_password: NewPassword });
export type ChangePassword = Static<typeof ChangePassword>;

/** Who the bearer of the token is and what it may do. */
export const Me = Type.Object(
  {
    organization_id: Id,
    organization_name: Type.String(),
    person_id: Id,
    name: Type.String(),
    email: Type.String({ description: 'The sign-in name: a phone number where that was registered.' }),
    token_id: Id,
    role: Role,
    scopes: Type.Array(Scope),
    must_change_password: Type.Boolean(),
    demo: Type.Boolean({ description: 'Whether this is a demo estate, whose locks are virtual.' }),
  },
  { title: 'Me' },
);
export type Me = Static<typeof Me>;

/** A session or an API token; its secret is shown only when it is made. */
export const Token = Type.Object(
  {
    id: Id,
    kind: Type.Enum(['session', 'api']),
    name: Type.String(),
    scopes: Type.Array(Scope),
    created_at: Time,
    expires_at: Time,
  },
  { title: 'Token' },
);
export type Token = Static<typeof Token>;

/** The tokens of a person, in one page. */
export const TokenPage = page(Token);

/** Body of POST /v1/tokens. */
export const NewToken = strict({
  name: Name,
  scopes: Type.Array(Scope, { minItems: 1, maxItems: 32, uniqueItems: true }),
  expires_in_s: Type.Integer({ minimum: 60, maximum: 366 * 86_400, description: 'At most 366 days.' }),
});
export type NewToken = Static<typeof NewToken>;

/** Answer of POST /v1/tokens: `secret` goes into `Authorization: Bearer`, and is shown this once. */
export const CreatedToken = Type.Object({ token: Token, secret: Type.String() }, { title: 'CreatedToken' });
export type CreatedToken = Static<typeof CreatedToken>;
