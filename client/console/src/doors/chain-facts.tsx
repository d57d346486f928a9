import { useApi, useTexts } from '@cardea/client-ui';
import type { LockChain } from '@cardea/wire-api';
import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useFreshBy } from '../live/use-fresh-by.ts';
import { StateBadge } from '../parts/state-badge.tsx';
import { Loaded } from '../parts/states.tsx';
import { When } from '../parts/when.tsx';
import { lockTexts } from './lock-texts.ts';

/** How far the record that a lock has signed is verified, and what is missing of it. */
export function ChainFacts({ lockId }: { readonly lockId: string }): ReactNode {
  const api = useApi();
  const key = ['locks', lockId, 'chain'] as const;
  useFreshBy(key, ({ type, lock_id: of }) => of === lockId && /^(?:door|alarm)\.(?:chain_|event_gap)/.test(type));
  const chain = useQuery({ queryKey: key, queryFn: ({ signal }) => api.locks.chain(lockId, { signal }) });
  return <Loaded query={chain}>{(read) => <Facts chain={read} />}</Loaded>;
}

function Facts({ chain }: { readonly chain: LockChain }): ReactNode {
  const say = useTexts(lockTexts);
  if (!chain.chained) return say('noChain');
  const open = chain.gaps.filter(({ closed_at: at }) => at === null);
  return (
    <>
      {chain.verified_to === 0 ? say('notVerified') : say('verified', { sequence: chain.verified_to })}{' '}
      {open.length > 0 && <StateBadge tone="bad">{say('gaps', { count: open.length })}</StateBadge>}
      {chain.last_head_at !== null && (
        <Text size="sm" c="dimmed">
          {say('lastHead')} <When at={chain.last_head_at} />
          {chain.unsettled_since !== null && ` · ${say('unsettled')}`}
        </Text>
      )}
      {chain.gaps.length > 0 && (
        <ul className="gaps">
          {chain.gaps.map(({ id, from, to, kind, closed_at: closedAt }) => (
            <li key={id}>
              {say('gap', { from, to, kind: closedAt === null ? say(`gap_${kind}`) : say('gapClosed') })}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
