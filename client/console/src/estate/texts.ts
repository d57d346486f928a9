import { defineTexts } from '@cardea/client-ui';
import type { DoorKind } from '@cardea/wire-api';

/** What doors are for. */
export const doorKindTexts = defineTexts('door-kinds', {
  guest: ['Guest room or flat', '客房或住宅'],
  common: ['Shared', '公共区域'],
  staff: ['Staff only', '员工专用'],
} satisfies Record<DoorKind, readonly [string, string]>);

/** What is said of a property wherever it is described. */
export const estateTexts = defineTexts('estate', {
  name: ['Name', '名称'],
  namePlaceholder: ['Such as “Harbour House”', '例如“海港公寓”'],
  timeZone: ['Time zone', '时区'],
  timeZoneWhy: [
    'Where the building stands: schedules, stays and PINs go by its clocks. It stays as it is once the property is there.',
    '建筑所在地的时区：时间表、入住和密码都以此为准。物业建立后不可更改。',
  ],
  noZone: ['No zone is called that', '没有匹配的时区'],
  region: ['Region', '数据区域'],
  regionWhy: [
    'Where its data is kept, as your installation calls it. It stays as it is.',
    '数据保存的区域，按您的部署命名。之后不可更改。',
  ],
  regionForm: ['Small letters, digits and hyphens', '仅限小写字母、数字和连字符'],
  checkInTime: ['Check-in from', '入住时间'],
  checkOutTime: ['Check-out until', '退房时间'],
  offline: ['Opening without the server', '离线开门'],
  offlineWhy: [
    'How long phones, cards and PINs go on opening while a lock hears nothing from the server. It is also the longest that somebody whose access you take back could still get in.',
    '门锁与服务器失联时，手机、门卡和密码还能使用多久。这也是撤销权限后对方最长仍可能进入的时间。',
  ],
  offlineNever: ['Not at all: every opening is decided by the server', '不允许：每次开门都由服务器决定'],
  minutes: ['{{count}} minutes', '{{count}} 分钟'],
  hours_one: ['1 hour', '1 小时'],
  hours_other: ['{{count}} hours', '{{count}} 小时'],
  days_one: ['1 day', '1 天'],
  days_other: ['{{count}} days', '{{count}} 天'],
  usual: ['{{time}} (usual)', '{{time}}（常用）'],
  visitors: ['Residents may let visitors in', '住户可邀请访客'],
  visitorsWhy: [
    'Through doors of their own, within their own time, and never for long.',
    '仅限住户自己的门和有效期内，且时长有限。',
  ],
  addProperty: ['Add the property', '添加物业'],
  save: ['Save', '保存'],
  saved: ['Saved', '已保存'],
  added: ['{{name}} is there', '已添加 {{name}}'],
});
