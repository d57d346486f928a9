import { defineTexts, say, type TextTable } from '@cardea/client-ui';

const REASONS = {
  needs_server: ['only the server decides, so there is no key', '只能由服务器判断，不发放钥匙'],
  offline_off: ['this property opens through the server alone', '此物业只允许经服务器开门'],
  counted_elsewhere: ['counted openings have one method', '限次授权只能使用一种方式'],
  replaced: ['replaced by a newer key', '已被新钥匙取代'],
  bound_anew: ['the lock was enrolled anew: make the PIN again', '门锁已重新绑定，请重新生成密码'],
  unsupported: ['these locks keep no keys', '此类门锁不支持'],
  full: ['the lock has no room for more', '门锁存储已满'],
  out_of_range: ['the lock was out of range', '门锁不在无线范围内'],
  gateway_offline: ['no gateway that reaches the lock is online', '可达此锁的网关均不在线'],
  no_answer: ['the lock did not answer', '门锁未应答'],
  outcome_unknown: ['no answer came in time', '未及时收到应答'],
  not_sent: ['it could not be sent', '未能发出'],
  busy: ['the lock was busy', '门锁正忙'],
  refused: ['the lock refused', '门锁拒绝'],
} as const satisfies TextTable;

const reasonTexts = defineTexts('method-reasons', REASONS);

/** Why a method is not where it should be (docs/keys.md), in words; a reason that is not known here as it is. */
export function methodReasonWords(reason: string): string {
  return isKnown(reason) ? say(reasonTexts, reason) : reason;
}

function isKnown(reason: string): reason is keyof typeof REASONS {
  return Object.hasOwn(REASONS, reason);
}
