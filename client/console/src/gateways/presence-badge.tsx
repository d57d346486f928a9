import { useTexts } from '@cardea/client-ui';
import type { Gateway } from '@cardea/wire-api';
import type { ReactNode } from 'react';
import { StateBadge } from '../parts/state-badge.tsx';
import { gatewayTexts } from './texts.ts';
import { presenceOf } from './words.ts';

/** Whether a gateway is there. */
export function PresenceBadge({ gateway }: { readonly gateway: Pick<Gateway, 'state' | 'online'> }): ReactNode {
  const say = useTexts(gatewayTexts);
  const { key, tone } = presenceOf(gateway);
  return <StateBadge tone={tone}>{say(key)}</StateBadge>;
}
