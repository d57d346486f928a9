import { latestEndings, useApi, useTexts } from '@cardea/client-ui';
import type { Grant, GrantMethod } from '@cardea/wire-api';
import { Button, Group, Modal, SegmentedControl, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { type DoorEnding, Endings } from '../ending/endings.tsx';
import { pageTexts } from '../page-texts.ts';
import { useAct } from '../parts/act.ts';
import { ConfirmDialog } from '../parts/confirm-dialog.tsx';
import { DataTable } from '../parts/data-table.tsx';
import { everyOf } from '../parts/every-of.ts';
import { DoorName, PersonName } from '../parts/names.tsx';
import { Page, Panel } from '../parts/page.tsx';
import { usePagesOf } from '../parts/pages-of.ts';
import { StateBadge, type Tone } from '../parts/state-badge.tsx';
import { Empty, Loaded } from '../parts/states.tsx';
import { When } from '../parts/when.tsx';
import { useScopes } from '../session/session.tsx';
import { useProperty } from '../shell/property.tsx';
import { grantTexts } from './texts.ts';

/** Query key of all grants; whoever makes, changes or revokes one invalidates it. */
const GRANTS_KEY = ['grants'] as const;

const STATES = ['active', 'revoked', 'ended'] as const satisfies readonly Grant['state'][];
const TONES: Readonly<Record<Grant['state'], Tone>> = { active: 'good', revoked: 'bad', ended: 'quiet' };

/** Who may open what in a property, and taking it back. */
export function GrantsPage(): ReactNode {
  const api = useApi();
  const say = useTexts(grantTexts);
  const sayPage = useTexts(pageTexts);
  const { id: propertyId } = useProperty();
  const [state, setState] = useState<Grant['state'] | 'all'>('active');
  const grants = usePagesOf([...GRANTS_KEY, propertyId, state], (cursor, signal) =>
    api.grants.page(
      {
        property_id: propertyId,
        limit: 100,
        ...(state !== 'all' && { state }),
        ...(cursor !== undefined && { cursor }),
      },
      { signal },
    ),
  );
  return (
    <Page title={sayPage('grants')} lead={say('lead')}>
      <SegmentedControl
        mb="md"
        aria-label={say('show')}
        value={state}
        onChange={(value) => setState(STATES.find((one) => one === value) ?? 'all')}
        data={[...STATES, 'all' as const].map((value) => ({ value, label: say(value) }))}
      />
      <Loaded query={grants}>
        {(all) => (
          <Panel padded={false}>
            <GrantTable grants={all} more={grants.more} />
          </Panel>
        )}
      </Loaded>
    </Page>
  );
}

function GrantTable({
  grants,
  more,
}: {
  readonly grants: readonly Grant[];
  readonly more: { readonly has: boolean; readonly busy: boolean; readonly load: () => void };
}): ReactNode {
  const api = useApi();
  const say = useTexts(grantTexts);
  const sayPage = useTexts(pageTexts);
  const mayRevoke = useScopes()('grants:write');
  const [asked, setAsked] = useState<Grant>();
  const [shown, setShown] = useState<readonly DoorEnding[]>();
  const revoke = useAct<Grant, readonly DoorEnding[]>({
    inline: true,
    stale: [GRANTS_KEY],
    work: async (grant) => endingsOf(grant, (await api.grants.revoke(grant.id)).at_locks),
    after: (endings) => {
      setAsked(undefined);
      setShown(endings);
    },
  });
  const look = useAct<Grant, readonly DoorEnding[]>({
    work: async (grant) => endingsOf(grant, await api.grantMethods(grant.id)),
    after: setShown,
  });
  return (
    <>
      {/* The dialogs outlive the last row: its endings are still to be read. */}
      {grants.length === 0 ? (
        <Empty title={say('none')}>{say('noneWhy')}</Empty>
      ) : (
        <DataTable
          label={sayPage('grants')}
          rows={grants}
          rowKey={({ id }) => id}
          more={more}
          columns={[
            { key: 'person', title: say('person'), cell: ({ person_id: id }) => <PersonName id={id} /> },
            { key: 'doors', title: say('doors'), cell: ({ scope }) => <ScopeName scope={scope} /> },
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
            {
              key: 'state',
              title: say('state'),
              cell: ({ state }) => <StateBadge tone={TONES[state]}>{say(state)}</StateBadge>,
            },
          ]}
          actions={(grant) =>
            grant.state === 'active'
              ? mayRevoke && (
                  <Button
                    size="compact-sm"
                    variant="default"
                    onClick={() => {
                      revoke.reset();
                      setAsked(grant);
                    }}
                  >
                    {say('revoke')}
                  </Button>
                )
              : grant.state === 'revoked' && (
                  <Button size="compact-sm" variant="subtle" onClick={() => void look.run(grant)}>
                    {say('endings')}
                  </Button>
                )
          }
        />
      )}
      <ConfirmDialog
        opened={asked !== undefined}
        title={say('revokeTitle')}
        action={say('revoke')}
        busy={revoke.busy}
        error={revoke.error}
        onConfirm={() => asked !== undefined && void revoke.run(asked)}
        onClose={() => setAsked(undefined)}
      >
        <Text size="sm">{say('revokeAsk')}</Text>
      </ConfirmDialog>
      <Modal
        opened={shown !== undefined}
        onClose={() => setShown(undefined)}
        closeButtonProps={{ 'aria-label': say('close') }}
        title={say('revokedTitle')}
        size="lg"
      >
        {shown !== undefined && (
          <Stack gap="md">
            {shown.length === 0 ? <Text size="sm">{say('nothingHeld')}</Text> : <Endings endings={shown} />}
            <Group justify="end">
              <Button onClick={() => setShown(undefined)}>{say('close')}</Button>
            </Group>
          </Stack>
        )}
      </Modal>
    </>
  );
}

/** Of a grant that was taken back, each door once with its last end; nothing where nothing was given out. */
function endingsOf(grant: Grant, methods: readonly GrantMethod[]): readonly DoorEnding[] {
  const { id: grantId, person_id: personId } = grant;
  return [...latestEndings(methods)].map(([doorId, ending]) => ({ doorId, personId, grantId, ending }));
}

function ScopeName({ scope }: { readonly scope: Grant['scope'] }): ReactNode {
  const api = useApi();
  const say = useTexts(grantTexts);
  const { id: propertyId } = useProperty();
  const floors = useQuery({
    queryKey: ['floors-of', propertyId],
    queryFn: ({ signal }) => everyOf(api.floors.list({ property_id: propertyId, limit: 100 }, { signal })),
    enabled: scope.kind === 'floor',
  });
  if (scope.kind === 'property') return say('wholeProperty');
  if (scope.kind === 'floor') {
    const floor = floors.data?.find(({ id }) => id === scope.floor_id);
    return say('wholeFloor', { name: floor?.name ?? '…' });
  }
  return scope.door_ids.map((id, at) => (
    <span key={id}>
      {at > 0 && ', '}
      <DoorName id={id} />
    </span>
  ));
}

function Window({ grant }: { readonly grant: Grant }): ReactNode {
  const say = useTexts(grantTexts);
  const { not_before: from, not_after: to, uses, used } = grant;
  return (
    <>
      <When at={from} /> – {to === null ? say('untilRevoked') : <When at={to} />}
      {uses !== null && (
        <Text size="xs" c="dimmed">
          {say('uses', { used, uses })}
        </Text>
      )}
    </>
  );
}
