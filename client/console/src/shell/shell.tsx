import { useTexts } from '@cardea/client-ui';
import { AppShell, Burger, Group, NativeSelect, ScrollArea, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { type ReactNode, useMemo } from 'react';
import { ConnectionState } from '../live/connection-state.tsx';
import { LiveProvider, useIsLive } from '../live/live.tsx';
import { pages as everyPage, type PageEntry } from '../pages.ts';
import { Page } from '../parts/page.tsx';
import { Failed, Loading } from '../parts/states.tsx';
import { partTexts } from '../parts/texts.ts';
import { SearchButton } from '../search/search-button.tsx';
import { useScopes } from '../session/session.tsx';
import { appTexts } from '../texts.ts';
import { AccountMenu } from './account-menu.tsx';
import { OpenPathsContext } from './may-open.ts';
import { Navigation } from './navigation.tsx';
import { PageRoutes } from './page-routes.tsx';
import { Preferences } from './preferences.tsx';
import { PropertyKeeper, useProperties } from './property.tsx';
import { shellTexts } from './texts.ts';

/** The frame around every page of somebody who is signed in. */
export function Shell(): ReactNode {
  const say = useTexts(shellTexts);
  const sayApp = useTexts(appTexts);
  const [opened, { toggle, close }] = useDisclosure(false);
  const holds = useScopes();
  const pages = useMemo(() => everyPage.filter(({ scopes }) => holds(...scopes)), [holds]);
  const openPaths = useMemo(() => new Set(pages.map(({ path }) => path)), [pages]);
  return (
    <PropertyKeeper>
      <Live>
        <AppShell
          header={{ height: 52 }}
          navbar={{ width: 224, breakpoint: 'md', collapsed: { mobile: !opened } }}
          padding="md"
        >
          <a className="skip-link" href="#content">
            {say('skip')}
          </a>
          <AppShell.Header px="md" bg="var(--cardea-surface)">
            <Group h="100%" gap="sm" wrap="nowrap">
              <Burger opened={opened} onClick={toggle} hiddenFrom="md" size="sm" aria-label={say('menu')} />
              <Text fw={650} fz="lg" lts="-0.01em" className="brand">
                {sayApp('short')}
              </Text>
              <PropertyChooser />
              <div className="grow" />
              <SearchButton />
              <LiveBadge />
              <Preferences />
              <AccountMenu />
            </Group>
          </AppShell.Header>
          <AppShell.Navbar p="sm" bg="var(--cardea-surface)" aria-label={say('menu')}>
            <ScrollArea scrollbarSize={6}>
              <Navigation pages={pages} onGo={close} />
            </ScrollArea>
          </AppShell.Navbar>
          <AppShell.Main id="content" tabIndex={-1}>
            <OpenPathsContext value={openPaths}>
              <Content pages={pages} />
            </OpenPathsContext>
          </AppShell.Main>
        </AppShell>
      </Live>
    </PropertyKeeper>
  );
}

/** The page, once it is known of which property. */
function Content({ pages }: { readonly pages: readonly PageEntry[] }): ReactNode {
  const say = useTexts(partTexts);
  const { reading } = useProperties();
  if (reading === 'loading') return <Loading />;
  if (reading === 'ready') return <PageRoutes pages={pages} />;
  return (
    <Page title={say('failed')}>
      <Failed error={reading.failure} retry={reading.retry} />
    </Page>
  );
}

/** Keeps the chosen property live for whoever may see its doors. */
function Live({ children }: { readonly children: ReactNode }): ReactNode {
  const { chosen } = useProperties();
  const mayRead = useScopes()('estate:read', 'locks:read');
  return <LiveProvider propertyId={mayRead ? chosen?.id : undefined}>{children}</LiveProvider>;
}

function LiveBadge(): ReactNode {
  return useIsLive() ? <ConnectionState /> : null;
}

function PropertyChooser(): ReactNode {
  const say = useTexts(shellTexts);
  const { all, chosen, choose } = useProperties();
  if (chosen === undefined) return null;
  if (all.length === 1)
    return (
      <Text size="sm" c="dimmed" truncate visibleFrom="xs">
        {chosen.name}
      </Text>
    );
  return (
    <NativeSelect
      size="xs"
      maw="14rem"
      miw={0}
      aria-label={say('property')}
      value={chosen.id}
      onChange={(event) => choose(event.currentTarget.value)}
      data={all.map(({ id, name }) => ({ value: id, label: name }))}
    />
  );
}
