import { problemWords, useTexts } from '@cardea/client-ui';
import { type ComponentType, type ReactNode, useEffect, useState } from 'react';
import { Link, Route, Switch, useLocation } from 'wouter';
import { useNotices } from '../activity/notice-keeper.tsx';
import { usePhone } from '../own/keeper.tsx';
import { type PageEntry, pages } from '../pages.ts';
import { Page } from './page.tsx';
import { shellTexts } from './texts.ts';

const MOST_COUNTED = 99;

/** The page that the address names, and the bar that leads to the others. */
export function Shell(): ReactNode {
  const say = useTexts(shellTexts);
  const { me } = usePhone();
  const unread = useNotices().page?.unread ?? 0;
  const [at] = useLocation();
  return (
    <>
      <Switch>
        {pages.map((page) => (
          <Route key={page.path} path={page.path}>
            <LoadedPage key={page.path} page={page} />
          </Route>
        ))}
        <Route>
          <Page title={say('notThere')}>
            <Link href="/">{say('toDoors')}</Link>
          </Page>
        </Route>
      </Switch>
      <nav className="tabs" aria-label={say('bar')}>
        {pages
          .filter(({ inBar }) => inBar(me))
          .map(({ path, name, counts }) => (
            <BarLink key={path} path={path} name={say(name)} current={path === at} unread={counts ? unread : 0} />
          ))}
      </nav>
    </>
  );
}

function BarLink({
  path,
  name,
  current,
  unread,
}: {
  readonly path: string;
  readonly name: string;
  readonly current: boolean;
  readonly unread: number;
}): ReactNode {
  const say = useTexts(shellTexts);
  return (
    <Link
      href={path}
      aria-current={current ? 'page' : undefined}
      aria-label={unread === 0 ? undefined : say('unread', { page: name, count: unread })}
    >
      {name}
      {unread > 0 && <span className="count">{unread > MOST_COUNTED ? `${MOST_COUNTED}+` : unread}</span>}
    </Link>
  );
}

/** Pages whose code is here. */
const components = new Map<PageEntry, ComponentType>();

/** A page, whose code is loaded when it is first opened. Not by `lazy`: Preact's forgets the effects of what it suspends. */
function LoadedPage({ page }: { readonly page: PageEntry }): ReactNode {
  const say = useTexts(shellTexts);
  const [Component, setComponent] = useState(() => components.get(page));
  const [failed, setFailed] = useState<unknown>(undefined);
  const missing = Component === undefined;
  useEffect(() => {
    if (!missing) return;
    page.load().then((component) => {
      components.set(page, component);
      setComponent(() => component);
    }, setFailed);
  }, [missing, page]);
  if (failed !== undefined) {
    return (
      <Page title={say('failed')}>
        <p className="note bad">{problemWords(failed)}</p>
        <button type="button" className="secondary" onClick={() => location.reload()}>
          {say('again')}
        </button>
      </Page>
    );
  }
  return Component === undefined ? <main aria-busy="true" aria-label={say('loading')} /> : <Component />;
}
