import { ApiProblem } from '@cardea/client-sdk';
import { useApi, useTexts } from '@cardea/client-ui';
import type { Person } from '@cardea/wire-api';
import { Alert, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useParams } from 'wouter';
import { pageTexts } from '../page-texts.ts';
import { Facts } from '../parts/facts.tsx';
import { Page, Panel } from '../parts/page.tsx';
import { StateBadge } from '../parts/state-badge.tsx';
import { Empty, Failed, Loading } from '../parts/states.tsx';
import { When } from '../parts/when.tsx';
import { useMe, useScopes } from '../session/session.tsx';
import { PersonActions } from './person-actions.tsx';
import { PersonGrants } from './person-grants.tsx';
import { PersonPhones } from './person-phones.tsx';
import { personTexts } from './person-texts.ts';
import { PERSONS_KEY } from './persons-key.ts';
import { STAFF_ROLES } from './role-choice.ts';
import { roleMeaningTexts, roleTexts } from './texts.ts';

/** One person: what the person is here, may open and holds, and how all of that ends. */
export function PersonPage(): ReactNode {
  const { id = '' } = useParams<{ id: string }>();
  const api = useApi();
  const say = useTexts(personTexts);
  const sayPage = useTexts(pageTexts);
  const { data, error, refetch } = useQuery({
    queryKey: [...PERSONS_KEY, id],
    queryFn: ({ signal }) => api.persons.get(id, { signal }),
  });
  if (data !== undefined) return <Known person={data} />;
  const gone = error instanceof ApiProblem && error.code === 'not_found';
  return (
    <Page title={sayPage('person')}>
      {gone ? (
        <Empty title={say('gone')} />
      ) : error ? (
        <Failed error={error} retry={() => void refetch()} />
      ) : (
        <Loading />
      )}
    </Page>
  );
}

function Known({ person }: { readonly person: Person }): ReactNode {
  const say = useTexts(personTexts);
  const sayRole = useTexts(roleTexts);
  const sayMeaning = useTexts(roleMeaningTexts);
  const holds = useScopes();
  const self = useMe().person_id === person.id;
  return (
    <Page
      title={person.name}
      lead={`${sayRole(person.role)} · ${person.email}`}
      actions={holds('persons:write') && !self ? <PersonActions person={person} /> : undefined}
    >
      {self && (
        <Alert color="blue" title={say('self')} mb="md">
          {say('selfWhy')}
        </Alert>
      )}
      <Panel>
        <Facts
          facts={[
            {
              name: say('role'),
              value: (
                <>
                  {sayRole(person.role)}
                  <Text size="sm" c="dimmed">
                    {sayMeaning(person.role)}
                  </Text>
                </>
              ),
            },
            { name: say('address'), value: person.email },
            {
              name: say('state'),
              value: (
                <StateBadge tone={person.must_change_password ? 'info' : 'quiet'}>
                  {say(person.must_change_password ? 'firstPassword' : 'ready')}
                </StateBadge>
              ),
            },
            { name: say('added'), value: <When at={person.created_at} /> },
          ]}
        />
      </Panel>
      {holds('grants:read') && (
        <Panel title={say('grants')} padded={false}>
          {STAFF_ROLES.includes(person.role) && (
            <Text size="sm" c="dimmed" px="md" pb="xs">
              {say('staffToo')}
            </Text>
          )}
          <PersonGrants personId={person.id} />
        </Panel>
      )}
      {holds('grants:write') && (
        <Panel title={say('phones')} padded={false}>
          <PersonPhones personId={person.id} />
        </Panel>
      )}
    </Page>
  );
}
