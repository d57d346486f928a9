import { useTexts } from '@cardea/client-ui';
import { Button } from '@mantine/core';
import { type ComponentType, lazy, type ReactNode, Suspense } from 'react';
import { Link, Redirect, Route, Switch, useLocation } from 'wouter';
import { pages as everyPage, type PageEntry } from '../pages.ts';
import { ErrorBoundary } from '../parts/error-boundary.tsx';
import { Page } from '../parts/page.tsx';
import { Empty, Loading } from '../parts/states.tsx';
import { useScopes } from '../session/session.tsx';
import { useProperties } from './property.tsx';
import { shellTexts } from './texts.ts';

/** Each page's code, loaded when it is first opened. */
const components = new Map<PageEntry, ComponentType>(
  everyPage.map((page) => [page, lazy(async () => ({ default: await page.load() }))]),
);

/** The page that the address names, among those that may be opened. */
export function PageRoutes({ pages }: { readonly pages: readonly PageEntry[] }): ReactNode {
  const [at] = useLocation();
  const { chosen } = useProperties();
  const setup = pages.find(({ name }) => name === 'setup');
  // Where there is nothing yet, the console begins with the guide.
  const first = (chosen === undefined ? setup : undefined) ?? pages.find(({ group }) => group !== undefined);
  return (
    <ErrorBoundary at={at}>
      <Suspense fallback={<Loading />}>
        <Switch>
          {first !== undefined && first.path !== '/' && (
            <Route path="/">
              <Redirect to={first.path} replace />
            </Route>
          )}
          {pages.map((page) => (
            <Route key={page.path} path={page.path}>
              <OnePage page={page} />
            </Route>
          ))}
          <Route>
            <NoPage />
          </Route>
        </Switch>
      </Suspense>
    </ErrorBoundary>
  );
}

/** The page anew for each property, so that nothing of one is shown at another. */
function OnePage({ page }: { readonly page: PageEntry }): ReactNode {
  const { chosen } = useProperties();
  const Component = components.get(page);
  if (Component === undefined) return <NoPage />;
  if (!page.ofProperty) return <Component />;
  return chosen === undefined ? <NoProperty /> : <Component key={chosen.id} />;
}

function NoProperty(): ReactNode {
  const say = useTexts(shellTexts);
  const maySetUp = useScopes()('estate:write');
  return (
    <Page title={say('noProperty')}>
      <Empty
        title={say('noProperty')}
        action={
          maySetUp && (
            <Button component={Link} href="/setup">
              {say('setUp')}
            </Button>
          )
        }
      >
        {say('noPropertyWhy')}
      </Empty>
    </Page>
  );
}

function NoPage(): ReactNode {
  const say = useTexts(shellTexts);
  return (
    <Page title={say('notThere')} lead={say('notThereWhy')}>
      <Button component={Link} href="/" variant="default">
        {say('toStart')}
      </Button>
    </Page>
  );
}
