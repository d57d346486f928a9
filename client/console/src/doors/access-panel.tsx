import { useApi, useTexts } from '@cardea/client-ui';
import type { Grant } from '@cardea/wire-api';
import { Button, Text } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useFreshBy } from '../live/use-fresh-by.ts';
import { DataTable } from '../parts/data-table.tsx';
import { PersonName } from '../parts/names.tsx';
import { Panel } from '../parts/page.tsx';
import { PageLink } from '../parts/page-link.tsx';
import { usePagesOf } from '../parts/pages-of.ts';
import { Loaded } from '../parts/states.tsx';
import { When } from '../parts/when.tsx';
import { accessTexts } from './access-texts.ts';
import { Explain } from './explain.tsx';

/** Whose grants reach a door, and why somebody can open it or cannot. */
export function AccessPanel({ doorId }: { readonly doorId: string }): ReactNode {
  const api = useApi();
  const say = useTexts(accessTexts);
  const [personId, setPerson] = useState<string | null>(null);
  const key = ['grants', 'door', doorId] as const;
  useFreshBy(key, ({ type }) => /^(?:grant|stay)\./.test(type));
  const grants = usePagesOf(key, (cursor, signal) =>
    api.grants.page(
      { door_id: doorId, state: 'active', limit: 50, ...(cursor !== undefined && { cursor }) },
      { signal },
    ),
  );
  return (
    <>
      <Panel title={say('title')} padded={false}>
        <Text size="sm" c="dimmed" px="md" pb="xs">
          {say('staffToo')}
        </Text>
        <Loaded query={grants}>
          {(all) =>
            all.length === 0 ? (
              <Text px="md" pb="md">
                {say('none')}
              </Text>
            ) : (
              <DataTable
                label={say('title')}
                rows={all}
                rowKey={({ id }) => id}
                more={grants.more}
                columns={[
                  { key: 'person', title: say('person'), cell: ({ person_id: id }) => <PersonName id={id} /> },
                  {
                    key: 'window',
                    title: say('window'),
                    cell: (grant) => <Window grant={grant} />,
                    sort: ({ not_after: at }) => at,
                  },
                  {
                    key: 'how',
                    title: say('how'),
                    cell: ({ methods }) =>
                      methods.length === 0 ? say('fromAfar') : methods.map((method) => say(method)).join(', '),
                  },
                ]}
                actions={({ person_id: id }) => (
                  <Button size="compact-sm" variant="subtle" title={say('whyOf')} onClick={() => setPerson(id)}>
                    {say('why')}
                  </Button>
                )}
              />
            )
          }
        </Loaded>
      </Panel>
      <Explain doorId={doorId} personId={personId} onPerson={setPerson} />
    </>
  );
}

function Window({ grant: { id, not_before: from, not_after: to } }: { readonly grant: Grant }): ReactNode {
  const say = useTexts(accessTexts);
  return (
    <PageLink to={`/grants/${id}`}>
      <When at={from} /> – {to === null ? say('untilRevoked') : <When at={to} />}
    </PageLink>
  );
}
