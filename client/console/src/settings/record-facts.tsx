import { ApiProblem } from '@cardea/client-sdk';
import { formatMoment, useApi, useTexts } from '@cardea/client-ui';
import type { AuditHead, EventRetention } from '@cardea/wire-api';
import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Facts } from '../parts/facts.tsx';
import { Panel } from '../parts/page.tsx';
import { Loaded } from '../parts/states.tsx';
import { useZone } from '../shell/property.tsx';
import { settingTexts } from './texts.ts';

/** How long events are kept and who vouches for the record: shown, and set in the server's configuration alone. */
export function RecordFacts(): ReactNode {
  const api = useApi();
  const say = useTexts(settingTexts);
  const zone = useZone();
  const record = useQuery({
    queryKey: ['record-facts'],
    queryFn: async ({ signal }) => {
      const [retention, head] = await Promise.all([api.events.retention({ signal }), newestHead(signal)]);
      return { retention, head };
    },
  });
  /** A log that nobody has signed yet has no head. */
  const newestHead = async (signal: AbortSignal): Promise<AuditHead | undefined> => {
    try {
      return await api.audit.head({ signal });
    } catch (error) {
      if (error instanceof ApiProblem && error.code === 'not_found') return undefined;
      throw error;
    }
  };
  const removedWords = ({ removed, removed_received_before: before }: EventRetention): string =>
    removed === 0 || before === null
      ? say('removedNone')
      : say('removedCount', { count: removed, before: formatMoment(before, zone) });
  return (
    <Panel title={say('record')}>
      <Text size="sm" c="dimmed" mb="md">
        {say('recordWhy')}
      </Text>
      <Loaded query={record}>
        {({ retention, head }) => (
          <Facts
            facts={[
              {
                name: say('kept'),
                value:
                  retention.event_retention_days === null
                    ? say('keptForever')
                    : say('keptDays', { count: retention.event_retention_days }),
              },
              { name: say('removedEvents'), value: removedWords(retention) },
              {
                name: say('head'),
                value:
                  head === undefined
                    ? say('noHead')
                    : say('headOf', { count: head.size, at: formatMoment(head.signed_at, zone) }),
              },
              {
                name: say('witness'),
                value:
                  head === undefined || head.witnessed.length === 0
                    ? say('witnessNone')
                    : head.witnessed
                        .map(({ witness, witnessed_at: at }) =>
                          say(witness === 'rfc3161' ? 'witnessTime' : 'witnessFile', { at: formatMoment(at, zone) }),
                        )
                        .join(', '),
              },
            ]}
          />
        )}
      </Loaded>
    </Panel>
  );
}
