import { describeEnding, latestEndings, useApi, useTexts } from '@cardea/client-ui';
import type { Ending } from '@cardea/wire-api';
import { List, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { everyOf } from '../parts/every-of.ts';
import { DoorName } from '../parts/names.tsx';
import { Loaded } from '../parts/states.tsx';
import { useNow } from '../parts/when.tsx';
import { useZone } from '../shell/property.tsx';
import { personTexts } from './person-texts.ts';

/** Of each door until when a person could still open it if everything were taken back now. */
export function EndingsIfNow({ personId }: { readonly personId: string }): ReactNode {
  const api = useApi();
  const say = useTexts(personTexts);
  const zone = useZone();
  const now = useNow(1_000);
  const endings = useQuery({
    queryKey: ['grants', 'person', personId, 'endings'],
    queryFn: async ({ signal }) => {
      const grants = await everyOf(api.grants.list({ person_id: personId, state: 'active', limit: 100 }, { signal }));
      const methods = await Promise.all(grants.map(({ id }) => api.grantMethods(id, { signal })));
      return [...latestEndings(methods.flat())].filter(([, { why }]) => why !== 'nothing_held');
    },
  });
  return (
    <Loaded query={endings}>
      {(all: readonly (readonly [string, Ending])[]) =>
        all.length === 0 ? (
          <Text size="sm">{say('nothingHeld')}</Text>
        ) : (
          <List size="sm" aria-label={say('ifNow')}>
            {all.map(([doorId, ending]) => (
              <List.Item key={doorId}>
                <DoorName id={doorId} />: {describeEnding(ending, { zone, revoked: false, now })}
              </List.Item>
            ))}
          </List>
        )
      }
    </Loaded>
  );
}
