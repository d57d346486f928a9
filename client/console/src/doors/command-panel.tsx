import { attemptWords, operationTexts, receiptWords, useApi, useTexts } from '@cardea/client-ui';
import type { Attempt } from '@cardea/wire-api';
import { Button, Group, Loader, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useAct } from '../parts/act.ts';
import { Panel } from '../parts/page.tsx';
import { StateBadge } from '../parts/state-badge.tsx';
import { When } from '../parts/when.tsx';
import { useScopes } from '../session/session.tsx';
import { doorPageTexts } from './door-page-texts.ts';
import type { Command } from './use-command.ts';

/** A step back of more seconds than this waits for an operator's word. */
const STEP_BACK_LIMIT_S = 60;

/** What was asked of a door last, here or by anybody, and how far it has come. */
export function CommandPanel({
  newest,
  command,
}: {
  /** The newest that the record has. */
  readonly newest: Attempt | undefined;
  readonly command: Command;
}): ReactNode {
  const say = useTexts(doorPageTexts);
  const attempt = later(command.attempt, newest);
  return (
    <Panel title={say('asked')}>
      {/* Said aloud at each stage. */}
      <div aria-live="polite">
        {attempt === undefined ? (
          <Text c="dimmed">{say('nothingAsked')}</Text>
        ) : (
          <Asked attempt={attempt} command={command} />
        )}
      </div>
    </Panel>
  );
}

/**
 * Of what this page asked and what the record has the one that began later; ids are in that order. Of the same attempt the
 * page knows first how far it has come, and the record alone what came after its end.
 */
function later(own: Attempt | undefined, newest: Attempt | undefined): Attempt | undefined {
  if (own === undefined || newest === undefined) return own ?? newest;
  if (own.id === newest.id) return newest.ended_at === null ? own : newest;
  return own.id > newest.id ? own : newest;
}

const TONES = { succeeded: 'good', failed: 'bad', unknown: 'warn' } as const;

function Asked({ attempt, command }: { readonly attempt: Attempt; readonly command: Command }): ReactNode {
  const say = useTexts(doorPageTexts);
  const sayOperation = useTexts(operationTexts);
  const { tone, title, meaning } = attemptWords(attempt);
  const { receipt, late_receipt: late } = attempt;
  return (
    <>
      <Group gap="xs">
        <b>{sayOperation(attempt.operation)}</b>
        {tone === 'under_way' ? (
          <>
            <Loader size="xs" aria-hidden />
            <Text>{title}</Text>
          </>
        ) : (
          <StateBadge tone={TONES[tone]}>{title}</StateBadge>
        )}
      </Group>
      {attempt.operation === 'bind' && tone === 'under_way' && <Text mt="xs">{say('press')}</Text>}
      {meaning !== '' && <Text mt="xs">{meaning}</Text>}
      {tone !== 'succeeded' && receipt !== null && <Text mt="xs">{receiptWords(receipt)}</Text>}
      {late !== null && <Text mt="xs">{say('late', { receipt: receiptWords(late) })}</Text>}
      <StepBack attempt={attempt} command={command} />
      <Text size="xs" c="dimmed" mt="xs">
        <When at={attempt.ended_at ?? attempt.created_at} seconds /> · <code>{attempt.id}</code>
      </Text>
      {receipt !== null && (
        <>
          {receipt.lock_time !== null && (
            <Text size="xs" c="dimmed">
              {say('lockTime')}: <When at={receipt.lock_time} seconds />
            </Text>
          )}
          <details className="frame">
            <summary>{say('frame')}</summary>
            <code>{receipt.frame}</code>
          </details>
        </>
      )}
    </>
  );
}

/** A clock that is far ahead is set back only by an operator's word; smaller steps are the server's own business. */
function StepBack({ attempt, command }: { readonly attempt: Attempt; readonly command: Command }): ReactNode {
  const api = useApi();
  const say = useTexts(doorPageTexts);
  const mayManage = useScopes()('locks:manage');
  const { lock_id: lockId, reason, clock_offset_s: offsetS } = attempt;
  const set = useAct({ work: () => command.begin((signal) => api.locks.setTime(lockId, true, { signal })) });
  if (reason !== 'clock_drift' || offsetS === null || offsetS <= STEP_BACK_LIMIT_S || !mayManage) return null;
  return (
    <Button
      mt="xs"
      size="xs"
      variant="default"
      loading={set.busy}
      disabled={command.busy}
      onClick={() => void set.run()}
    >
      {say('stepBack', { seconds: Math.round(offsetS) })}
    </Button>
  );
}
