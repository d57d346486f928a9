import { defineTexts } from '@cardea/client-ui';

/** What the overview says. */
export const overviewTexts = defineTexts('overview', {
  lead: ['What needs attention now at {{property}}.', '{{property}} 当前需要关注的事项。'],
  doors: ['Doors', '门'],
  doorsCalm: ['No door needs attention', '没有需要关注的门'],
  doorsAll_one: ['Show {{count}} door that needs attention', '显示需要关注的 {{count}} 扇门'],
  doorsAll_other: ['Show {{count}} doors that need attention', '显示需要关注的 {{count}} 扇门'],
  noDoors: ['No doors yet', '尚无门'],
  noDoorsWhy: ['Doors appear here as soon as they are added to the property.', '添加门后会显示在这里。'],
  setUp: ['Set up', '开始设置'],
  system: ['Security and network', '安全与网络'],
  systemCalm: ['All in order', '一切正常'],
  alerts: ['Open alerts', '未处理告警'],
  gateways: ['Gateways offline', '离线网关'],
  checkup: ['Security warnings', '安全检查警告'],
  today: ['Today at the desk', '今日前台'],
  arrivals: ['Arrivals', '预抵'],
  departures: ['Check-outs due', '待退房'],
  overdue: ['{{count}} overdue', '{{count}} 间已超时'],
  unread: ['not known: it could not be read', '无法读取'],
  more: ['more than {{count}}', '超过 {{count}}'],
  activity: ['Recent activity', '最近动态'],
  allEvents: ['All events', '所有事件'],
  noActivity: ['Nothing has happened here lately.', '最近没有动态。'],
});
