import { ApiProblem } from '@cardea/client-sdk';
import { say } from '@cardea/client-ui';
import { partTexts } from './texts.ts';

/** What went wrong, for people: in their language where it is one of the usual things, else in the server's words. */
export function problemWords(error: unknown): string {
  if (!(error instanceof ApiProblem)) return error instanceof Error ? error.message : String(error);
  switch (error.code) {
    case 'unreachable':
    case 'unavailable':
      return say(partTexts, 'unreachable');
    case 'not_signed_in':
      return say(partTexts, 'not_signed_in');
    case 'too_many':
      return say(partTexts, 'too_many', { count: error.retryAfterS ?? 60 });
    default:
      return error.message;
  }
}
