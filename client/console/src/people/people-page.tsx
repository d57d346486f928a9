import { useApi, useTexts } from '@cardea/client-ui';
import type { Person } from '@cardea/wire-api';
import { Button, TextInput } from '@mantine/core';
import { MagnifyingGlassIcon } from '@radix-ui/react-icons';
import { type ReactNode, useMemo, useState } from 'react';
import { pageTexts } from '../page-texts.ts';
import { type Column, DataTable } from '../parts/data-table.tsx';
import { Page, Panel } from '../parts/page.tsx';
import { PageLink } from '../parts/page-link.tsx';
import { type More, usePagesOf } from '../parts/pages-of.ts';
import { StateBadge } from '../parts/state-badge.tsx';
import { Empty, Loaded } from '../parts/states.tsx';
import { When } from '../parts/when.tsx';
import { useScopes } from '../session/session.tsx';
import { InviteDialog } from './invite-dialog.tsx';
import { PERSONS_KEY } from './persons-key.ts';
import { peopleTexts, roleTexts } from './texts.ts';

/** Everybody of the organization. */
export function PeoplePage(): ReactNode {
  const api = useApi();
  const say = useTexts(peopleTexts);
  const sayPage = useTexts(pageTexts);
  const mayInvite = useScopes()('persons:write');
  const [wanted, setWanted] = useState('');
  const [inviting, setInviting] = useState(false);
  const people = usePagesOf([...PERSONS_KEY, 'list'], (cursor, signal) =>
    api.persons.page({ limit: 100, ...(cursor === undefined ? {} : { cursor }) }, { signal }),
  );
  return (
    <Page
      title={sayPage('people')}
      lead={say('lead')}
      actions={mayInvite && <Button onClick={() => setInviting(true)}>{say('invite')}</Button>}
    >
      {inviting && <InviteDialog onClose={() => setInviting(false)} />}
      <TextInput
        mb="md"
        maw="24rem"
        type="search"
        label={say('search')}
        leftSection={<MagnifyingGlassIcon aria-hidden />}
        value={wanted}
        onChange={(event) => setWanted(event.currentTarget.value)}
      />
      <Loaded query={people}>
        {(all) => <PeopleTable all={all} wanted={wanted.trim().toLocaleLowerCase()} more={people.more} />}
      </Loaded>
    </Page>
  );
}

function PeopleTable({
  all,
  wanted,
  more,
}: {
  readonly all: readonly Person[];
  readonly wanted: string;
  readonly more: More;
}): ReactNode {
  const say = useTexts(peopleTexts);
  const sayRole = useTexts(roleTexts);
  const columns = useMemo<readonly Column<Person>[]>(
    () => [
      {
        key: 'name',
        title: say('name'),
        cell: ({ id, name }) => <PageLink to={`/people/${id}`}>{name}</PageLink>,
        sort: ({ name }) => name,
      },
      { key: 'email', title: say('email'), cell: ({ email }) => email, sort: ({ email }) => email },
      { key: 'role', title: say('role'), cell: ({ role }) => sayRole(role), sort: ({ role }) => sayRole(role) },
      {
        key: 'added',
        title: say('added'),
        cell: (person) => (
          <>
            <When at={person.created_at} />{' '}
            {person.must_change_password && <StateBadge tone="quiet">{say('mustChange')}</StateBadge>}
          </>
        ),
        sort: (person) => person.created_at,
      },
    ],
    [say, sayRole],
  );
  const found = all.filter(({ name, email }) => `${name} ${email}`.toLocaleLowerCase().includes(wanted));
  return (
    <Panel padded={false}>
      {found.length === 0 ? (
        <Empty title={say(all.length === 0 ? 'none' : 'noneFound')} />
      ) : (
        <DataTable label={say('name')} rows={found} columns={columns} rowKey={({ id }) => id} more={more} />
      )}
    </Panel>
  );
}
