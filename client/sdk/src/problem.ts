import type { PendingSignIn, Problem, ProblemCode } from '@cardea/wire-api';

/** What went wrong: the server's stable code, or `unreachable` (no answer came) or `malformed_answer` (not this API). */
export type ApiProblemCode = ProblemCode | 'unreachable' | 'malformed_answer';

/** A request that did not do what was asked. `message` is for people and says what to mend. */
export class ApiProblem extends Error {
  readonly code: ApiProblemCode;
  /** HTTP status; 0 when no answer came. */
  readonly status: number;
  /** The part of the request to mend, such as `body.floor_id`. */
  readonly field: string | undefined;
  readonly requestId: string | undefined;
  /** Whether the same request may succeed later. */
  readonly retryable: boolean;
  /** How long the server asks to wait, seconds. */
  readonly retryAfterS: number | undefined;
  /** With `second_factor_required`: what the second step is answered by. */
  readonly secondFactor: PendingSignIn | undefined;
  constructor(
    code: ApiProblemCode,
    message: string,
    more: {
      status?: number;
      field?: string | undefined;
      requestId?: string | undefined;
      retryable?: boolean;
      retryAfterS?: number | undefined;
      secondFactor?: PendingSignIn | undefined;
      cause?: unknown;
    } = {},
  ) {
    super(message, { cause: more.cause });
    this.name = 'ApiProblem';
    this.code = code;
    this.status = more.status ?? 0;
    this.field = more.field;
    this.requestId = more.requestId;
    this.retryable = more.retryable ?? false;
    this.retryAfterS = more.retryAfterS;
    this.secondFactor = more.secondFactor;
  }
}

/** The problem that an answer of 400 or more carries; `malformed_answer` when it carries none. */
export async function problemOf(response: Response): Promise<ApiProblem> {
  const after = Number(response.headers.get('retry-after') ?? Number.NaN);
  const retryAfterS = Number.isFinite(after) && after >= 0 ? after : undefined;
  let body: unknown;
  try {
    body = await response.json();
  } catch {
    body = undefined;
  }
  if (!isProblem(body)) {
    return new ApiProblem(
      'malformed_answer',
      `The server answered ${response.status} without saying why: is this the address of a Cardea server?`,
      { status: response.status, retryable: response.status === 502 || response.status === 504, retryAfterS },
    );
  }
  return new ApiProblem(body.code, body.detail, {
    status: response.status,
    field: body.field ?? undefined,
    requestId: body.request_id,
    retryable: body.retryable,
    retryAfterS,
    secondFactor: body.second_factor,
  });
}

function isProblem(body: unknown): body is Problem & { readonly code: ProblemCode } {
  return (
    typeof body === 'object' &&
    body !== null &&
    'code' in body &&
    typeof body.code === 'string' &&
    'detail' in body &&
    typeof body.detail === 'string' &&
    'retryable' in body
  );
}
