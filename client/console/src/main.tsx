import '@mantine/core/styles.css';
import { ApiContext, createOwnServer, startTexts, useTexts } from '@cardea/client-ui';
import { MantineProvider, Title } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { appTexts } from './texts.ts';

function Console() {
  const say = useTexts(appTexts);
  return <Title order={1}>{say('name')}</Title>;
}

startTexts();
const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <MantineProvider defaultColorScheme="auto">
      <QueryClientProvider client={new QueryClient()}>
        <ApiContext value={createOwnServer()}>
          <Console />
        </ApiContext>
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
