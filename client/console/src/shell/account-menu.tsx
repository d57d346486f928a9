import { useApi, useTexts } from '@cardea/client-ui';
import { Button, Menu } from '@mantine/core';
import { CodeIcon, ExitIcon, PersonIcon } from '@radix-ui/react-icons';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { pageTexts } from '../page-texts.ts';
import { useAct } from '../parts/act.ts';
import { roleTexts } from '../people/texts.ts';
import { useMe, useScopes, useSession } from '../session/session.tsx';
import { shellTexts } from './texts.ts';

/** Who is signed in, and the way out. */
export function AccountMenu(): ReactNode {
  const api = useApi();
  const me = useMe();
  const { end } = useSession();
  const say = useTexts(shellTexts);
  const sayRole = useTexts(roleTexts);
  const sayPage = useTexts(pageTexts);
  const holds = useScopes();
  const mayRead = holds('persons:read');
  const mayMakeTokens = holds('tokens:write');
  const person = useQuery({
    queryKey: ['persons', me.person_id],
    queryFn: ({ signal }) => api.persons.get(me.person_id, { signal }),
    enabled: mayRead,
  });
  const leaving = useAct({ work: () => api.signOut(), after: end });
  const name = person.data?.name ?? sayRole(me.role);
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          c="var(--mantine-color-text)"
          px="xs"
          leftSection={<PersonIcon aria-hidden />}
          aria-label={`${say('account')}: ${name}`}
        >
          <span className="wide-only">{name}</span>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {name} · {sayRole(me.role)}
        </Menu.Label>
        <Menu.Item component={Link} href="/account" leftSection={<PersonIcon aria-hidden />}>
          {sayPage('account')}
        </Menu.Item>
        {mayMakeTokens && (
          <Menu.Item component={Link} href="/tokens" leftSection={<CodeIcon aria-hidden />}>
            {sayPage('tokens')}
          </Menu.Item>
        )}
        <Menu.Divider />
        <Menu.Item leftSection={<ExitIcon aria-hidden />} onClick={() => void leaving.run()}>
          {say('signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
