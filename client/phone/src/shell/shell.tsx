import { problemWords, useTexts } from '@cardea/client-ui';
import { Component, type ComponentType, lazy, type ReactNode, Suspense } from 'react';
import { Link, Route, Switch, useLocation } from 'wouter';
import { usePhone } from '../own/keeper.tsx';
import { type PageEntry, pages } from '../pages.ts';
import { Page } from './page.tsx';
import { shellTexts } from './texts.ts';

/** Each page's code, loaded when it is first opened. */
const components = new Map<PageEntry, ComponentType>(
  pages.map((page) => [page, lazy(async () => ({ default: await page.load() }))]),
);

/** The page that the address names, and the bar that leads to the others. */
export function Shell(): ReactNode {
  const say = useTexts(shellTexts);
  const { me } = usePhone();
  const [at] = useLocation();
  return (
    <>
      <PageBoundary key={at}>
        <Suspense fallback={<main aria-busy="true" aria-label={say('loading')} />}>
          <Switch>
            {[...components].map(([{ path }, PageOf]) => (
              <Route key={path} path={path}>
                <PageOf />
              </Route>
            ))}
            <Route>
              <Page title={say('notThere')}>
                <Link href="/">{say('toDoors')}</Link>
              </Page>
            </Route>
          </Switch>
        </Suspense>
      </PageBoundary>
      <nav className="tabs" aria-label={say('bar')}>
        {pages
          .filter(({ inBar }) => inBar(me))
          .map(({ path, name }) => (
            <Link key={path} href={path} aria-current={path === at ? 'page' : undefined}>
              {say(name)}
            </Link>
          ))}
      </nav>
    </>
  );
}

/** Keeps a page that fails from taking the others with it. */
class PageBoundary extends Component<{ readonly children: ReactNode }, { readonly error?: unknown }> {
  override state: { readonly error?: unknown } = {};

  static getDerivedStateFromError(error: unknown): { readonly error: unknown } {
    return { error };
  }

  override render(): ReactNode {
    return this.state.error === undefined ? this.props.children : <Failed error={this.state.error} />;
  }
}

function Failed({ error }: { readonly error: unknown }): ReactNode {
  const say = useTexts(shellTexts);
  return (
    <Page title={say('failed')}>
      <p className="note bad">{problemWords(error)}</p>
      <button type="button" className="secondary" onClick={() => location.reload()}>
        {say('again')}
      </button>
    </Page>
  );
}
