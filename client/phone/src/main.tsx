import { ApiContext, createOwnServer, startTexts, useTexts } from '@cardea/client-ui';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { appTexts } from './texts.ts';

function PhoneApp() {
  const say = useTexts(appTexts);
  return <h1>{say('name')}</h1>;
}

startTexts();
const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <ApiContext value={createOwnServer()}>
      <PhoneApp />
    </ApiContext>
  </StrictMode>,
);
