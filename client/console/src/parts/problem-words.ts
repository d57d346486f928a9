import { ApiProblem } from '@cardea/client-sdk';
import { say } from '@cardea/client-ui';
import { partTexts } from './texts.ts';

/** What went wrong, for people: in their language where it is one of the usual things, else in the server's words. */
export function problemWords(error: unknown, { acting = false } = {}): string {
  if (!(error instanceof ApiProblem)) return error instanceof Error ? error.message : String(error);
  switch (error.code) {
    case 'unreachable':
      return say(partTexts, acting ? 'unreachableAction' : 'unreachable');
    case 'malformed_answer':
      return say(partTexts, 'malformed');
    case 'not_permitted':
      return say(partTexts, 'notPermitted');
    case 'not_found':
      return say(partTexts, 'notFound');
    case 'too_many':
      return say(partTexts, 'tooMany', { seconds: error.retryAfterS ?? 60 });
    case 'unavailable':
      return say(partTexts, 'unavailable');
    case 'internal':
      return say(partTexts, 'internal');
    default:
      // Says what to mend in this case; there is a text for each code but not for each case.
      return error.message;
  }
}

/** The number that the server's log has for the request, where it came that far. */
export function requestIdOf(error: unknown): string | undefined {
  return error instanceof ApiProblem ? error.requestId : undefined;
}

/** The member of the body that has to be mended, such as `floor_id` of `body.floor_id`; undefined where it is not one. */
export function fieldOf(error: unknown): string | undefined {
  if (!(error instanceof ApiProblem) || error.field === undefined) return undefined;
  return error.field.startsWith('body.') ? error.field.slice('body.'.length) : undefined;
}
