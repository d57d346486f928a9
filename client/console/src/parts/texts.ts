import { defineTexts } from '@cardea/client-ui';

/** What the parts of every page say. */
export const partTexts = defineTexts('parts', {
  loading: ['Loading …', '正在加载……'],
  retry: ['Try again', '重试'],
  failed: ['This could not be loaded', '无法加载'],
  actionFailed: ['That did not work', '操作未成功'],
  reference: ['Reference for support: {{id}}', '技术支持编号：{{id}}'],
  crashed: ['This page has failed', '此页面出错了'],
  crashedWhy: [
    'It is a mistake in the console, not in what you did. Everything else goes on working.',
    '这是控制台本身的错误，与您的操作无关。其他页面不受影响。',
  ],
  close: ['Close', '关闭'],
  copy: ['Copy', '复制'],
  copied: ['Copied', '已复制'],
  cancel: ['Cancel', '取消'],
  confirmTyped: ['Type “{{word}}” to confirm', '请输入“{{word}}”以确认'],
  more: ['Show more', '显示更多'],
  rows_one: ['{{count}} entry', '{{count}} 项'],
  rows_other: ['{{count}} entries', '{{count}} 项'],
  rowsMore: ['{{count}} shown, there are more', '已显示 {{count}} 项，还有更多'],
  sortBy: ['Sort by {{column}}', '按{{column}}排序'],
  actions: ['Actions', '操作'],
  noSuchTime: ['There is no such time on that day', '当天没有这个时间'],
  never: ['never', '从未'],
  removedPerson: ['a removed person', '已移除的人员'],
  removedGateway: ['a withdrawn gateway', '已停用的网关'],
  removedDoor: ['a removed door', '已移除的门'],
});
