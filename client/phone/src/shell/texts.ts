import { defineTexts } from '@cardea/client-ui';

export const shellTexts = defineTexts('shell', {
  bar: ['Pages', '页面'],
  doors: ['Doors', '门'],
  visitors: ['Visitors', '访客'],
  activity: ['Activity', '动态'],
  unread: ['{{page}}, {{count}} new', '{{page}}，{{count}} 条新通知'],
  enrol: ['Put a lock on', '装锁'],
  account: ['Account', '账户'],
  loading: ['Loading …', '加载中……'],
  notThere: ['There is nothing here', '此处没有内容'],
  toDoors: ['To the doors', '前往门列表'],
  failed: ['This page could not be shown', '无法显示此页面'],
  again: ['Try again', '重试'],
});
