import { useApi, useTexts } from '@cardea/client-ui';
import type { OwnSession } from '@cardea/wire-api';
import { Button, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useAct } from '../parts/act.ts';
import { ConfirmDialog } from '../parts/confirm-dialog.tsx';
import { DataTable } from '../parts/data-table.tsx';
import { Panel } from '../parts/page.tsx';
import { StateBadge } from '../parts/state-badge.tsx';
import { Loaded } from '../parts/states.tsx';
import { When } from '../parts/when.tsx';
import { accountPageTexts } from './account-page-texts.ts';

const SESSIONS_KEY = ['me', 'sessions'] as const;

/** Where one is signed in, and the end of what one does not know. */
export function SessionsPanel(): ReactNode {
  const api = useApi();
  const say = useTexts(accountPageTexts);
  const [asked, setAsked] = useState<OwnSession | 'others'>();
  const sessions = useQuery({ queryKey: SESSIONS_KEY, queryFn: ({ signal }) => api.own.sessions({ signal }) });
  const ending = useAct<OwnSession | 'others', number>({
    inline: true,
    stale: [SESSIONS_KEY],
    work: async (which) => {
      if (which === 'others') return (await api.own.endOtherSessions()).ended;
      await api.own.endSession(which.id);
      return 1;
    },
    done: (count) => say('sessionsEnded', { count }),
    after: () => setAsked(undefined),
  });
  const close = (): void => {
    ending.reset();
    setAsked(undefined);
  };
  return (
    <Loaded query={sessions}>
      {(all) => (
        <Panel
          title={say('sessions')}
          padded={false}
          actions={
            all.length > 1 && (
              <Button variant="default" onClick={() => setAsked('others')}>
                {say('endOthers')}
              </Button>
            )
          }
        >
          <SessionTable sessions={all} onEnd={setAsked} />
          <ConfirmDialog
            opened={asked !== undefined}
            title={say(asked === 'others' ? 'endOthers' : 'endSession')}
            action={say(asked === 'others' ? 'endOthers' : 'endSession')}
            act={ending}
            onConfirm={() => asked !== undefined && void ending.run(asked)}
            onClose={close}
          >
            <Text size="sm">
              {asked === 'others'
                ? say('endOthersWhy')
                : say('endSessionWhy', { device: nameOf(asked, say('unnamed')) })}
            </Text>
          </ConfirmDialog>
        </Panel>
      )}
    </Loaded>
  );
}

function SessionTable({
  sessions,
  onEnd,
}: {
  readonly sessions: readonly OwnSession[];
  readonly onEnd: (session: OwnSession) => void;
}): ReactNode {
  const say = useTexts(accountPageTexts);
  return (
    <DataTable
      label={say('sessions')}
      rows={sessions}
      rowKey={({ id }) => id}
      order={{ column: 'used', direction: 'descending' }}
      columns={[
        {
          key: 'device',
          title: say('device'),
          cell: (session) => (
            <>
              {nameOf(session, say('unnamed'))}{' '}
              {session.current && <StateBadge tone="info">{say('thisOne')}</StateBadge>}
            </>
          ),
          sort: ({ device }) => device,
        },
        { key: 'address', title: say('address'), cell: ({ address }) => address, sort: ({ address }) => address },
        { key: 'factor', title: say('signedInBy'), cell: ({ factor }) => say(`by_${factor}`) },
        {
          key: 'since',
          title: say('since'),
          cell: ({ created_at: at }) => <When at={at} />,
          sort: ({ created_at: at }) => at,
        },
        {
          key: 'used',
          title: say('lastUsed'),
          cell: ({ last_used_at: at }) => <When at={at} distance />,
          sort: ({ last_used_at: at }) => at,
        },
      ]}
      actions={(session) =>
        !session.current && (
          <Button
            size="xs"
            variant="default"
            aria-label={say('endNamed', { device: nameOf(session, say('unnamed')) })}
            onClick={() => onEnd(session)}
          >
            {say('end')}
          </Button>
        )
      }
    />
  );
}

/** What the session's device was called when it signed in. */
function nameOf(session: OwnSession | 'others' | undefined, unnamed: string): string {
  return session === undefined || session === 'others' || session.device === '' ? unnamed : session.device;
}
