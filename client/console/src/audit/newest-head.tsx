import { formatMoment, useApi, useTexts } from '@cardea/client-ui';
import { toBase64 } from '@cardea/kit-octets';
import type { TreeHead } from '@cardea/wire-audit';
import { Button, Code, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Facts } from '../parts/facts.tsx';
import { Panel } from '../parts/page.tsx';
import { StateBadge } from '../parts/state-badge.tsx';
import { Loaded } from '../parts/states.tsx';
import { When } from '../parts/when.tsx';
import { useZone } from '../shell/property.tsx';
import { checkHead, type HeadCheck } from './check-log.ts';
import { browserStore } from './known-log.ts';
import { auditTexts } from './texts.ts';

/** The newest head, held to the last one that this browser saw. */
export function NewestHead(): ReactNode {
  const api = useApi();
  const say = useTexts(auditTexts);
  const check = useQuery({
    queryKey: ['audit', 'newest'],
    queryFn: ({ signal }) => checkHead(api, browserStore, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <Panel
      title={say('newest')}
      actions={
        <Button size="xs" variant="default" loading={check.isFetching} onClick={() => void check.refetch()}>
          {say('checkAgain')}
        </Button>
      }
    >
      <Loaded query={check}>{(found) => <Outcome check={found} />}</Loaded>
    </Panel>
  );
}

function Outcome({ check }: { readonly check: HeadCheck }): ReactNode {
  const say = useTexts(auditTexts);
  const words = useWords(check);
  return (
    <Stack gap="sm">
      <div role="status">
        <StateBadge tone={check.kind === 'good' ? 'good' : 'bad'}>
          {say(check.kind === 'good' ? 'good' : 'bad')}
        </StateBadge>{' '}
        <Text span size="sm">
          {words}
        </Text>
      </div>
      {'head' in check && (
        <HeadFacts head={check.head} publicKey={check.kind === 'good' ? check.publicKey : undefined} />
      )}
    </Stack>
  );
}

function useWords(check: HeadCheck): string {
  const say = useTexts(auditTexts);
  const zone = useZone();
  const when = (head: TreeHead): string => formatMoment(new Date(head.time).toISOString(), zone);
  switch (check.kind) {
    case 'good':
      if (check.past === undefined) return say('goodFirst');
      return check.past.size === check.head.size
        ? say('goodSame', { when: when(check.past) })
        : say('goodPast', { past: check.past.size, when: when(check.past) });
    case 'other_key':
      return say('otherKey');
    case 'unsigned':
      return say('unsigned');
    case 'broken':
      return say('broken', { size: check.head.size, past: check.past.size, when: when(check.past) });
  }
}

function HeadFacts({
  head,
  publicKey,
}: {
  readonly head: TreeHead;
  readonly publicKey: Uint8Array | undefined;
}): ReactNode {
  const say = useTexts(auditTexts);
  return (
    <Facts
      facts={[
        { name: say('leaves'), value: head.size },
        { name: say('signed'), value: <When at={new Date(head.time).toISOString()} seconds /> },
        { name: say('root'), value: <Code>{toBase64(head.root)}</Code> },
        ...(publicKey === undefined ? [] : [{ name: say('key'), value: <Code>{toBase64(publicKey)}</Code> }]),
      ]}
    />
  );
}
