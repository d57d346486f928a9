import { defineTexts, useTexts } from '@cardea/client-ui';
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

/** What a program may do by each scope. */
const scopeWords = defineTexts('scopes', {
  estateRead: ['See properties, floors, doors and gateways', '查看物业、楼层、门和网关'],
  estateWrite: ['Change properties, floors and doors', '修改物业、楼层和门'],
  locksRead: ['See locks and their states', '查看门锁及其状态'],
  locksOperate: ['Unlock and lock doors', '开锁和上锁'],
  locksManage: ['Enrol, set and remove locks', '绑定、设置和移除门锁'],
  personsRead: ['See people', '查看人员'],
  personsWrite: ['Add, change and remove people', '添加、修改和移除人员'],
  gatewaysWrite: ['Add and remove gateways', '添加和移除网关'],
  eventsRead: ['Read events', '查看事件'],
  tokensWrite: ['Make and revoke API tokens', '创建和撤销 API 令牌'],
  auditRead: ['Read and export the audit log', '查看和导出审计日志'],
  alertsWrite: ['Mark alerts as seen to', '将告警标为已处理'],
  simWrite: ['Make faults at virtual locks', '在虚拟门锁上模拟故障'],
  organizationsWrite: ['Found organizations', '创建组织'],
  grantsRead: ['See who may open what', '查看授权'],
  grantsWrite: ['Give and take back access', '授予和收回通行权限'],
  staysWrite: ['Check guests in and out', '办理入住和退房'],
  accessUse: ['Use your own doors, phones and keys', '使用您自己的门、手机和钥匙'],
});

/** The keys of the words: a colon parts a key from the name of its texts. */
const KEYS = {
  'estate:read': 'estateRead',
  'estate:write': 'estateWrite',
  'locks:read': 'locksRead',
  'locks:operate': 'locksOperate',
  'locks:manage': 'locksManage',
  'persons:read': 'personsRead',
  'persons:write': 'personsWrite',
  'gateways:write': 'gatewaysWrite',
  'events:read': 'eventsRead',
  'tokens:write': 'tokensWrite',
  'audit:read': 'auditRead',
  'alerts:write': 'alertsWrite',
  'sim:write': 'simWrite',
  'organizations:write': 'organizationsWrite',
  'grants:read': 'grantsRead',
  'grants:write': 'grantsWrite',
  'stays:write': 'staysWrite',
  'access:use': 'accessUse',
} as const satisfies Record<Scope, NonNullable<(typeof scopeWords)['key']>>;

/** Says what may be done by a scope, in the language at hand. */
export function useScopeWords(): (scope: Scope) => string {
  const say = useTexts(scopeWords);
  return (scope) => say(KEYS[scope]);
}
