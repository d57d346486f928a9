import { formatTimeOfDay, operationTexts, useApi, useTexts } from '@cardea/client-ui';
import type { Attempt } from '@cardea/wire-api';
import { Alert, Button, Group, Text } from '@mantine/core';
import { PersonIcon } from '@radix-ui/react-icons';
import type { ReactNode } from 'react';
import { useAct } from '../parts/act.ts';
import { useNow } from '../parts/when.tsx';
import { useZone } from '../shell/property.tsx';
import { doorPageTexts } from './door-page-texts.ts';
import type { Command } from './use-command.ts';

/** Commands at this door that wait for a second person, whom the server takes whoever is signed in for. */
export function Confirmations({
  commands,
  command,
}: {
  readonly commands: readonly Attempt[];
  readonly command: Command;
}): ReactNode {
  const now = useNow(1_000);
  const waiting = commands.filter(
    ({ state, confirm_by: by, sent_at: sentAt }) =>
      state === 'pending' && sentAt === null && by !== null && Date.parse(by) > now,
  );
  return waiting.map((attempt) => <Waiting key={attempt.id} attempt={attempt} command={command} />);
}

function Waiting({ attempt, command }: { readonly attempt: Attempt; readonly command: Command }): ReactNode {
  const api = useApi();
  const say = useTexts(doorPageTexts);
  const sayOperation = useTexts(operationTexts);
  const zone = useZone();
  const confirm = useAct({
    work: () => command.begin((signal) => api.attempts.confirm(attempt.id, undefined, { signal })),
  });
  const clock = (at: string): string => formatTimeOfDay(at, zone, { seconds: true });
  return (
    <Alert color="yellow" icon={<PersonIcon />} title={say('confirmTitle')} mb="md" role="alert">
      <Group justify="space-between" gap="sm">
        <Text size="sm">
          {say('confirmAsk', {
            operation: sayOperation(attempt.operation),
            at: clock(attempt.created_at),
            until: clock(attempt.confirm_by ?? attempt.expires_at),
          })}
        </Text>
        <Button size="xs" loading={confirm.busy} onClick={() => void confirm.run()}>
          {say('confirm')}
        </Button>
      </Group>
    </Alert>
  );
}
