import { operationTexts, useTexts } from '@cardea/client-ui';
import type { Attempt } from '@cardea/wire-api';
import { SegmentedControl, Text } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { EventList } from '../events/event-list.tsx';
import { useEventRecord } from '../events/use-event-record.ts';
import { AttemptOutcome } from '../parts/attempt-outcome.tsx';
import { DataTable } from '../parts/data-table.tsx';
import { MoreButton } from '../parts/more-button.tsx';
import { Panel } from '../parts/page.tsx';
import type { PagesOf } from '../parts/pages-of.ts';
import { Loaded } from '../parts/states.tsx';
import { When } from '../parts/when.tsx';
import { useScopes } from '../session/session.tsx';
import { doorPageTexts } from './door-page-texts.ts';

/** What happened at a door and what was asked of it, the newest first, live. */
export function Timeline({
  doorId,
  commands,
}: {
  readonly doorId: string;
  readonly commands: PagesOf<Attempt>;
}): ReactNode {
  const say = useTexts(doorPageTexts);
  const mayReadEvents = useScopes()('events:read');
  const [shown, setShown] = useState<'everything' | 'commands'>(mayReadEvents ? 'everything' : 'commands');
  return (
    <Panel
      title={say('timeline')}
      actions={
        mayReadEvents && (
          <SegmentedControl
            size="xs"
            aria-label={say('show')}
            value={shown}
            onChange={(value) => setShown(value === 'commands' ? 'commands' : 'everything')}
            data={[
              { value: 'everything', label: say('everything') },
              { value: 'commands', label: say('commands') },
            ]}
          />
        )
      }
    >
      {shown === 'everything' ? <Events doorId={doorId} /> : <Commands commands={commands} />}
    </Panel>
  );
}

function Events({ doorId }: { readonly doorId: string }): ReactNode {
  const say = useTexts(doorPageTexts);
  const events = useEventRecord({ doorId });
  return (
    <Loaded query={events}>
      {(all) =>
        all.length === 0 ? (
          <Text c="dimmed">{say('noEvents')}</Text>
        ) : (
          <>
            <EventList label={say('timeline')} events={all} doors={false} />
            <MoreButton more={events.more} />
          </>
        )
      }
    </Loaded>
  );
}

function Commands({ commands }: { readonly commands: PagesOf<Attempt> }): ReactNode {
  const say = useTexts(doorPageTexts);
  const sayOperation = useTexts(operationTexts);
  return (
    <Loaded query={commands}>
      {(all) =>
        all.length === 0 ? (
          <Text c="dimmed">{say('noCommands')}</Text>
        ) : (
          <DataTable
            label={say('commands')}
            rows={all}
            rowKey={({ id }) => id}
            more={commands.more}
            columns={[
              { key: 'when', title: say('when'), cell: ({ created_at: at }) => <When at={at} seconds /> },
              { key: 'command', title: say('command'), cell: ({ operation }) => sayOperation(operation) },
              { key: 'outcome', title: say('outcome'), cell: (attempt) => <AttemptOutcome attempt={attempt} /> },
            ]}
          />
        )
      }
    </Loaded>
  );
}
