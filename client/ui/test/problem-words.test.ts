import { ApiProblem } from '@cardea/client-sdk';
import { fieldOf, problemWords, requestIdOf } from '@cardea/client-ui';
import { describe, expect, test } from 'vitest';

describe('what went wrong, for people', () => {
  test('without an answer to a question nothing was done, without one to an action nobody knows', () => {
    const silence = new ApiProblem('unreachable', 'No answer from https://ras.example');
    expect(problemWords(silence)).toContain('Check the network');
    expect(problemWords(silence, { acting: true })).toContain('not known whether this was done');
    expect(problemWords(silence)).not.toContain('ras.example');
  });

  test('words that are for programs do not reach people', () => {
    for (const code of ['not_signed_in', 'password_change_required', 'if_match_missing', 'outcome_unknown'] as const) {
      const words = problemWords(new ApiProblem(code, 'POST /v1/password with If-Match'));
      expect(words).toMatch(/^[A-Z].*\.$/);
      expect(words).not.toMatch(/\/v1|If-Match/);
    }
  });

  test('how long to wait is the time that the server asks for', () => {
    expect(problemWords(new ApiProblem('too_many', '', { retryAfterS: 7 }))).toContain('Wait 7 seconds');
    expect(problemWords(new ApiProblem('locked_out', '', { retryAfterS: 1 }))).toContain('Wait one second');
    expect(problemWords(new ApiProblem('too_many', ''))).toContain('Wait 60 seconds');
  });

  test('a wrong password at its own field is not called a wrong address', () => {
    expect(problemWords(new ApiProblem('bad_credentials', '', { field: 'body.current_password' }))).toBe(
      'The password is wrong.',
    );
    expect(problemWords(new ApiProblem('bad_credentials', ''))).toContain('address or the password');
  });

  test('what only the server knows is said in its words', () => {
    expect(problemWords(new ApiProblem('conflict', 'the door has a lock already'))).toBe('the door has a lock already');
    expect(problemWords(new Error('no such thing'))).toBe('no such thing');
  });
});

test('a field is a member of the body, nothing else', () => {
  expect(fieldOf(new ApiProblem('invalid', '', { field: 'body.floor_id' }))).toBe('floor_id');
  expect(fieldOf(new ApiProblem('invalid', '', { field: 'query.limit' }))).toBeUndefined();
  expect(fieldOf(new Error('body.floor_id'))).toBeUndefined();
});

test('the number of the request is known where the server answered', () => {
  expect(requestIdOf(new ApiProblem('internal', '', { requestId: 'req_1' }))).toBe('req_1');
  expect(requestIdOf(new ApiProblem('unreachable', ''))).toBeUndefined();
  // Nobody has to look up a wrong password.
  expect(requestIdOf(new ApiProblem('bad_credentials', '', { requestId: 'req_1' }))).toBeUndefined();
});
