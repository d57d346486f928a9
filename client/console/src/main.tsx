import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import './app.css';
import { startTexts, startTrustedTypes } from '@cardea/client-ui';
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { StrictMode, startTransition } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { SessionKeeper } from './session/session.tsx';
import { cssVariables, theme } from './theme.ts';

startTrustedTypes();
startTexts();
const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
/** The server's content security policy allows the one style element of the component library by this. */
const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';
// The dialogs' scroll lock makes a style element of its own, and takes its nonce from here alone.
Object.assign(globalThis, { __webpack_nonce__: nonce });
const screen = createRoot(root);
// In a transition React draws in slices, and not the whole in one task.
startTransition(() =>
  screen.render(
    <StrictMode>
      <MantineProvider
        defaultColorScheme="auto"
        theme={theme}
        cssVariablesResolver={cssVariables}
        getStyleNonce={() => nonce}
      >
        <Notifications position="bottom-right" />
        <SessionKeeper>
          <App />
        </SessionKeeper>
      </MantineProvider>
    </StrictMode>,
  ),
);
