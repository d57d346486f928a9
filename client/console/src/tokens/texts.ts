import { defineTexts } from '@cardea/client-ui';
import type { Scope } from '@cardea/wire-api';

/** What the page of API tokens says. */
export const tokenTexts = defineTexts('tokens', {
  lead: [
    'By a token a program does in your name what the token allows, and never more than you may do yourself.',
    '程序凭令牌以您的名义执行令牌允许的操作，且不会超出您自己的权限。',
  ],
  none: ['There are no tokens', '还没有令牌'],
  noneWhy: [
    'Make one for each program, so that each can be stopped by itself.',
    '请为每个程序单独创建令牌，以便分别停用。',
  ],
  make: ['Make a token', '创建令牌'],
  name: ['Name', '名称'],
  nameHint: ['What the program is, such as “Booking system”.', '程序的用途，例如“预订系统”。'],
  scopes: ['What it may do', '允许的操作'],
  scopesHint: ['Allow as little as the program needs.', '只授予程序所需的最少权限。'],
  ends: ['Ends', '到期时间'],
  lasts: ['Good for', '有效期'],
  days_one: ['{{count}} day', '{{count}} 天'],
  days_other: ['{{count}} days', '{{count}} 天'],
  made: ['Made', '创建时间'],
  secret: ['The token', '令牌'],
  secretWhy: [
    'Copy it now: it is shown only this once. Whoever has it can do what it allows.',
    '请立即复制：令牌只显示这一次。持有者可以执行其允许的所有操作。',
  ],
  copy: ['Copy', '复制'],
  copied: ['Copied', '已复制'],
  kept: ['I have kept it', '我已保存'],
  revoke: ['Revoke', '撤销'],
  revokeNamed: ['Revoke “{{name}}”', '撤销“{{name}}”'],
  revokeToken: ['Revoke the token', '撤销令牌'],
  revokeWhy: [
    'Whatever uses “{{name}}” is refused from now on. Commands that it has begun already run to their end.',
    '使用“{{name}}”的程序将立即被拒绝。已开始执行的命令会继续完成。',
  ],
  revoked: ['The token is revoked.', '令牌已撤销。'],
  every: ['{{count}} rights', '{{count}} 项权限'],
});

/** The scopes, as what a program may do by each. */
export const scopeTexts = defineTexts('scopes', {
  'estate:read': ['See properties, floors, doors and gateways', '查看物业、楼层、门和网关'],
  'estate:write': ['Change properties, floors and doors', '修改物业、楼层和门'],
  'locks:read': ['See locks and their states', '查看门锁及其状态'],
  'locks:operate': ['Unlock and lock doors', '开锁和上锁'],
  'locks:manage': ['Enrol, set and remove locks', '登记、设置和移除门锁'],
  'persons:read': ['See people', '查看人员'],
  'persons:write': ['Add, change and remove people', '添加、修改和移除人员'],
  'gateways:write': ['Add and remove gateways', '添加和移除网关'],
  'events:read': ['Read events', '查看事件'],
  'tokens:write': ['Make and revoke API tokens', '创建和撤销 API 令牌'],
  'audit:read': ['Read and export the audit log', '查看和导出审计日志'],
  'alerts:write': ['Acknowledge alerts', '确认警报'],
  'sim:write': ['Make faults at virtual locks', '在虚拟门锁上模拟故障'],
  'organizations:write': ['Found organizations', '创建组织'],
  'grants:read': ['See who may open what', '查看授权'],
  'grants:write': ['Give and take back access', '授予和收回通行权限'],
  'stays:write': ['Check guests in and out', '办理入住和退房'],
  'access:use': ['Use your own doors, phones and keys', '使用您自己的门、手机和钥匙'],
} satisfies Record<Scope, readonly [string, string]>);
