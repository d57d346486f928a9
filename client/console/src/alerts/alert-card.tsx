import { useApi, useTexts } from '@cardea/client-ui';
import type { Alert } from '@cardea/wire-api';
import { Button, Group, Text, Title } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { EventList } from '../events/event-list.tsx';
import { useAct } from '../parts/act.ts';
import { DoorName, GatewayName, PersonName } from '../parts/names.tsx';
import { Panel } from '../parts/page.tsx';
import { StateBadge } from '../parts/state-badge.tsx';
import { Loaded } from '../parts/states.tsx';
import { When } from '../parts/when.tsx';
import { useScopes } from '../session/session.tsx';
import { alertTexts } from './texts.ts';
import { ALERTS_KEY, useEvidence } from './use-alerts.ts';

/** One alert: what was found, about what, how often; its events when they are asked for; and saying that it was seen to. */
export function AlertCard({ alert }: { readonly alert: Alert }): ReactNode {
  const api = useApi();
  const say = useTexts(alertTexts);
  const mayAcknowledge = useScopes()('alerts:write');
  const acknowledge = useAct({ work: () => api.alerts.acknowledge(alert.id), stale: [ALERTS_KEY] });
  const { rule, state, count, first_at: firstAt, last_at: lastAt } = alert;
  return (
    <Panel>
      <Group justify="space-between" align="start" gap="sm">
        <Group gap="sm">
          <Title order={2} size="h3">
            {say(rule)}
          </Title>
          <StateBadge tone={state === 'open' ? 'bad' : 'quiet'}>
            {say(state === 'open' ? 'open' : 'acknowledged')}
          </StateBadge>
        </Group>
        {state === 'open' && mayAcknowledge && (
          <Button size="xs" variant="default" loading={acknowledge.busy} onClick={() => void acknowledge.run()}>
            {say('acknowledge')}
          </Button>
        )}
      </Group>
      <Text size="sm" mt={4}>
        {say(`${rule}What`)}
      </Text>
      <Text component="div" size="sm" c="dimmed" mt="xs" className="alert-facts">
        <Subject alert={alert} />
        <span>{say('count', { count })}</span>
        <span>
          {say('first')} <When at={firstAt} seconds />
        </span>
        {count > 1 && (
          <span>
            {say('last')} <When at={lastAt} seconds />
          </span>
        )}
        {alert.acknowledged_by !== null && (
          <span>
            {say('acknowledgedBy')} <PersonName id={alert.acknowledged_by} />, <When at={alert.acknowledged_at} />
          </span>
        )}
      </Text>
      <Evidence alert={alert} />
    </Panel>
  );
}

/** What it is about, each as a link to its page. */
function Subject({ alert }: { readonly alert: Alert }): ReactNode {
  const { door_id: doorId, gateway_id: gatewayId, person_id: personId } = alert;
  return (
    <>
      {doorId !== null && <DoorName id={doorId} />}
      {gatewayId !== null && <GatewayName id={gatewayId} />}
      {personId !== null && <PersonName id={personId} />}
    </>
  );
}

function Evidence({ alert }: { readonly alert: Alert }): ReactNode {
  const say = useTexts(alertTexts);
  const [opened, setOpened] = useState(false);
  const evidence = useEvidence(alert, opened);
  const { count, evidence: ids } = alert;
  return (
    <details className="alert-evidence" onToggle={(event) => setOpened(event.currentTarget.open)}>
      <summary>{count > ids.length ? say('evidenceOf', { count }) : say('evidence')}</summary>
      {opened && (
        <Loaded query={evidence}>
          {(events) =>
            events.length === 0 ? (
              <Text size="sm">{say('gone')}</Text>
            ) : (
              <EventList label={say('evidence')} events={events} />
            )
          }
        </Loaded>
      )}
    </details>
  );
}
