import { useTexts } from '@cardea/client-ui';
import { Box, Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { pageTexts } from '../page-texts.ts';
import { Page, Panel } from '../parts/page.tsx';
import { useScopes } from '../session/session.tsx';
import { accountPageTexts } from './account-page-texts.ts';
import { ChangePassword } from './change-password.tsx';
import { ContactsPanel } from './contacts-panel.tsx';
import { SecondFactorsPanel } from './second-factors.tsx';
import { SessionsPanel } from './sessions-panel.tsx';
import { accountTexts } from './texts.ts';

/** What somebody has of his own here: password, second factors, sessions, addresses. */
export function AccountPage(): ReactNode {
  const say = useTexts(accountPageTexts);
  const sayPage = useTexts(pageTexts);
  const sayAccount = useTexts(accountTexts);
  const mayMakeTokens = useScopes()('tokens:write');
  return (
    <Page
      title={sayPage('account')}
      lead={say('lead')}
      actions={
        mayMakeTokens && (
          <Button component={Link} href="/tokens" variant="default">
            {sayPage('tokens')}
          </Button>
        )
      }
    >
      <SecondFactorsPanel />
      <SessionsPanel />
      <ContactsPanel />
      <Panel title={sayAccount('changePassword')}>
        <Box maw="24rem">
          <ChangePassword />
        </Box>
      </Panel>
    </Page>
  );
}
