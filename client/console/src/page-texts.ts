import { defineTexts } from '@cardea/client-ui';

/** The name of each page: in the navigation, as its heading and in the title of the window. */
export const pageTexts = defineTexts('pages', {
  overview: ['Overview', '总览'],
  door: ['Door', '门'],
  doors: ['Doors', '门列表'],
  alerts: ['Alerts', '告警'],
  plan: ['Floor plan', '平面图'],
  desk: ['Front desk', '前台'],
  grant: ['Grant', '授权'],
  schedules: ['Schedules', '时间表'],
  schedule: ['Schedule', '时间表'],
  calendar: ['Who has access', '通行日历'],
  events: ['Events', '事件'],
  audit: ['Audit log', '审计日志'],
  modes: ['Modes and lockdown', '模式与封锁'],
  grants: ['Grants', '授权'],
  people: ['People', '人员'],
  person: ['Person', '人员'],
  settings: ['Settings', '设置'],
  setup: ['Set up', '初始设置'],
  account: ['Your account', '您的账户'],
  tokens: ['API tokens', 'API 令牌'],
  insights: ['Use and denials', '使用与拒绝'],
  checkup: ['Security check', '安全检查'],
  gateways: ['Gateways', '网关'],
  gateway: ['Gateway', '网关'],
});

/** The headings of the navigation. */
export const groupTexts = defineTexts('page-groups', {
  now: ['Now', '实时'],
  access: ['Access', '通行'],
  record: ['Record', '记录'],
  estate: ['Estate', '设施'],
});
