import { defineTexts } from '@cardea/client-ui';

/** What is said of a door's state, on the plan, in lists and on its page. */
export const doorTexts = defineTexts('doors', {
  locked: ['Locked', '已上锁'],
  unlocked: ['Unlocked', '已开锁'],
  open: ['Open', '门开着'],
  forced: ['Forced', '被强行打开'],
  jammed: ['Jammed', '锁舌卡住'],
  unknown: ['Unknown', '状态未知'],
  no_lock: ['No lock', '未装锁'],
  stale: ['Stale', '状态已过时'],
  battery: ['Battery low', '电量低'],
  lockdown: ['Lockdown', '封锁模式'],
  passage: ['Passage mode', '常开模式'],
  tamper: ['Tampered with', '被拆动'],
  privacy: ['Privacy is set inside', '室内已设请勿打扰'],
  never_proved: ['it has never proved its state', '从未证实过状态'],
  restored: ['nothing was proved since the record came back from a backup', '从备份恢复后尚未证实'],
  gateway_offline: ['no gateway that reaches it is online', '可达的网关均不在线'],
  overdue: ['it has not answered when it was asked', '询问后未应答'],
  proved: ['proved {{at}}', '证实于 {{at}}'],
  staleSince: ['stale since {{at}}: {{why}}', '自 {{at}} 起过时：{{why}}'],
  staleBecause: ['stale: {{why}}', '已过时：{{why}}'],
  batteryAt: ['battery {{percent}} %', '电量 {{percent}}%'],
  separator: [', ', '，'],
});
