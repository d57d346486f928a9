import { useTexts } from '@cardea/client-ui';
import { type ReactNode, useCallback, useState } from 'react';
import { Link } from 'wouter';
import { usePhone } from '../own/keeper.tsx';
import { useLoaded } from '../parts/use-loaded.ts';
import { Page } from '../shell/page.tsx';
import { HistoryList } from './history-list.tsx';
import { NoticeList } from './notice-list.tsx';
import { activityTexts } from './texts.ts';

/** What others did at the person's doors, and what the person did. */
export function ActivityPage(): ReactNode {
  const say = useTexts(activityTexts);
  const { signedIn, me } = usePhone();
  return (
    <Page title={say('title')}>
      {signedIn && me !== undefined ? (
        <Lists hosts={me.role !== 'guest'} />
      ) : (
        <p className="note">
          {say('signedOut')} <Link href="/sign-in">{say('signIn')}</Link>
        </p>
      )}
    </Page>
  );
}

const VIEWS = ['notices', 'history'] as const;
const NO_NAMES: ReadonlyMap<string, string> = new Map();

function Lists({ hosts }: { readonly hosts: boolean }): ReactNode {
  const say = useTexts(activityTexts);
  const [view, setView] = useState<(typeof VIEWS)[number]>('notices');
  const visitors = useVisitorNames(hosts);
  // Guests are told of nothing but their own doing.
  if (!hosts) return <HistoryList visitors={visitors} />;
  return (
    <>
      <fieldset className="views">
        <legend className="unseen">{say('views')}</legend>
        {VIEWS.map((one) => (
          <button key={one} type="button" aria-pressed={one === view} onClick={() => setView(one)}>
            {say(one)}
          </button>
        ))}
      </fieldset>
      {view === 'notices' ? <NoticeList visitors={visitors} /> : <HistoryList visitors={visitors} />}
    </>
  );
}

/** What the host called his visitors; where it cannot be had, a visitor is just one. */
function useVisitorNames(hosts: boolean): ReadonlyMap<string, string> {
  const { api } = usePhone();
  const load = useCallback(
    async (signal: AbortSignal): Promise<ReadonlyMap<string, string>> => {
      const names = new Map<string, string>();
      if (!hosts) return names;
      for await (const { id, name } of api.visitors.list({}, { signal })) names.set(id, name);
      return names;
    },
    [api, hosts],
  );
  return useLoaded(load).value ?? NO_NAMES;
}
