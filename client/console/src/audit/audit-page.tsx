import { useTexts } from '@cardea/client-ui';
import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { pageTexts } from '../page-texts.ts';
import { Page } from '../parts/page.tsx';
import { HeadList } from './head-list.tsx';
import { NewestHead } from './newest-head.tsx';
import { ProveEvent } from './prove-event.tsx';
import { auditTexts } from './texts.ts';
import { WholeLog } from './whole-log.tsx';

/** The audit log: held by this browser to what it saw before, proved event by event, exported. */
export function AuditPage(): ReactNode {
  const say = useTexts(auditTexts);
  const sayPage = useTexts(pageTexts);
  return (
    <Page title={sayPage('audit')} lead={say('lead')}>
      <NewestHead />
      <WholeLog />
      <ProveEvent />
      <HeadList />
      <Text size="sm" c="dimmed" maw="48rem">
        {say('provesWhat')} {say('verifiedHere')}
      </Text>
    </Page>
  );
}
