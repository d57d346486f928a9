import { describeEnding, useApi, useTexts } from '@cardea/client-ui';
import type { Grant, GrantMethod } from '@cardea/wire-api';
import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { DataTable } from '../parts/data-table.tsx';
import { DoorName } from '../parts/names.tsx';
import { Panel } from '../parts/page.tsx';
import { StateBadge, type Tone } from '../parts/state-badge.tsx';
import { Loaded } from '../parts/states.tsx';
import { useNow, When } from '../parts/when.tsx';
import { useZone } from '../shell/property.tsx';
import { methodsKey } from './keys.ts';
import { methodReasonWords } from './method-reason.ts';
import { grantTexts } from './texts.ts';

const TONES: Readonly<Record<GrantMethod['state'], Tone>> = {
  unset: 'quiet',
  setting: 'info',
  set: 'good',
  removing: 'warn',
  removed: 'quiet',
  failed: 'bad',
};

/** How often it is looked whether a lock has taken what is on its way: it tells nobody but the record. */
const LOOK_AGAIN_MS = 5_000;

/** Of each lock and method of a grant whether the lock knows, and until when it opens there. */
export function GrantMethods({ grant }: { readonly grant: Grant }): ReactNode {
  const api = useApi();
  const say = useTexts(grantTexts);
  const methods = useQuery({
    queryKey: methodsKey(grant.id),
    queryFn: ({ signal }) => api.grantMethods(grant.id, { signal }),
    refetchInterval: ({ state: { data } }) =>
      data?.some(({ state }) => state === 'setting' || state === 'removing') ? LOOK_AGAIN_MS : false,
  });
  return (
    <Panel title={say('atTheLocks')} padded={false}>
      <Text size="sm" c="dimmed" px="md" pb="xs">
        {say('atTheLocksWhy')}
      </Text>
      <Loaded query={methods}>
        {(all) =>
          all.length === 0 ? (
            <Text size="sm" px="md" pb="md">
              {say('noMethods')}
            </Text>
          ) : (
            <MethodTable grant={grant} methods={all} />
          )
        }
      </Loaded>
    </Panel>
  );
}

function MethodTable({
  grant,
  methods,
}: {
  readonly grant: Grant;
  readonly methods: readonly GrantMethod[];
}): ReactNode {
  const say = useTexts(grantTexts);
  const zone = useZone();
  const now = useNow(10_000);
  const revoked = grant.state !== 'active';
  return (
    <DataTable
      label={say('atTheLocks')}
      rows={methods}
      rowKey={({ id }) => id}
      columns={[
        {
          key: 'door',
          title: say('door'),
          cell: ({ door_id: id }) => (id === null ? '—' : <DoorName id={id} />),
        },
        { key: 'method', title: say('method'), cell: ({ method }) => say(method), sort: ({ method }) => method },
        {
          key: 'state',
          title: say('state'),
          cell: (method) => (
            <>
              <StateBadge tone={TONES[method.state]}>{say(method.state)}</StateBadge>
              {method.reason !== null && (
                <Text span size="xs" c="dimmed" display="block">
                  {methodReasonWords(method.reason)}
                  {method.tries > 0 && ` · ${say('tries', { count: method.tries })}`}
                </Text>
              )}
            </>
          ),
          sort: ({ state }) => state,
        },
        {
          key: 'told',
          title: say('told'),
          cell: ({ acknowledged_at: at }) => (at === null ? say('notTold') : <When at={at} distance />),
        },
        {
          key: 'ending',
          title: say('ifRevoked'),
          cell: ({ ending }) => describeEnding(ending, { zone, revoked, now }),
        },
      ]}
    />
  );
}
