import Type, { type Static } from 'typebox';
import { PendingSignIn } from './people.ts';

/** What a problem code stands for: its HTTP status, its title, whether the same request may succeed later, the remedy. */
export interface ProblemKind {
  readonly status: number;
  readonly title: string;
  readonly retryable: boolean;
  readonly remedy: string;
}

const kind = (status: number, title: string, retryable: boolean, remedy: string): ProblemKind => ({
  status,
  title,
  retryable,
  remedy,
});

/** Every code that `/v1` answers, stable for ever; docs/reference/problems.md is written from this table. */
export const problemKinds = {
  invalid: kind(400, 'The request is not valid', false, 'Mend the member that `field` names as `detail` says.'),
  malformed_json: kind(400, 'The body is not JSON', false, 'Send one JSON object in UTF-8.'),
  idempotency_key_missing: kind(
    400,
    'Idempotency-Key is missing',
    false,
    'Send the header Idempotency-Key with a fresh UUID, and the same one when you repeat the request.',
  ),
  not_signed_in: kind(
    401,
    'Not signed in',
    false,
    'Sign in (POST /v1/sessions) and send `Authorization: Bearer <token>`.',
  ),
  bad_credentials: kind(401, 'E-mail or password is wrong', false, 'Check both; too many wrong ones lock you out.'),
  bad_code: kind(
    401,
    'The code is wrong',
    false,
    'Check it; after five wrong ones, or ten minutes, ask for a fresh one.',
  ),
  second_factor_required: kind(
    401,
    'A second factor is required',
    false,
    'Answer the step that `second_factor` names: POST /v1/sessions/second-step.',
  ),
  second_factor_setup_required: kind(
    403,
    'A second factor has to be added first',
    false,
    'Add an authenticator (POST /v1/me/totp) or a passkey (POST /v1/me/passkeys), then sign in again.',
  ),
  password_change_required: kind(
    403,
    'The password has to be changed first',
    false,
    'Change it: POST /v1/password, then sign in again.',
  ),
  not_permitted: kind(403, 'Not permitted', false, 'Use a token with the scope that `detail` names.'),
  not_found: kind(404, 'Not found', false, 'Check the id: nothing by it is known to your organization.'),
  method_not_allowed: kind(405, 'The method is not allowed here', false, 'Use one of the methods that Allow names.'),
  conflict: kind(409, 'In conflict with what is there', false, 'Look at what is there, as `detail` says.'),
  idempotency_key_reused: kind(
    409,
    'The Idempotency-Key was used for another request',
    false,
    'Use a fresh Idempotency-Key for each different request.',
  ),
  outcome_unknown: kind(
    409,
    'How the first request under this Idempotency-Key ended is unknown',
    false,
    'The server stopped while it worked on it. Look at the record (attempts, events), then use a fresh key.',
  ),
  gone: kind(410, 'No longer there', false, 'Ask for a fresh one: this one was used or has expired.'),
  precondition_failed: kind(
    412,
    'A precondition does not hold',
    false,
    'Look at the present state, as `detail` says, and decide anew.',
  ),
  if_match_missing: kind(
    428,
    'If-Match is missing',
    false,
    'Read the thing, and send its ETag in If-Match: so that nobody overwrites what another has changed meanwhile.',
  ),
  body_too_large: kind(413, 'The body is too large', false, 'Send less; docs/api.md names the limits.'),
  unsupported_media_type: kind(
    415,
    'The body is not application/json',
    false,
    'Send `Content-Type: application/json`.',
  ),
  locked_out: kind(429, 'Locked out after too many failures', true, 'Wait as long as Retry-After says.'),
  too_many: kind(429, 'Too many requests', true, 'Wait as long as Retry-After says.'),
  internal: kind(500, 'The server made a mistake', false, 'Report the request_id; it is in the log of the server.'),
  unavailable: kind(503, 'Not available now', true, 'Try again after as long as Retry-After says.'),
} as const satisfies Record<string, ProblemKind>;

/** Stable name of what went wrong. */
export type ProblemCode = keyof typeof problemKinds;

/** Every problem code, in the order of the table. */
export const problemCodes = Object.keys(problemKinds) as readonly ProblemCode[];

/** The `type` of a problem: a name, not an address. */
export function problemType(code: ProblemCode): string {
  return `urn:cardea:problem:${code}`;
}

/** RFC 9457 `application/problem+json`. */
export const Problem = Type.Object(
  {
    type: Type.String({ description: '`urn:cardea:problem:` and the code.' }),
    code: Type.Enum([...problemCodes]),
    title: Type.String(),
    status: Type.Integer({ minimum: 400, maximum: 599 }),
    detail: Type.String({ description: 'What is wrong in this case and how to mend it; for people.' }),
    request_id: Type.String(),
    retryable: Type.Boolean({ description: 'Whether the same request may succeed later.' }),
    field: Type.Union([Type.String(), Type.Null()], {
      description: 'The part of the request to mend, such as `body.floor_id` or `query.limit`.',
    }),
    second_factor: Type.Optional(PendingSignIn),
  },
  { title: 'Problem' },
);
export type Problem = Static<typeof Problem>;
