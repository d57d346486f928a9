import { useTexts } from '@cardea/client-ui';
import { NavLink, Stack, Text } from '@mantine/core';
import { type ComponentType, lazy, type ReactNode, Suspense } from 'react';
import { Link, useLocation } from 'wouter';
import { useIsLive } from '../live/live.tsx';
import { groupTexts, pageTexts } from '../page-texts.ts';
import { pages as everyPage, PAGE_GROUPS, type PageEntry } from '../pages.ts';

/** What stands beside the names of pages, loaded after them. */
const badges = new Map<PageEntry, ComponentType>(
  everyPage.flatMap((page) => {
    const { badge } = page;
    return badge === undefined ? [] : [[page, lazy(async () => ({ default: await badge() }))] as const];
  }),
);

/** The pages by their groups; `onGo` closes it where it lies over the page. */
export function Navigation({
  pages,
  onGo,
}: {
  readonly pages: readonly PageEntry[];
  readonly onGo: () => void;
}): ReactNode {
  const sayGroup = useTexts(groupTexts);
  const sayPage = useTexts(pageTexts);
  const [at] = useLocation();
  const live = useIsLive();
  return (
    <Stack gap="md">
      {PAGE_GROUPS.map((group) => {
        const members = pages.filter((page) => page.group === group);
        if (members.length === 0) return null;
        return (
          <div key={group}>
            <Text id={`nav-${group}`} size="xs" fw={600} c="dimmed" px="sm" mb={4}>
              {sayGroup(group)}
            </Text>
            <ul className="nav-list" aria-labelledby={`nav-${group}`}>
              {members.map((page) => {
                const { path, name, icon: Icon } = page;
                const Badge = live ? badges.get(page) : undefined;
                const current = at === path || (path !== '/' && at.startsWith(`${path}/`));
                return (
                  <li key={path}>
                    <NavLink
                      component={Link}
                      href={path}
                      label={sayPage(name)}
                      leftSection={Icon && <Icon />}
                      rightSection={
                        Badge && (
                          <Suspense>
                            <Badge />
                          </Suspense>
                        )
                      }
                      active={current}
                      aria-current={at === path ? 'page' : undefined}
                      onClick={onGo}
                      bdrs="sm"
                      py={6}
                      c={current ? 'var(--mantine-color-anchor)' : 'var(--mantine-color-text)'}
                    />
                  </li>
                );
              })}
            </ul>
          </div>
        );
      })}
    </Stack>
  );
}
