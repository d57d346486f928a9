import { defineTexts } from '@cardea/client-ui';

/** What is said of the live connection. */
export const liveTexts = defineTexts('live', {
  connecting: ['Connecting …', '正在连接…'],
  open: ['Live', '实时'],
  lost: ['Connection lost {{since}}; trying again', '连接已中断（{{since}}），正在重试'],
  failed: ['Not live', '未实时更新'],
  failedWhy: [
    'The server does not let you follow events; what is shown is read anew every 5 minutes.',
    '服务器不允许您跟踪事件；页面每 5 分钟重新读取。',
  ],
});
