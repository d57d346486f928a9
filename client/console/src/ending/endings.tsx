import { describeEnding, latestEndings, mayStillOpen, useApi, useTexts } from '@cardea/client-ui';
import type { Ending, GrantMethod } from '@cardea/wire-api';
import { Text } from '@mantine/core';
import { useQueries } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useFreshBy } from '../live/use-fresh-by.ts';
import { DataTable } from '../parts/data-table.tsx';
import { DoorName, PersonName } from '../parts/names.tsx';
import { StateBadge } from '../parts/state-badge.tsx';
import { useNow } from '../parts/when.tsx';
import { useZone } from '../shell/property.tsx';
import { endingListTexts } from './texts.ts';

/** What somebody held for a door when it was taken back. */
export interface DoorEnding {
  readonly doorId: string;
  readonly personId: string;
  readonly grantId: string;
  readonly ending: Ending;
}

/** A lock's word comes by the stream; the record is asked as well, for where there is none and what it does not tell. */
const ASK_AGAIN_MS = 10_000;

/** By which a lock says that it knows, or that it answers again. */
const LOCK_KNOWS = /^(?:lock\.(?:order_taken|access_changed|generation_raised)|door\.state_changed|gateway\.online)$/;

/**
 * Of each door until when it can still be opened by what was taken back, and why. Follows the record until the locks have
 * acknowledged.
 */
export function Endings({ endings }: { readonly endings: readonly DoorEnding[] }): ReactNode {
  const say = useTexts(endingListTexts);
  const zone = useZone();
  const now = useNow(1_000);
  const latest = useLatest(endings);
  const open = latest.some(({ ending }) => mayStillOpen(ending, now));
  return (
    <>
      <DataTable
        label={say('label')}
        rows={latest}
        rowKey={({ doorId, grantId }) => `${grantId}/${doorId}`}
        columns={[
          { key: 'door', title: say('door'), cell: ({ doorId }) => <DoorName id={doorId} /> },
          { key: 'person', title: say('person'), cell: ({ personId }) => <PersonName id={personId} /> },
          {
            key: 'ending',
            title: say('ending'),
            cell: ({ ending }) => <OneEnding ending={ending} zone={zone} now={now} />,
          },
        ]}
      />
      {open && (
        <Text size="xs" c="dimmed" px="sm" role="status">
          {say('waiting')}
        </Text>
      )}
    </>
  );
}

function OneEnding({
  ending,
  zone,
  now,
}: {
  readonly ending: Ending;
  readonly zone: string;
  readonly now: number;
}): ReactNode {
  const say = useTexts(endingListTexts);
  const open = mayStillOpen(ending, now);
  return (
    <>
      <StateBadge tone={open ? 'warn' : 'good'}>{say(open ? 'stillOpens' : 'opensNot')}</StateBadge>{' '}
      <Text span size="sm">
        {describeEnding(ending, { zone, revoked: true, now })}
      </Text>
    </>
  );
}

/** The same, as the record has it by now. */
function useLatest(endings: readonly DoorEnding[]): readonly DoorEnding[] {
  const api = useApi();
  useFreshBy(['grant-methods'], ({ type }) => LOCK_KNOWS.test(type));
  const grantIds = [...new Set(endings.map(({ grantId }) => grantId))];
  const queries = useQueries({
    queries: grantIds.map((grantId) => ({
      queryKey: ['grant-methods', grantId],
      queryFn: ({ signal }: { signal: AbortSignal }) => api.grantMethods(grantId, { signal }),
      refetchInterval: (query: { state: { data: readonly GrantMethod[] | undefined } }) =>
        query.state.data?.some(({ ending }) => mayStillOpen(ending, Date.now())) === false ? false : ASK_AGAIN_MS,
    })),
  });
  const byGrant = new Map(grantIds.map((id, at) => [id, latestEndings(queries[at]?.data ?? [])]));
  return endings.map((one) => ({ ...one, ending: byGrant.get(one.grantId)?.get(one.doorId) ?? one.ending }));
}
