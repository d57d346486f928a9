import type { Attempt, AttemptReason, Receipt } from '@cardea/wire-api';
import { defineTexts, say, type TextTable } from './texts.ts';

/** Why a lock did not do what a key at its door asked, beside the reasons of attempts. */
export type KeyReason = 'expired' | 'revoked' | 'outside_schedule' | 'spent' | 'clock' | 'failed';

const REASONS = {
  jammed: ['The bolt is jammed. Free it, then try again.', '锁舌卡住。请排除后重试。'],
  battery_empty: [
    'The battery is too empty to move the bolt. Change it; the mechanical key works meanwhile.',
    '电量不足，无法驱动锁舌。请更换电池；其间可用机械钥匙。',
  ],
  privacy: ['Privacy is set from inside.', '室内已设请勿打扰。'],
  not_permitted: ['The lock does not permit it.', '门锁不允许此操作。'],
  clock_drift: ["The lock's clock is off.", '门锁时钟不准。'],
  clock_uncertain: ['The lock does not trust its own clock: set it.', '门锁不信任自身时钟：请校时。'],
  late: ['It reached the lock too late, and the lock did not act. Try again.', '命令到达太迟，门锁未执行。请重试。'],
  busy: ['The lock is busy with another command. Try again.', '门锁正忙于另一命令。请重试。'],
  not_bound: ['The lock is not enrolled.', '门锁未绑定。'],
  key_mismatch: [
    'The lock does not accept our key. It may have been reset: enrol it again.',
    '门锁不接受我们的密钥，可能已被重置：请重新绑定。',
  ],
  refused: ['The lock refused.', '门锁拒绝了。'],
  out_of_range: ['The lock is out of radio range of its gateway.', '门锁不在网关的无线范围内。'],
  gateway_offline: ['No gateway that reaches the lock is online.', '可达此锁的网关均不在线。'],
  no_answer: ['The lock did not answer. Nothing says that it acted.', '门锁未应答，没有证据表明它已执行。'],
  superseded: ['A later command took its place.', '已被之后的命令取代。'],
  unsupported: ['The lock cannot do this.', '门锁不支持此操作。'],
  full: ['The lock has no room for more of these.', '门锁已无空间存放更多。'],
  lockdown: ['The lock is in lockdown: only an override opens it.', '门锁处于封锁模式：只有强制开锁可以打开。'],
  internal: ['The server made a mistake.', '服务器出错。'],
  outcome_unknown: [
    'Outcome unknown: it was sent and no receipt came in time. The lock may or may not have acted. Ask it for its state.',
    '结果未知：命令已发出，但未及时收到回执。门锁可能已执行，也可能没有。请查询其状态。',
  ],
  not_sent: ['It was never sent, and never will be. Try again.', '命令从未发出，也不会再发出。请重试。'],
  expired: [
    'The key for it has run out. Fetch it anew, if it is still yours.',
    '此门的钥匙已过期。如仍有权限，请重新获取。',
  ],
  revoked: ['The key for it was taken back.', '此门的钥匙已被收回。'],
  outside_schedule: ['Not at this time of the day.', '当前时段不可开门。'],
  spent: ['The key was used as often as it may be.', '钥匙的使用次数已用完。'],
  clock: [
    'The lock does not trust its clock. It opens through the server, or once the server has set it.',
    '门锁时钟不可信。请通过服务器开门，或等待服务器校时。',
  ],
  failed: ['The lock has failed.', '门锁出现故障。'],
} as const satisfies Readonly<Record<AttemptReason | KeyReason, TextTable[string]>>;

const reasonTexts = defineTexts('attempt-reasons', REASONS);

const REASON_NAMES = Object.keys(REASONS) as readonly (AttemptReason | KeyReason)[];

const attemptTexts = defineTexts('attempts', {
  asked: ['Asked; waiting for its turn', '已请求，等待轮到'],
  confirm: ['Waiting for another person to confirm', '等待另一人确认'],
  queued: ["Number {{place}} in the gateway's queue", '在网关队列中排第 {{place}}'],
  onAir: ['On the air', '正在无线传输'],
  sent: ["Sent; waiting for the lock's receipt", '已发出，等待门锁回执'],
  succeeded: ['Done: the lock says so', '已完成：门锁已确认'],
  failed: ['Failed', '失败'],
  expired: ['Expired', '已过期'],
  unknown: ['Outcome unknown', '结果未知'],
  unproved: ['Called done without a receipt: not taken for true', '声称完成但无回执：不予采信'],
  receipt: [
    'The lock says: bolt {{bolt}}, door {{door}}, battery {{battery}} % (receipt after event {{sequence}})',
    '门锁回执：锁舌{{bolt}}，门{{door}}，电量 {{battery}}%（事件 {{sequence}} 之后）',
  ],
  bolt_locked: ['locked', '已锁'],
  bolt_unlocked: ['unlocked', '已开'],
  bolt_jammed: ['jammed', '卡住'],
  door_open: ['open', '开着'],
  door_closed: ['closed', '关着'],
  drift_ahead: ['It is {{seconds}} s ahead.', '快 {{seconds}} 秒。'],
  drift_behind: ['It is {{seconds}} s behind.', '慢 {{seconds}} 秒。'],
  drift_set: [
    'The server sets it now. Then try again: nothing is retried by itself.',
    '服务器正在校时。之后请重试：不会自动重试。',
  ],
  drift_step: [
    'To set it back so far wants your word. Then try again: nothing is retried by itself.',
    '回拨这么多需要您确认。之后请重试：不会自动重试。',
  ],
});

/** How far an attempt has come, for a person. `unknown`: nobody knows whether the lock acted. */
export interface AttemptWords {
  readonly tone: 'under_way' | 'succeeded' | 'failed' | 'unknown';
  readonly title: string;
  /** Why, and what to do next; empty where there is nothing to say. */
  readonly meaning: string;
}

/** A step back of more seconds than this waits for an operator. */
const STEP_BACK_LIMIT_S = 60;

/** An attempt in words. A success is one only with the lock's receipt. */
export function attemptWords(attempt: Attempt): AttemptWords {
  const { state, reason, receipt } = attempt;
  if (state === 'pending' || state === 'sent') return { tone: 'under_way', title: stageWords(attempt), meaning: '' };
  if (state === 'succeeded') {
    return receipt === null
      ? { tone: 'unknown', title: say(attemptTexts, 'unproved'), meaning: '' }
      : { tone: 'succeeded', title: say(attemptTexts, 'succeeded'), meaning: receiptWords(receipt) };
  }
  if (reason === 'outcome_unknown') {
    return { tone: 'unknown', title: say(attemptTexts, 'unknown'), meaning: say(reasonTexts, reason) };
  }
  return { tone: 'failed', title: say(attemptTexts, state), meaning: whyWords(reason, attempt.clock_offset_s) };
}

/**
 * Why nothing came of asking a lock, by an attempt or by a key at the door, and what to do about it; undefined for what is
 * none of the reasons.
 */
export function reasonWords(reason: AttemptReason | KeyReason): string;
export function reasonWords(reason: unknown): string | undefined;
export function reasonWords(reason: unknown): string | undefined {
  const known = REASON_NAMES.find((one) => one === reason);
  return known === undefined ? undefined : say(reasonTexts, known);
}

/** The part of a receipt that people are told. */
export type ToldReceipt = Pick<Receipt, 'bolt' | 'door' | 'battery_percent' | 'lock_sequence'>;

/** What a receipt says. */
export function receiptWords({ bolt, door, battery_percent: battery, lock_sequence: sequence }: ToldReceipt): string {
  return say(attemptTexts, 'receipt', {
    bolt: say(attemptTexts, `bolt_${bolt}`),
    door: say(attemptTexts, `door_${door}`),
    battery,
    sequence,
  });
}

function stageWords({ state, queue_position: place, confirm_by: confirmBy }: Attempt): string {
  if (state === 'sent' && place === null) return say(attemptTexts, 'sent');
  if (place === 0) return say(attemptTexts, 'onAir');
  if (place !== null) return say(attemptTexts, 'queued', { place });
  if (confirmBy !== null) return say(attemptTexts, 'confirm');
  return say(attemptTexts, 'asked');
}

function whyWords(reason: AttemptReason | null, offsetS: number | null): string {
  if (reason === null) return '';
  const why = say(reasonTexts, reason);
  if (reason !== 'clock_drift' || offsetS === null) return why;
  const seconds = Math.round(Math.abs(offsetS) * 10) / 10;
  const off = say(attemptTexts, offsetS > 0 ? 'drift_ahead' : 'drift_behind', { seconds });
  const next = say(attemptTexts, offsetS > STEP_BACK_LIMIT_S ? 'drift_step' : 'drift_set');
  return `${why} ${off} ${next}`;
}
