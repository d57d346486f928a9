import { useApi, useTexts } from '@cardea/client-ui';
import type { Lock } from '@cardea/wire-api';
import { Button, Group, Text } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { LiveDoor } from '../live/estate.ts';
import { notifyDone, useAct } from '../parts/act.ts';
import { GatewayName } from '../parts/names.tsx';
import { Panel } from '../parts/page.tsx';
import { StateBadge } from '../parts/state-badge.tsx';
import { Empty } from '../parts/states.tsx';
import { useScopes } from '../session/session.tsx';
import { ChainFacts } from './chain-facts.tsx';
import { EnrolDialog } from './enrol-dialog.tsx';
import { lockTexts } from './lock-texts.ts';
import { TakeOffDialog } from './take-off-dialog.tsx';
import type { Command } from './use-command.ts';

/** The lock of a door: what it is, how its clock and its record stand, and its coming and going. */
export function LockPanel({
  live: { door, lock },
  command,
}: {
  readonly live: LiveDoor;
  readonly command: Command;
}): ReactNode {
  const say = useTexts(lockTexts);
  const mayManage = useScopes()('locks:manage');
  const [dialog, setDialog] = useState<'enrol' | 'takeOff'>();
  const close = () => setDialog(undefined);
  return (
    <Panel title={say('title')}>
      {lock === undefined ? (
        <Empty
          title={say('noLock')}
          action={
            mayManage && (
              <Button disabled={command.busy} onClick={() => setDialog('enrol')}>
                {say('enrol')}
              </Button>
            )
          }
        >
          {say('noLockWhy')}
        </Empty>
      ) : (
        <>
          <LockFacts lock={lock} />
          {mayManage && <Work lock={lock} doorId={door.id} command={command} onTakeOff={() => setDialog('takeOff')} />}
        </>
      )}
      {dialog === 'enrol' && <EnrolDialog doorId={door.id} command={command} onClose={close} />}
      {dialog === 'takeOff' && lock !== undefined && (
        <TakeOffDialog door={door} lock={lock} command={command} onClose={close} />
      )}
    </Panel>
  );
}

function LockFacts({ lock }: { readonly lock: Lock }): ReactNode {
  const say = useTexts(lockTexts);
  const { report } = lock;
  return (
    <dl className="door-facts">
      <dt>{say('identifier')}</dt>
      <dd>
        <code>{lock.identifier}</code>
      </dd>
      <dt>{say('model')}</dt>
      <dd>
        {lock.maker} {lock.model}
      </dd>
      <dt>{say('protocol')}</dt>
      <dd>
        {lock.suite === 'legacy' ? <StateBadge tone="warn">{say('legacy')}</StateBadge> : say('hardened')}
        {' · '}
        {say('bluetooth')} {lock.bluetooth}
      </dd>
      <dt>{say('gateway')}</dt>
      <dd>{lock.gateway_id === null ? say('noGateway') : <GatewayName id={lock.gateway_id} />}</dd>
      {report !== null && (
        <>
          <dt>{say('clock')}</dt>
          <dd>
            {report.clock !== 'valid' && (
              <>
                <StateBadge tone="warn">{say(`clock_${report.clock}`)}</StateBadge>{' '}
              </>
            )}
            {report.clock_offset_s !== null
              ? say('clockOff', { clock: say(`clock_${report.clock}`), seconds: rounded(report.clock_offset_s) })
              : report.clock === 'valid' && say('clock_valid')}
            {report.clock_error_s !== null && (
              <Text span size="sm" c="dimmed">
                {' '}
                · {say('clockError', { seconds: rounded(report.clock_error_s) })}
              </Text>
            )}
          </dd>
        </>
      )}
      <dt>{say('record')}</dt>
      <dd>
        <ChainFacts lockId={lock.id} />
      </dd>
    </dl>
  );
}

/** What staff do to a lock that is there. */
function Work({
  lock,
  doorId,
  command,
  onTakeOff,
}: {
  readonly lock: Lock;
  readonly doorId: string;
  readonly command: Command;
  readonly onTakeOff: () => void;
}): ReactNode {
  const api = useApi();
  const say = useTexts(lockTexts);
  const setTime = useAct({ work: () => command.begin((signal) => api.locks.setTime(lock.id, false, { signal })) });
  const reopen = useAct({
    work: () => api.pins.reopenKeypad(doorId),
    after: ({ state }) => notifyDone(say(state === 'set' ? 'reopened' : 'reopening')),
  });
  return (
    <Group gap="xs" mt="md">
      <Button size="xs" variant="default" disabled={command.busy} onClick={() => void setTime.run()}>
        {say('setTime')}
      </Button>
      <Button size="xs" variant="default" loading={reopen.busy} onClick={() => void reopen.run()}>
        {say('reopen')}
      </Button>
      <Button size="xs" variant="default" disabled={command.busy} onClick={onTakeOff}>
        {say('takeOff')}
      </Button>
    </Group>
  );
}

const rounded = (seconds: number): number => Math.round(seconds * 10) / 10;
