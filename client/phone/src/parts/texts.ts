import { defineTexts } from '@cardea/client-ui';

export const partTexts = defineTexts('parts', {
  unreachable: ['The server cannot be reached just now.', '目前无法连接服务器。'],
  not_signed_in: ['You are not signed in, or no longer. Sign in again.', '您尚未登录或登录已失效，请重新登录。'],
  too_many_one: ['Too many tries. Wait one second.', '尝试次数过多，请等待 1 秒。'],
  too_many_other: ['Too many tries. Wait {{count}} seconds.', '尝试次数过多，请等待 {{count}} 秒。'],
});
