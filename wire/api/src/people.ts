import Type, { type Static } from 'typebox';
import { Id, Name, nullable, page, strict, Time } from './common.ts';
import { InCookie, NewPassword, Person } from './person.ts';
import { Role } from './scope.ts';

/** An e-mail address, or a phone number with its country code; blanks between the digits do not matter. */
export const AddressText = Type.String({
  minLength: 3,
  maxLength: 254,
  description: 'An e-mail address, or a phone number in E.164 such as `+4930123456`.',
});

/** A code as it was sent, or shown by an authenticator. */
const Code = Type.String({ minLength: 1, maxLength: 64, description: 'Blanks and hyphens in it do not matter.' });

const GivenPassword = Type.String({ minLength: 1, maxLength: 200 });

/** What to call the device that signs in. */
const Device = Type.String({ maxLength: 100, description: 'What the list of sessions calls this device.' });

/** A bearer secret of one step of a sign-in. */
const Step = Type.String({ minLength: 1, maxLength: 128 });

/** A JSON object as `navigator.credentials` takes and gives it (WebAuthn Level 3, 5.1.8 to 5.1.10). */
const WebAuthn = Type.Record(Type.String(), Type.Unknown(), { description: 'As WebAuthn Level 3 has it in JSON.' });

/** Body of POST /v1/register. */
export const Register = strict({ organization_id: Type.Optional(Id), name: Name, address: AddressText });
export type Register = Static<typeof Register>;

/** Body of POST /v1/verifications: a code by which the password can be set anew. */
export const AskCode = strict({
  organization_id: Type.Optional(Id),
  purpose: Type.Enum(['recovery']),
  address: AddressText,
});
export type AskCode = Static<typeof AskCode>;

/** A code that was sent to the address, if that is possible: the same answer whether it is known or not. */
export const AskedCode = Type.Object({ verification_id: Id, expires_at: Time }, { title: 'AskedCode' });
export type AskedCode = Static<typeof AskedCode>;

/** Body of POST /v1/verifications/{id}; `password` for everything but one more address. */
export const ConfirmCode = strict({ code: Code, password: Type.Optional(NewPassword) });
export type ConfirmCode = Static<typeof ConfirmCode>;

/** Body of POST /v1/invitations. */
export const NewInvitation = strict({ name: Name, role: Role, address: AddressText });
export type NewInvitation = Static<typeof NewInvitation>;

/** Answer of POST /v1/invitations. */
export const Invitation = Type.Object(
  { person: Person, verification_id: Id, expires_at: Time },
  { title: 'Invitation' },
);
export type Invitation = Static<typeof Invitation>;

/** An address of the own that was proved. */
export const Contact = Type.Object(
  { id: Id, channel: Type.Enum(['email', 'sms']), address: Type.String(), verified_at: Time },
  { title: 'Contact' },
);
export type Contact = Static<typeof Contact>;
export const ContactPage = page(Contact);

/** Body of POST /v1/me/contacts. */
export const NewContact = strict({ address: AddressText });

/** A passkey of the own. */
export const Passkey = Type.Object(
  { id: Id, name: Type.String(), created_at: Time, last_used_at: nullable(Time) },
  { title: 'Passkey' },
);
export type Passkey = Static<typeof Passkey>;

/** The own second factors. */
export const SecondFactors = Type.Object(
  {
    totp: Type.Boolean({ description: 'Whether there is an authenticator.' }),
    passkeys: Type.Array(Passkey),
    recovery_codes_left: Type.Integer({ minimum: 0 }),
    required: Type.Boolean({ description: 'Whether the organization asks this person for one.' }),
  },
  { title: 'SecondFactors' },
);
export type SecondFactors = Static<typeof SecondFactors>;

/** Body of what a stolen session alone must not do. */
export const OwnPassword = strict({ current_password: GivenPassword });

/** Answer of POST /v1/me/totp: shown this once, and good once a code of it was confirmed. */
export const NewTotp = Type.Object(
  {
    uri: Type.String({ description: '`otpauth://` address, for a QR code.' }),
    secret: Type.String({ description: 'The same in base32, to be typed.' }),
  },
  { title: 'NewTotp' },
);
export type NewTotp = Static<typeof NewTotp>;

/** Body of POST /v1/me/totp/confirm. */
export const TotpCode = strict({ code: Code });

/** Recovery codes, each for one sign-in, shown this once. */
export const RecoveryCodes = Type.Object({ recovery_codes: Type.Array(Type.String()) }, { title: 'RecoveryCodes' });
export type RecoveryCodes = Static<typeof RecoveryCodes>;

/** Answer of POST /v1/me/passkeys/options. */
export const PasskeyCreation = Type.Object({ step_id: Id, options: WebAuthn }, { title: 'PasskeyCreation' });
export type PasskeyCreation = Static<typeof PasskeyCreation>;

/** Body of POST /v1/me/passkeys. */
export const NewPasskey = strict({ step_id: Id, name: Name, response: WebAuthn });

/** Answer of POST /v1/me/passkeys: recovery codes come with the first second factor. */
export const AddedPasskey = Type.Object(
  { passkey: Passkey, recovery_codes: Type.Array(Type.String()) },
  { title: 'AddedPasskey' },
);
export type AddedPasskey = Static<typeof AddedPasskey>;

/** Body of POST /v1/sessions/second-step: one of the three answers. */
export const SecondStep = strict({
  step: Step,
  totp: Type.Optional(Code),
  recovery_code: Type.Optional(Code),
  passkey: Type.Optional(WebAuthn),
  cookie: Type.Optional(InCookie),
});
export type SecondStep = Static<typeof SecondStep>;

/** Body of POST /v1/sessions/passkey. */
export const PasskeySignIn = strict({ organization_id: Type.Optional(Id), device: Type.Optional(Device) });

/** Answer of POST /v1/sessions/passkey: `options` for `navigator.credentials.get`; its answer goes to the second step. */
export const PasskeyRequest = Type.Object({ step: Type.String(), options: WebAuthn }, { title: 'PasskeyRequest' });
export type PasskeyRequest = Static<typeof PasskeyRequest>;

/** What the problem `second_factor_required` says besides (RFC 9457, 3.2). */
export const PendingSignIn = Type.Object(
  {
    step: Type.String({ description: 'For POST /v1/sessions/second-step; it can do nothing else.' }),
    expires_at: Time,
    methods: Type.Array(Type.Enum(['totp', 'passkey', 'recovery_code'])),
    passkey: nullable(WebAuthn),
  },
  { title: 'PendingSignIn' },
);
export type PendingSignIn = Static<typeof PendingSignIn>;

/** A session of the own. */
export const OwnSession = Type.Object(
  {
    id: Id,
    device: Type.String(),
    address: Type.String({ description: 'Where it was used last.' }),
    factor: Type.Enum(['password', 'totp', 'passkey', 'recovery_code', 'phone']),
    created_at: Time,
    last_used_at: Time,
    expires_at: Time,
    current: Type.Boolean(),
  },
  { title: 'OwnSession' },
);
export type OwnSession = Static<typeof OwnSession>;
export const OwnSessionPage = page(OwnSession);

/** Answer of POST /v1/me/sessions/end-others. */
export const EndedSessions = Type.Object({ ended: Type.Integer({ minimum: 0 }) }, { title: 'EndedSessions' });
export type EndedSessions = Static<typeof EndedSessions>;

/** What the organization asks of its people. */
export const SignInPolicy = Type.Object(
  {
    second_factor: Type.Enum(['required', 'optional'], {
      description: '`required`: of roles that manage locks or give access.',
    }),
    registration: Type.Enum(['open', 'invited'], {
      description: '`open`: whoever proves an address becomes a guest, who holds nothing.',
    }),
  },
  { title: 'SignInPolicy' },
);
export type SignInPolicy = Static<typeof SignInPolicy>;

/** Body of PATCH /v1/sign-in-policy. */
export const ChangeSignInPolicy = strict({
  second_factor: Type.Optional(Type.Enum(['required', 'optional'])),
  registration: Type.Optional(Type.Enum(['open', 'invited'])),
});

/** Everything that is held of a person. */
export const PersonExport = Type.Object(
  {
    exported_at: Time,
    person: Person,
    data: Type.Record(Type.String(), Type.Array(Type.Unknown()), {
      description: 'Everything else that is held, by what it is; secrets and their hashes are left out.',
    }),
  },
  { title: 'PersonExport' },
);
export type PersonExport = Static<typeof PersonExport>;

/** Query of DELETE /v1/persons/{id}. */
export const RemovePersonQuery = strict({
  erase: Type.Optional(
    Type.Boolean({ description: 'Also destroys everything that names the person; it cannot be undone.' }),
  ),
});
