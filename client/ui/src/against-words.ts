import type { Explanation } from '@cardea/wire-api';
import { defineTexts, say, type TextTable } from './texts.ts';

/** A rule of a decision, by its stable name (docs/grants.md). */
type RuleName = Explanation['from_afar']['rules'][number]['rule'];

const AGAINST = {
  person: ['Your account is not active.', '您的账户未启用。'],
  role: ['Your role does not open doors.', '您的角色不能开门。'],
  grant: ['You have no access to this door any more.', '您已没有此门的权限。'],
  operation: ['What you were given does not include this.', '您的授权不包含此操作。'],
  window: ['It is not the time for which you were given access.', '当前不在您的授权有效期内。'],
  schedule: ['Not at this time of the day or week.', '当前时段不可开门。'],
  uses: ['Your access was used as often as it may be.', '您的授权次数已用完。'],
  geofence: ['Only for whoever says that he is at the property.', '须报告您位于物业范围内方可开门。'],
  first_use: ['Your access begins with a first opening through the server.', '须先通过服务器首次开门，授权才会生效。'],
  second_person: ['A second person has to confirm, through the server.', '须由第二人通过服务器确认。'],
  method: ['No key, card or PIN of yours opens it at the lock.', '您没有可在门锁上使用的钥匙、门卡或密码。'],
  lock: ['No lock of ours is on this door.', '此门没有归属本系统的门锁。'],
  mode: ['Privacy is set from inside, or the door is in lockdown.', '室内已设请勿打扰，或此门处于封锁模式。'],
  clock: ['The lock does not trust its clock.', '门锁时钟不可信。'],
  last_proof: ['The lock has not been heard of for too long.', '门锁失联时间过长。'],
  gateway: ['No gateway that reaches the lock is online.', '可达此锁的网关均不在线。'],
} as const satisfies Readonly<Record<RuleName, TextTable[string]>>;

const againstTexts = defineTexts('against', AGAINST);
const RULES = Object.keys(AGAINST) as readonly RuleName[];

/**
 * Why a door does not open, for whoever wants to open it: by the first rule that stands against it (`against`). Undefined
 * where nothing does, or a rule that this app does not know.
 */
export function againstWords(rule: string | null | undefined): string | undefined {
  const known = RULES.find((one) => one === rule);
  return known === undefined ? undefined : say(againstTexts, known);
}
