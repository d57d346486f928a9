import { useTexts } from '@cardea/client-ui';
import { NavLink, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { groupTexts, pageTexts } from '../page-texts.ts';
import { PAGE_GROUPS, type PageEntry } from '../pages.ts';

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
              {members.map(({ path, name, icon: Icon }) => {
                const current = at === path || (path !== '/' && at.startsWith(`${path}/`));
                return (
                  <li key={path}>
                    <NavLink
                      component={Link}
                      href={path}
                      label={sayPage(name)}
                      leftSection={Icon && <Icon />}
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
