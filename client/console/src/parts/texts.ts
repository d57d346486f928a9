import { defineTexts } from '@cardea/client-ui';

/** What the parts of every page say. */
export const partTexts = defineTexts('parts', {
  loading: ['Loading …', '正在加载……'],
  retry: ['Try again', '重试'],
  failed: ['This could not be loaded', '无法加载'],
  actionFailed: ['That did not work', '操作未成功'],
  reference: ['Reference for support: {{id}}', '技术支持编号：{{id}}'],
  unreachable: [
    'The server does not answer. Check the network of this device; nothing was changed by this page.',
    '服务器没有应答。请检查本设备的网络；此页面未作任何更改。',
  ],
  unreachableAction: [
    'The server did not answer, so it is not known whether this was done. Look before you do it again.',
    '服务器没有应答，无法确定该操作是否已执行。请先查看结果，再决定是否重试。',
  ],
  malformed: [
    'What answered is not a Cardea server, or not one of this version.',
    '应答方不是 Cardea 服务器，或版本不符。',
  ],
  notPermitted: ['Your role does not include this.', '您的角色没有此权限。'],
  notFound: ['It is not there (any more).', '该项不存在或已被移除。'],
  tooMany: ['Too many requests. Wait {{seconds}} s, then try again.', '请求过于频繁。请等待 {{seconds}} 秒后重试。'],
  unavailable: ['The server cannot do this just now. Try again in a moment.', '服务器暂时无法处理。请稍后重试。'],
  internal: ['The server made a mistake. It has it on record.', '服务器内部出错，已记录在案。'],
  crashed: ['This page has failed', '此页面出错了'],
  crashedWhy: [
    'It is a mistake in the console, not in what you did. Everything else goes on working.',
    '这是控制台本身的错误，与您的操作无关。其他页面不受影响。',
  ],
  close: ['Close', '关闭'],
  cancel: ['Cancel', '取消'],
  confirmTyped: ['Type “{{word}}” to confirm', '请输入“{{word}}”以确认'],
  more: ['Show more', '显示更多'],
  rows_one: ['{{count}} entry', '{{count}} 项'],
  rows_other: ['{{count}} entries', '{{count}} 项'],
  rowsMore: ['{{count}} shown, there are more', '已显示 {{count}} 项，还有更多'],
  sortBy: ['Sort by {{column}}', '按{{column}}排序'],
  actions: ['Actions', '操作'],
  never: ['never', '从未'],
  removedPerson: ['a removed person', '已移除的人员'],
  removedDoor: ['a removed door', '已移除的门'],
});
