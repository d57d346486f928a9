import { useApi, useTexts } from '@cardea/client-ui';
import type { Grant } from '@cardea/wire-api';
import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { DataTable } from '../parts/data-table.tsx';
import { DoorName } from '../parts/names.tsx';
import { usePagesOf } from '../parts/pages-of.ts';
import { Loaded } from '../parts/states.tsx';
import { When } from '../parts/when.tsx';
import { personTexts } from './person-texts.ts';

/** Doors that are named before they are only counted. */
const NAMED_MOST = 6;

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
              { key: 'doors', title: say('doors'), cell: ({ scope }) => <Reach scope={scope} /> },
              {
                key: 'window',
                title: say('window'),
                cell: ({ not_before: from, not_after: to }) => (
                  <>
                    <When at={from} /> – {to === null ? say('untilRevoked') : <When at={to} />}
                  </>
                ),
                sort: ({ not_after: at }) => at,
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

function Reach({ scope }: { readonly scope: Grant['scope'] }): ReactNode {
  const say = useTexts(personTexts);
  if (scope.kind === 'property') return say('wholeProperty');
  if (scope.kind === 'floor') return say('wholeFloor');
  if (scope.door_ids.length > NAMED_MOST) return say('doorCount', { count: scope.door_ids.length });
  return scope.door_ids.map((id, at) => (
    <span key={id}>
      {at > 0 && ', '}
      <DoorName id={id} />
    </span>
  ));
}
