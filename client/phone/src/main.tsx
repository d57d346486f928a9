import './styles/app.css';
import { startTexts, startTrustedTypes } from '@cardea/client-ui';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { installApp } from './update/installed-app.ts';

startTrustedTypes();
startTexts();
const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <App installing={installApp()} />
  </StrictMode>,
);
