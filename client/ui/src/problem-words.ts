import { ApiProblem } from '@cardea/client-sdk';
import { defineTexts, say } from './texts.ts';

const problemTexts = defineTexts('problems', {
  unreachable: [
    'The server does not answer. Check the network of this device, then try again.',
    '服务器没有应答。请检查本设备的网络，然后重试。',
  ],
  unreachableAction: [
    'The server did not answer, so it is not known whether this was done. Look before you do it again.',
    '服务器没有应答，无法确定该操作是否已执行。请先查看结果，再决定是否重试。',
  ],
  malformed: [
    'What answered is not a Cardea server, or not one of this version.',
    '应答方不是 Cardea 服务器，或版本不符。',
  ],
  signedOut: ['You are not signed in, or no longer. Sign in again.', '您尚未登录或登录已失效，请重新登录。'],
  badCredentials: ['The address or the password is wrong.', '账号或密码错误。'],
  badPassword: ['The password is wrong.', '密码错误。'],
  badCode: ['The code is wrong, was used already, or has expired.', '验证码错误、已使用或已过期。'],
  ownPasswordFirst: [
    'Choose a password of your own first. Sign out and in again to do so.',
    '请先设置您自己的密码：退出后重新登录即可设置。',
  ],
  secondFactorFirst: [
    'Add a second factor first. Sign out and in again to do so.',
    '请先添加第二验证因素：退出后重新登录即可添加。',
  ],
  notPermitted: ['Your role does not include this.', '您的角色没有此权限。'],
  notFound: ['It is not there (any more).', '该项不存在或已被移除。'],
  changed: [
    'Somebody else has changed this meanwhile. Look at what it is now, then decide anew.',
    '此项已被他人更改。请查看最新内容后再作决定。',
  ],
  tooLarge: ['This is too large for the server.', '内容过大，服务器无法接受。'],
  lockedOut_one: ['Too many wrong tries. Wait one second.', '错误次数过多，请等待 1 秒。'],
  lockedOut_other: ['Too many wrong tries. Wait {{count}} seconds.', '错误次数过多，请等待 {{count}} 秒。'],
  tooMany_one: ['Too many requests. Wait one second, then try again.', '请求过于频繁。请等待 1 秒后重试。'],
  tooMany_other: [
    'Too many requests. Wait {{count}} seconds, then try again.',
    '请求过于频繁。请等待 {{count}} 秒后重试。',
  ],
  unavailable: ['The server cannot do this just now. Try again in a moment.', '服务器暂时无法处理。请稍后重试。'],
  internal: ['The server made a mistake. It has it on record.', '服务器内部出错，已记录在案。'],
});

const MENDED_HERE: ReadonlySet<string> = new Set([
  'not_signed_in',
  'bad_credentials',
  'bad_code',
  'password_change_required',
  'second_factor_setup_required',
  'not_permitted',
  'not_found',
  'if_match_missing',
  'precondition_failed',
  'body_too_large',
  'locked_out',
  'too_many',
]);

/** How long to wait where the server says only that it is too often, seconds. */
const WAIT_UNTOLD_S = 60;

/**
 * What went wrong, for people: in their language where it is one of the usual things, else in the server's words.
 * `acting`: something was to be changed, so without an answer it is not known whether it was.
 */
export function problemWords(error: unknown, { acting = false } = {}): string {
  if (!(error instanceof ApiProblem)) return error instanceof Error ? error.message : String(error);
  switch (error.code) {
    case 'unreachable':
      return say(problemTexts, acting ? 'unreachableAction' : 'unreachable');
    case 'outcome_unknown':
      return say(problemTexts, 'unreachableAction');
    case 'malformed_answer':
      return say(problemTexts, 'malformed');
    case 'not_signed_in':
      return say(problemTexts, 'signedOut');
    case 'bad_credentials':
      return say(problemTexts, error.field === undefined ? 'badCredentials' : 'badPassword');
    case 'bad_code':
      return say(problemTexts, 'badCode');
    case 'password_change_required':
      return say(problemTexts, 'ownPasswordFirst');
    case 'second_factor_setup_required':
      return say(problemTexts, 'secondFactorFirst');
    case 'not_permitted':
      return say(problemTexts, 'notPermitted');
    case 'not_found':
      return say(problemTexts, 'notFound');
    case 'if_match_missing':
    case 'precondition_failed':
      return say(problemTexts, 'changed');
    case 'body_too_large':
      return say(problemTexts, 'tooLarge');
    case 'locked_out':
      return say(problemTexts, 'lockedOut', { count: error.retryAfterS ?? WAIT_UNTOLD_S });
    case 'too_many':
      return say(problemTexts, 'tooMany', { count: error.retryAfterS ?? WAIT_UNTOLD_S });
    case 'unavailable':
      return say(problemTexts, 'unavailable');
    case 'internal':
      return say(problemTexts, 'internal');
    default:
      // Says what to mend in this case; there is a text for each code but not for each case.
      return error.message;
  }
}

/**
 * The number that the server's log has for the request, where somebody has to look it up: not for what the person at the
 * screen can mend, such as a wrong password or a missing right.
 */
export function requestIdOf(error: unknown): string | undefined {
  return error instanceof ApiProblem && !MENDED_HERE.has(error.code) ? error.requestId : undefined;
}

/** The member of the body that has to be mended, such as `floor_id` of `body.floor_id`; undefined where it is not one. */
export function fieldOf(error: unknown): string | undefined {
  if (!(error instanceof ApiProblem) || error.field === undefined) return undefined;
  return error.field.startsWith('body.') ? error.field.slice('body.'.length) : undefined;
}
