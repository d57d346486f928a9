import { useApi, useTexts } from '@cardea/client-ui';
import type { DoorMode, Property } from '@cardea/wire-api';
import { Button, Group, Progress, Stack, Text } from '@mantine/core';
import { LockClosedIcon } from '@radix-ui/react-icons';
import { type ReactNode, useState } from 'react';
import { useAct } from '../parts/act.ts';
import { ConfirmDialog } from '../parts/confirm-dialog.tsx';
import { Panel } from '../parts/page.tsx';
import { StateBadge } from '../parts/state-badge.tsx';
import { MODES_KEY } from './modes-of.ts';
import { countMode } from './summary.ts';
import { modesTexts } from './texts.ts';

/** Begins and ends the lockdown of a property, and shows how far its locks have confirmed it. */
export function LockdownPanel({
  property,
  doors,
  mayManage,
}: {
  readonly property: Property;
  readonly doors: readonly DoorMode[];
  readonly mayManage: boolean;
}): ReactNode {
  const api = useApi();
  const say = useTexts(modesTexts);
  const [asking, setAsking] = useState<'begin' | 'end'>();
  const set = useAct<boolean>({
    inline: true,
    stale: [MODES_KEY],
    work: (on) => api.lockdown(property.id, { on }),
    after: () => setAsking(undefined),
  });
  const { all, confirmed, waiting, failed, withoutLock } = countMode(doors, 'lockdown');
  const ending = countMode(doors, 'normal').waiting;
  const begun = confirmed + waiting + failed > 0;
  return (
    <Panel title={say('lockdown')}>
      <Stack gap="sm">
        <Text size="sm" c="dimmed" maw="48rem">
          {say('lockdownWhat')}
        </Text>
        <div role="status">
          <StateBadge tone={confirmed > 0 ? 'bad' : 'quiet'} icon={LockClosedIcon}>
            {confirmed > 0 ? say('inLockdown', { count: confirmed, all }) : say('notInLockdown')}
          </StateBadge>
          <Text size="sm" mt={6}>
            {[
              waiting + ending > 0 && say('waiting', { count: waiting + ending }),
              failed > 0 && say('failed', { count: failed }),
              withoutLock > 0 && say('withoutLock', { count: withoutLock }),
            ]
              .filter((words) => words !== false)
              .join(' ')}
          </Text>
        </div>
        {begun && (
          <Progress
            value={all === 0 ? 0 : (100 * confirmed) / all}
            color="red.8"
            aria-label={say('progress')}
            aria-valuetext={say('inLockdown', { count: confirmed, all })}
          />
        )}
        {mayManage && (
          <Group gap="xs">
            {confirmed < all && (
              <Button
                color="red.9"
                onClick={() => {
                  set.reset();
                  setAsking('begin');
                }}
              >
                {say(begun ? 'again' : 'begin')}
              </Button>
            )}
            {begun && (
              <Button
                variant="default"
                onClick={() => {
                  set.reset();
                  setAsking('end');
                }}
              >
                {say('end')}
              </Button>
            )}
          </Group>
        )}
      </Stack>
      <ConfirmDialog
        opened={asking === 'begin'}
        title={say('beginTitle', { property: property.name })}
        action={say('begin')}
        word={property.name}
        act={set}
        onConfirm={() => void set.run(true)}
        onClose={() => setAsking(undefined)}
      >
        <Text size="sm">{say('beginAsk')}</Text>
      </ConfirmDialog>
      <ConfirmDialog
        opened={asking === 'end'}
        title={say('endTitle', { property: property.name })}
        action={say('end')}
        act={set}
        onConfirm={() => void set.run(false)}
        onClose={() => setAsking(undefined)}
      >
        <Text size="sm">{say('endAsk')}</Text>
      </ConfirmDialog>
    </Panel>
  );
}
