import type { Say, Texts } from '@cardea/client-ui';
import type { Gateway } from '@cardea/wire-api';
import type { Tone } from '../parts/state-badge.tsx';
import type { gatewayTexts } from './texts.ts';

type KeyOf<T> = T extends Texts<infer Key> ? Key : never;
export type SayGateway = Say<KeyOf<typeof gatewayTexts>>;

/** At and above it, dBm, a lock is heard well; below {@link WEAK_DBM} connections begin to fail. */
const STRONG_DBM = -65;
const WEAK_DBM = -85;

/** How a gateway is there, and how that is to be taken. */
export function presenceOf({ state, online }: Pick<Gateway, 'state' | 'online'>): {
  readonly key: 'online' | 'offline' | 'enrolling' | 'withdrawn';
  readonly tone: Tone;
} {
  if (state !== 'enrolled') return { key: state, tone: 'quiet' };
  return online ? { key: 'online', tone: 'good' } : { key: 'offline', tone: 'bad' };
}

/** A strength of reception (dBm) in a word. */
export function strengthOf(rssiDbm: number): 'strong' | 'fair' | 'weak' {
  return rssiDbm >= STRONG_DBM ? 'strong' : rssiDbm >= WEAK_DBM ? 'fair' : 'weak';
}

const REASONS = ['out_of_range', 'no_answer', 'unsupported', 'busy', 'expired', 'failed'] as const;

/** Why a connection failed; what is not known is said as it is. */
export function reasonWord(say: SayGateway, reason: string): string {
  const known = REASONS.find((one) => one === reason);
  return known === undefined ? reason : say(known);
}
