import { useApi, useTexts } from '@cardea/client-ui';
import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { GrantWindow } from '../grants/grant-window.tsx';
import { ScopeName } from '../grants/scope-name.tsx';
import { DataTable } from '../parts/data-table.tsx';
import { PageLink } from '../parts/page-link.tsx';
import { usePagesOf } from '../parts/pages-of.ts';
import { Loaded } from '../parts/states.tsx';
import { personTexts } from './person-texts.ts';

/** The active grants of a person, of every property. */
export function PersonGrants({ personId }: { readonly personId: string }): ReactNode {
  const api = useApi();
  const say = useTexts(personTexts);
  const grants = usePagesOf(['grants', 'person', personId], (cursor, signal) =>
    api.grants.page(
      { person_id: personId, state: 'active', limit: 50, ...(cursor !== undefined && { cursor }) },
      { signal },
    ),
  );
  return (
    <Loaded query={grants}>
      {(all) =>
        all.length === 0 ? (
          <Text px="md" pb="md" size="sm">
            {say('noGrants')}
          </Text>
        ) : (
          <DataTable
            label={say('grants')}
            rows={all}
            rowKey={({ id }) => id}
            more={grants.more}
            columns={[
              {
                key: 'window',
                title: say('window'),
                cell: (grant) => (
                  <PageLink to={`/grants/${grant.id}`}>
                    <GrantWindow grant={grant} />
                  </PageLink>
                ),
                sort: ({ not_after: at }) => at,
              },
              {
                key: 'doors',
                title: say('doors'),
                cell: ({ scope, property_id: propertyId }) => <ScopeName scope={scope} propertyId={propertyId} />,
              },
              {
                key: 'how',
                title: say('how'),
                cell: ({ methods }) =>
                  methods.length === 0 ? say('fromAfar') : methods.map((method) => say(method)).join(', '),
              },
            ]}
          />
        )
      }
    </Loaded>
  );
}
