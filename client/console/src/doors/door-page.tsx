import './door-page.css';
import type { DoorOperation } from '@cardea/client-sdk';
import { attemptWords, receiptWords, useTexts } from '@cardea/client-ui';
import type { Attempt } from '@cardea/wire-api';
import { Button, Group, Loader, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useParams } from 'wouter';
import type { LiveDoor } from '../live/estate.ts';
import { useLiveDoor, useLiveLoading } from '../live/live.tsx';
import { Page, Panel } from '../parts/page.tsx';
import { StateBadge } from '../parts/state-badge.tsx';
import { Empty, Loading } from '../parts/states.tsx';
import { useNow, When } from '../parts/when.tsx';
import { useScopes } from '../session/session.tsx';
import { useZone } from '../shell/property.tsx';
import { doorPageTexts } from './door-page-texts.ts';
import { DoorSign } from './door-sign.tsx';
import { proofWords } from './door-words.ts';
import { marksOf } from './signs.ts';
import { doorTexts } from './texts.ts';
import { type Command, useCommand } from './use-command.ts';

/** One door: what its lock has proved, what is asked of it, and how that ended. */
export function DoorPage(): ReactNode {
  const say = useTexts(doorPageTexts);
  const { id = '' } = useParams<{ id: string }>();
  const live = useLiveDoor(id);
  const loading = useLiveLoading();
  if (live !== undefined) return <OneDoor key={id} live={live} />;
  if (loading === 'loading') return <Loading />;
  return (
    <Page title={say('noDoor')}>
      <Empty title={say('noDoor')}>{say('noDoorWhy')}</Empty>
    </Page>
  );
}

function OneDoor({ live }: { readonly live: LiveDoor }): ReactNode {
  const say = useTexts(doorPageTexts);
  const command = useCommand(live.door.id);
  return (
    <Page
      title={live.door.name}
      actions={live.lock === undefined ? undefined : <Actions command={command} />}
      lead={live.lock === undefined ? say('noLock') : undefined}
    >
      <div className="door-panels">
        <Panel title={say('reported')}>
          <Reported live={live} />
        </Panel>
        <Panel title={say('asked')}>
          {/* Said aloud at each stage. */}
          <div aria-live="polite">
            {command.attempt === undefined ? (
              <Text c="dimmed">{say('nothingAsked')}</Text>
            ) : (
              <Asked attempt={command.attempt} />
            )}
          </div>
        </Panel>
      </div>
    </Page>
  );
}

const BUTTONS = [
  ['unlock', 'unlock'],
  ['lock', 'lockIt'],
  ['status', 'status'],
] as const satisfies readonly (readonly [DoorOperation, string])[];

function Actions({ command: { busy, start } }: { readonly command: Command }): ReactNode {
  const say = useTexts(doorPageTexts);
  const holds = useScopes();
  return BUTTONS.filter(([operation]) => holds(operation === 'status' ? 'locks:read' : 'locks:operate')).map(
    ([operation, text]) => (
      <Button
        key={operation}
        variant={operation === 'unlock' ? 'filled' : 'default'}
        disabled={busy}
        onClick={() => void start(operation)}
      >
        {say(text)}
      </Button>
    ),
  );
}

function Reported({ live: { lock, state } }: { readonly live: LiveDoor }): ReactNode {
  const say = useTexts(doorPageTexts);
  const sayDoor = useTexts(doorTexts);
  const zone = useZone();
  const now = useNow(15_000);
  const report = lock?.report ?? null;
  return (
    <dl className="facts">
      <dt>{say('state')}</dt>
      <dd>
        <Group gap="xs">
          <DoorSign sign={state.sign} stale={state.stale !== null} marks={marksOf(state)} size={28} />
          <b>{sayDoor(state.sign)}</b>
          {state.stale !== null && <StateBadge tone="warn">{sayDoor('stale')}</StateBadge>}
          {state.privacy && <StateBadge tone="info">{sayDoor('privacy')}</StateBadge>}
          {state.tamper && <StateBadge tone="bad">{sayDoor('tamper')}</StateBadge>}
        </Group>
      </dd>
      {lock !== undefined && (
        <>
          <dt>{say('proved')}</dt>
          <dd>
            <When at={state.provedAt} seconds />
            {state.stale !== null && (
              <Text size="sm" c="var(--cardea-warn)">
                {proofWords(state, zone, now)}
              </Text>
            )}
          </dd>
          <dt>{say('mode')}</dt>
          <dd>{say(state.mode ?? 'modeUnknown')}</dd>
          <dt>{say('lock')}</dt>
          <dd>
            <code>{lock.identifier}</code> {lock.model}
          </dd>
          <dt>{say('gateway')}</dt>
          <dd>{lock.gateway_id === null ? say('noGateway') : <code>{lock.gateway_id}</code>}</dd>
        </>
      )}
      {report !== null && (
        <>
          <dt>{say('battery')}</dt>
          <dd>
            {report.battery_percent} % {state.batteryLow && <StateBadge tone="warn">{sayDoor('battery')}</StateBadge>}
          </dd>
          <dt>{say('clock')}</dt>
          <dd>
            {report.clock_offset_s === null
              ? say(`clock_${report.clock}`)
              : say('clockOff', { clock: say(`clock_${report.clock}`), seconds: report.clock_offset_s })}
          </dd>
        </>
      )}
    </dl>
  );
}

const TONES = { succeeded: 'good', failed: 'bad', unknown: 'warn' } as const;

function Asked({ attempt }: { readonly attempt: Attempt }): ReactNode {
  const say = useTexts(doorPageTexts);
  const { tone, title, meaning } = attemptWords(attempt);
  const { receipt, late_receipt: late } = attempt;
  return (
    <>
      {tone === 'under_way' ? (
        <Group gap="xs">
          <Loader size="xs" aria-hidden />
          <Text>{title}</Text>
        </Group>
      ) : (
        <StateBadge tone={TONES[tone]}>{title}</StateBadge>
      )}
      <Text mt="xs">{meaning}</Text>
      {tone !== 'succeeded' && receipt !== null && <Text mt="xs">{receiptWords(receipt)}</Text>}
      {late !== null && <Text mt="xs">{say('late', { receipt: receiptWords(late) })}</Text>}
      <Text size="xs" c="dimmed" mt="xs">
        <When at={attempt.ended_at ?? attempt.created_at} seconds /> · <code>{attempt.id}</code>
      </Text>
      {receipt !== null && (
        <details className="frame">
          <summary>{say('frame')}</summary>
          <code>{receipt.frame}</code>
        </details>
      )}
    </>
  );
}
