import { useApi, useTexts } from '@cardea/client-ui';
import type { LostPhone, Phone } from '@cardea/wire-api';
import { Button, Text } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { DoorEnding } from '../ending/endings.tsx';
import { EndingsDialog } from '../ending/endings-dialog.tsx';
import { useAct } from '../parts/act.ts';
import { ConfirmDialog } from '../parts/confirm-dialog.tsx';
import { DataTable } from '../parts/data-table.tsx';
import { usePagesOf } from '../parts/pages-of.ts';
import { StateBadge } from '../parts/state-badge.tsx';
import { Loaded } from '../parts/states.tsx';
import { When } from '../parts/when.tsx';
import { personTexts } from './person-texts.ts';

const phonesKey = (personId: string): readonly string[] => ['phones', personId];

/** The phones and cards that hold keys of a person; a lost one is taken back, and shows until when it can still open. */
export function PersonPhones({ personId }: { readonly personId: string }): ReactNode {
  const api = useApi();
  const say = useTexts(personTexts);
  const [asked, setAsked] = useState<Phone>();
  const [shown, setShown] = useState<readonly DoorEnding[]>();
  const phones = usePagesOf(phonesKey(personId), (cursor, signal) =>
    api.phones.page({ person_id: personId, limit: 50, ...(cursor !== undefined && { cursor }) }, { signal }),
  );
  const losing = useAct<Phone, readonly DoorEnding[]>({
    inline: true,
    stale: [phonesKey(personId)],
    work: async ({ id }) => endingsOf(await api.phones.lost(id)),
    after: (endings) => {
      setAsked(undefined);
      setShown(endings);
    },
  });
  // A phone that is lost already: the same question again says where that stands.
  const look = useAct<Phone, readonly DoorEnding[]>({
    work: async ({ id }) => endingsOf(await api.phones.lost(id)),
    after: setShown,
  });
  return (
    <>
      <Loaded query={phones}>
        {(all) =>
          all.length === 0 ? (
            <Text px="md" pb="md" size="sm">
              {say('noPhones')}
            </Text>
          ) : (
            <DataTable
              label={say('phones')}
              rows={all}
              rowKey={({ id }) => id}
              more={phones.more}
              columns={[
                { key: 'name', title: say('phone'), cell: ({ name }) => name },
                { key: 'kind', title: say('kind'), cell: ({ kind }) => say(kind === 'card' ? 'cardOne' : 'phone') },
                {
                  key: 'state',
                  title: say('state'),
                  cell: ({ state, lost_at: at }) => (
                    <>
                      <StateBadge tone={state === 'lost' ? 'bad' : 'good'}>{say(state)}</StateBadge>{' '}
                      {at !== null && <When at={at} />}
                    </>
                  ),
                },
                { key: 'added', title: say('added'), cell: ({ created_at: at }) => <When at={at} /> },
              ]}
              actions={(phone) =>
                phone.state === 'active' ? (
                  <Button
                    size="compact-sm"
                    variant="default"
                    onClick={() => {
                      losing.reset();
                      setAsked(phone);
                    }}
                  >
                    {say('reportLost')}
                  </Button>
                ) : (
                  <Button size="compact-sm" variant="subtle" onClick={() => void look.run(phone)}>
                    {say('untilWhen')}
                  </Button>
                )
              }
            />
          )
        }
      </Loaded>
      <ConfirmDialog
        opened={asked !== undefined}
        title={say('lostTitle', { name: asked?.name ?? '' })}
        action={say('reportLost')}
        act={losing}
        onConfirm={() => asked !== undefined && void losing.run(asked)}
        onClose={() => setAsked(undefined)}
      >
        <Text size="sm">{say('lostAsk')}</Text>
      </ConfirmDialog>
      <EndingsDialog title={say('endingsTitle')} endings={shown} onClose={() => setShown(undefined)} />
    </>
  );
}

function endingsOf({ phone, doors }: LostPhone): readonly DoorEnding[] {
  return doors.map(({ door_id: doorId, grant_id: grantId, ending }) => ({
    doorId,
    grantId,
    ending,
    personId: phone.person_id,
  }));
}
