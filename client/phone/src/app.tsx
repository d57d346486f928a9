import { useTexts } from '@cardea/client-ui';
import { type ReactNode, useEffect, useState } from 'react';
import { Redirect, Route, Router, Switch } from 'wouter';
import { NoticeKeeper } from './activity/notice-keeper.tsx';
import { type KeptDoor, openVault, type Vault } from './kept/vault.ts';
import { PhoneKeeper, usePhone } from './own/keeper.tsx';
import { type OwnPhone, openOwnPhone } from './own/own-phone.ts';
import { Shell } from './shell/shell.tsx';
import { JoinPage } from './sign-in/join-page.tsx';
import { SignInPage } from './sign-in/sign-in-page.tsx';
import { appTexts } from './texts.ts';
import type { InstalledApp } from './update/installed-app.ts';
import { UpdateNote } from './update/update-note.tsx';

interface Started {
  readonly own: OwnPhone;
  readonly vault: Vault;
  readonly kept: readonly KeptDoor[];
}

/**
 * The app: opens what this browser keeps, then shows the page that the address names. `installing` keeps the app itself, so
 * that it opens without the server.
 */
export function App({ installing }: { readonly installing: Promise<InstalledApp | undefined> }): ReactNode {
  const say = useTexts(appTexts);
  const [started, setStarted] = useState<Started | Error | undefined>(undefined);
  useEffect(() => {
    start().then(setStarted, (error: unknown) => setStarted(error instanceof Error ? error : new Error(String(error))));
  }, []);
  if (started === undefined) return <main aria-busy="true" />;
  if (started instanceof Error) {
    return (
      <main>
        <h1>{say('name')}</h1>
        <p className="note bad">{say('notKept', { why: started.message })}</p>
      </main>
    );
  }
  return (
    <PhoneKeeper {...started}>
      <UpdateNote installing={installing} />
      <NoticeKeeper>
        <Router base="/phone">
          <Pages />
        </Router>
      </NoticeKeeper>
    </PhoneKeeper>
  );
}

async function start(): Promise<Started> {
  const vault = await openVault();
  return { vault, own: await openOwnPhone(vault), kept: await vault.doors() };
}

function Pages(): ReactNode {
  const { own, signedIn } = usePhone();
  const stranger = !signedIn && own.phone.phoneId === undefined;
  return (
    <Switch>
      <Route path="/join" component={JoinPage} />
      <Route path="/sign-in">{signedIn ? <Redirect to="/" replace /> : <SignInPage />}</Route>
      <Route>{stranger ? <SignInPage /> : <Shell />}</Route>
    </Switch>
  );
}
