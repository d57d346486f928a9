import { defineTexts } from '@cardea/client-ui';

/** What is said of alerts: each rule's name, what it means, and what to look at. */
export const alertTexts = defineTexts('alerts', {
  open: ['Open', '未处理'],
  all: ['All', '全部'],
  show: ['Show', '显示'],
  none: ['No open alerts', '没有未处理的告警'],
  noneWhy: [
    'The server watches its own record; what it finds stands here.',
    '服务器持续监测自身记录，发现的问题会显示在这里。',
  ],
  noneEver: ['No alerts so far', '尚无告警'],
  alerts: ['Alerts', '告警'],
  openCount_one: ['{{count}} open alert', '{{count}} 条未处理告警'],
  openCount_other: ['{{count}} open alerts', '{{count}} 条未处理告警'],
  openMore: ['more than {{count}} open alerts', '超过 {{count}} 条未处理告警'],
  count_one: ['{{count}} event', '{{count}} 个事件'],
  count_other: ['{{count}} events', '{{count}} 个事件'],
  first: ['first', '首次'],
  last: ['last', '最近'],
  acknowledge: ['Seen to', '已处理'],
  acknowledged: ['seen to', '已处理'],
  acknowledgedBy: ['seen to by', '处理人'],
  evidence: ['What it rests on', '依据'],
  evidenceOf: ['The first and the last of {{count}} events', '{{count}} 个事件中最早和最晚的'],
  gone: [
    'These events have been removed by their age. Their leaves are in the audit log.',
    '这些事件已按期限删除，其条目仍在审计日志中。',
  ],
  denied_burst: ['Somebody keeps trying what is not permitted', '有人多次尝试无权限的操作'],
  denied_burstWhat: [
    'Requests of one person were refused for want of rights, again and again. Ask the person; a stolen session looks like this.',
    '某人的请求多次因权限不足被拒。请询问本人；会话被盗时也会如此。',
  ],
  refused_at_lock: ['A lock refuses somebody again and again', '门锁多次拒绝开门'],
  refused_at_lockWhat: [
    'Somebody at the door has no right to open it, or a key that has ended. See who was there.',
    '门前的人无权开门，或其钥匙已失效。请查看是谁。',
  ],
  sign_in_burst: ['Failed sign-ins to one account', '单个账户多次登录失败'],
  sign_in_burstWhat: ['The account is locked out for a while. Ask its owner.', '该账户已暂时锁定。请询问账户本人。'],
  sign_in_stuffing: ['Failed sign-ins to many accounts', '多个账户登录失败'],
  sign_in_stuffingWhat: [
    'A list of passwords is being tried. Require second factors.',
    '有人正在批量尝试密码。请要求启用第二验证因素。',
  ],
  forged_messages: ["Messages that are not the lock's own", '收到非门锁发出的消息'],
  forged_messagesWhat: [
    'They were altered, replayed or forged, and did nothing. Look at what stands near the lock or its gateway.',
    '消息被篡改、重放或伪造，未产生作用。请检查门锁或网关附近。',
  ],
  clock_jump: ["A lock's clock jumped", '门锁时钟跳变'],
  clock_jumpWhat: [
    'Windows and schedules may have been judged by a wrong time. Set the clock on the page of the door.',
    '有效期和时间表可能按错误时间判断。请在该门的页面校时。',
  ],
  gateway_flapping: ['A gateway comes and goes', '网关频繁掉线'],
  gateway_flappingWhat: ['Look at its power and its network.', '请检查其电源和网络。'],
  event_gap: ['Events of a lock are missing', '门锁事件有缺失'],
  event_gapWhat: ['The record cannot show all that the lock has counted.', '记录未能包含门锁计数的全部事件。'],
  event_chain: ["A lock's signed record does not fit", '门锁签名记录不符'],
  event_chainWhat: [
    'What the lock has signed is not what was recorded, or does not come. Look at the lock itself.',
    '门锁签名的内容与记录不符或未到达。请检查门锁。',
  ],
  key_trouble: ['The keys of a lock do not fit', '门锁密钥不符'],
  key_troubleWhat: [
    'It may have been reset or exchanged. Look at the lock itself, and enrol it again.',
    '门锁可能已被重置或调换。请检查并重新绑定。',
  ],
  tamper: ['A door was forced, or a lock tampered with', '门被强行打开或门锁被拆动'],
  tamperWhat: ['Send somebody.', '请派人查看。'],
  unasked_open: ['A door opened that nobody asked to open', '无人请求的开门'],
  unasked_openWhat: [
    'The lock opened by a command that is not in the record. Look into it at once.',
    '门锁执行了记录中不存在的命令。请立即调查。',
  ],
  override_used: ['A door was opened by override', '使用了强制开锁'],
  override_usedWhat: [
    'Privacy or a lockdown was overridden. The reason stands with the event.',
    '勿扰或封锁状态被强制解除，原因见事件。',
  ],
});
