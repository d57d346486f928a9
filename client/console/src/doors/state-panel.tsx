import { useTexts } from '@cardea/client-ui';
import { Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { LiveDoor } from '../live/estate.ts';
import { Panel } from '../parts/page.tsx';
import { StateBadge } from '../parts/state-badge.tsx';
import { useNow, When } from '../parts/when.tsx';
import { useZone } from '../shell/property.tsx';
import { doorPageTexts } from './door-page-texts.ts';
import { DoorSign } from './door-sign.tsx';
import { proofWords } from './door-words.ts';
import { marksOf } from './signs.ts';
import { doorTexts } from './texts.ts';

/** What the lock of a door has proved, and how far that can be believed now. */
export function StatePanel({ live: { lock, state } }: { readonly live: LiveDoor }): ReactNode {
  const say = useTexts(doorPageTexts);
  const sayDoor = useTexts(doorTexts);
  const zone = useZone();
  const now = useNow(15_000);
  const report = lock?.report ?? null;
  return (
    <Panel title={say('reported')}>
      <dl className="door-facts">
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
              {state.provedAt !== null && (
                <Text span size="sm" c="dimmed">
                  {' '}
                  · <When at={state.provedAt} distance />
                </Text>
              )}
              {state.stale !== null && (
                <Text size="sm" c="var(--cardea-warn)">
                  {proofWords(state, zone, now)}
                </Text>
              )}
            </dd>
          </>
        )}
        {report !== null && (
          <>
            <dt>{say('bolt')}</dt>
            <dd>{say('boltAndDoor', { bolt: say(`bolt_${report.bolt}`), door: say(`door_${report.door}`) })}</dd>
            <dt>{say('battery')}</dt>
            <dd>
              {report.battery_percent} % {state.batteryLow && <StateBadge tone="warn">{sayDoor('battery')}</StateBadge>}
            </dd>
          </>
        )}
        {lock !== undefined && (
          <>
            <dt>{say('mode')}</dt>
            <dd>
              {state.mode === 'lockdown' || state.mode === 'passage' ? (
                <StateBadge tone="warn">{say(state.mode)}</StateBadge>
              ) : (
                say(state.mode ?? 'modeUnknown')
              )}
              {lock.mode_until !== null && state.mode !== 'normal' && (
                <>
                  {' '}
                  {say('modeUntil')} <When at={lock.mode_until} />
                </>
              )}
            </dd>
          </>
        )}
      </dl>
    </Panel>
  );
}
