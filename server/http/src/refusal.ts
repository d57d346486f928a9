import type { CoreErrorCode } from '@cardea/server-core';
import { CoreError } from '@cardea/server-core';
import { type PendingSignIn, type Problem, type ProblemCode, problemKinds, problemType } from '@cardea/wire-api';
import { pendingSignIn } from './represent/people.ts';

/** This door's own refusal, before or after the core: `message` becomes the problem's `detail` and holds no secret. */
export class HttpRefusal extends Error {
  readonly code: ProblemCode;
  readonly field: string | undefined;
  readonly retryAfterS: number | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** With `second_factor_required`: what the second step is answered by. */
  readonly secondFactor: PendingSignIn | undefined;
  constructor(
    code: ProblemCode,
    message: string,
    more: {
      field?: string | undefined;
      retryAfterS?: number | undefined;
      headers?: Record<string, string>;
      secondFactor?: PendingSignIn | undefined;
    } = {},
  ) {
    super(message);
    this.name = 'HttpRefusal';
    this.code = code;
    this.field = more.field;
    this.retryAfterS = more.retryAfterS;
    this.headers = more.headers ?? {};
    this.secondFactor = more.secondFactor;
  }
}

/** The one table from the core's refusals to this door's problems. */
const fromCore = {
  invalid: 'invalid',
  not_signed_in: 'not_signed_in',
  bad_credentials: 'bad_credentials',
  bad_code: 'bad_code',
  second_factor_required: 'second_factor_required',
  second_factor_setup_required: 'second_factor_setup_required',
  locked_out: 'locked_out',
  password_change_required: 'password_change_required',
  not_permitted: 'not_permitted',
  not_found: 'not_found',
  conflict: 'conflict',
  precondition_failed: 'precondition_failed',
  gone: 'gone',
  too_many: 'too_many',
  unavailable: 'unavailable',
} as const satisfies Record<CoreErrorCode, ProblemCode>;

/** Errors of the HTTP library that are the sender's fault, by its code; what is not here is ours. */
const fromLibrary: Readonly<Record<string, readonly [ProblemCode, string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ['body_too_large', 'The body is larger than this operation takes.'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['unsupported_media_type', 'Send the body as `Content-Type: application/json`.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['malformed_json', 'The body is not as long as Content-Length says.'],
  FST_ERR_CTP_INVALID_JSON_BODY: ['malformed_json', 'The body is not JSON.'],
  FST_ERR_BAD_URL: ['invalid', 'The path is not a valid URL path.'],
  FST_ERR_MAX_PARAM_LENGTH: ['not_found', 'Nothing is known by so long an id.'],
};

/** Whatever was thrown, as a refusal; `undefined` when it is a mistake of the server, of which the caller learns nothing. */
export function refusalOf(error: unknown, fieldOf: (field: string) => string): HttpRefusal | undefined {
  if (error instanceof HttpRefusal) return error;
  if (error instanceof CoreError) {
    return new HttpRefusal(fromCore[error.code], error.message, {
      field: error.field === undefined ? undefined : fieldOf(error.field),
      retryAfterS: error.retryAfterS,
      secondFactor: error.pending && pendingSignIn(error.pending),
    });
  }
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
    const [code, detail] = fromLibrary[error.code] ?? [];
    if (code !== undefined && detail !== undefined) {
      return new HttpRefusal(code, detail, { field: code === 'invalid' ? 'path' : undefined });
    }
  }
  // JSON with a prototype in it, or not JSON at all: a SyntaxError with a status of 400.
  if (error instanceof SyntaxError && 'statusCode' in error && error.statusCode === 400) {
    return new HttpRefusal('malformed_json', `The body is not JSON that is taken here: ${error.message}.`, {
      field: 'body',
    });
  }
  return undefined;
}

/** The problem+json body of a refusal. */
export function problemBody(refusal: HttpRefusal, requestId: string): Problem {
  const { status, title, retryable } = problemKinds[refusal.code];
  return {
    type: problemType(refusal.code),
    code: refusal.code,
    title,
    status,
    detail: refusal.message,
    request_id: requestId,
    retryable,
    field: refusal.field ?? null,
    ...(refusal.secondFactor && { second_factor: refusal.secondFactor }),
  };
}

/** Headers of a refusal: how long to wait, how to sign in. */
export function problemHeaders(refusal: HttpRefusal): Record<string, string> {
  const { status, retryable } = problemKinds[refusal.code];
  return {
    'content-type': 'application/problem+json',
    ...refusal.headers,
    ...(status === 401 ? { 'www-authenticate': 'Bearer realm="cardea"' } : {}),
    ...(retryable ? { 'retry-after': String(Math.max(1, Math.ceil(refusal.retryAfterS ?? 1))) } : {}),
  };
}
