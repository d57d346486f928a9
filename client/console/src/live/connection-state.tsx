import { formatDistance, useTexts } from '@cardea/client-ui';
import type { ReactNode } from 'react';
import { StateBadge } from '../parts/state-badge.tsx';
import { useNow } from '../parts/when.tsx';
import { useConnection } from './live.tsx';
import { liveTexts } from './texts.ts';

const TONES = { connecting: 'quiet', open: 'good', lost: 'bad', failed: 'warn' } as const;

/** Whether what is on the screen is live, and since when it is not; said aloud when that changes. */
export function ConnectionState(): ReactNode {
  const say = useTexts(liveTexts);
  const { state, since } = useConnection();
  const now = useNow(state === 'lost' ? 5_000 : undefined);
  const values = state === 'lost' ? { since: formatDistance(new Date(since).toISOString(), Math.max(now, since)) } : {};
  return (
    <span role="status" className="connection-state" title={state === 'failed' ? say('failedWhy') : undefined}>
      <StateBadge tone={TONES[state]}>{say(state, values)}</StateBadge>
    </span>
  );
}
