import type { Session } from '@cardea/wire-api';
import { ApiProblem } from './problem.ts';

/** The bearer token of a session that was not asked for as a cookie. @throws ApiProblem `malformed_answer` where there is none */
export function tokenOf({ token }: Session): string {
  if (token === null) throw new ApiProblem('malformed_answer', 'The server kept the token of the session to itself.');
  return token;
}
