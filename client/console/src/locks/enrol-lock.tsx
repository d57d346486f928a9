import { attemptWords, enrolTexts, formatTimeOfDay, readLockCode, useApi, useTexts } from '@cardea/client-ui';
import type { Attempt, Door } from '@cardea/wire-api';
import { Alert, Button, Group, Loader, Select, Stack, Text } from '@mantine/core';
import { CheckCircledIcon, CrossCircledIcon } from '@radix-ui/react-icons';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { useCommand } from '../doors/use-command.ts';
import { ESTATE_KEYS } from '../estate/use-estate.ts';
import { useAct } from '../parts/act.ts';
import { Form } from '../parts/form.tsx';
import { StateBadge } from '../parts/state-badge.tsx';
import { useZone } from '../shell/property.tsx';
import { LockCodeField } from './lock-code-field.tsx';

/** Query key of what is known of locks by their identifiers. */
export const LEGITIMACY_KEY = ['legitimacy'] as const;

/** Puts a lock on a door: its code, the door, then the button at the lock, followed until the lock itself has said so. */
export function EnrolLock({
  doors,
}: {
  /** Doors that have no lock, to choose from. */
  readonly doors: readonly Door[];
}): ReactNode {
  const api = useApi();
  const say = useTexts(enrolTexts);
  const client = useQueryClient();
  const [code, setCode] = useState('');
  // The door as it was chosen: it leaves the list when it has its lock.
  const [chosen, setChosen] = useState<Door>();
  const door = chosen ?? (doors.length === 1 ? doors[0] : undefined);
  const identifier = readLockCode(code);
  const { attempt, begin } = useCommand();
  // The attempt that was read to its end: the form is there for the next lock.
  const [readId, setRead] = useState<string>();
  const legitimate = useLegitimacy(identifier);

  const act = useAct({
    inline: true,
    fields: ['identifier', 'door_id'],
    work: async () => {
      if (door === undefined || identifier === undefined) return;
      setChosen(door);
      await begin((signal) => api.doors.enrol(door.id, identifier, { signal }));
    },
  });
  const bound = attempt?.state === 'succeeded' ? attempt.id : undefined;
  useEffect(() => {
    if (bound === undefined) return;
    for (const queryKey of ESTATE_KEYS) void client.invalidateQueries({ queryKey });
  }, [bound, client]);

  if (attempt !== undefined && attempt.id !== readId && door !== undefined && identifier !== undefined) {
    const next = (): void => {
      setRead(attempt.id);
      if (attempt.state !== 'succeeded') return;
      setCode('');
      setChosen(undefined);
    };
    return <Binding attempt={attempt} lock={identifier} door={door.name} onNext={next} />;
  }
  if (doors.length === 0) return <Text size="sm">{say('allHave')}</Text>;
  return (
    <Form
      act={act}
      action={say('begin')}
      ready={door !== undefined && identifier !== undefined && legitimate !== false}
    >
      <Text size="sm">{say('lead')}</Text>
      <LockCodeField value={code} onChange={setCode} error={act.wrong('identifier')} />
      {legitimate === true && (
        <div>
          <StateBadge tone="good">{say('known')}</StateBadge>
        </div>
      )}
      {legitimate === false && (
        <Alert color="yellow" role="status">
          {say('unknown')}
        </Alert>
      )}
      <Select
        label={say('door')}
        placeholder={say('chooseDoor')}
        data={doors.map(({ id, name }) => ({ value: id, label: name }))}
        value={door?.id ?? null}
        onChange={(id) => setChosen(doors.find((one) => one.id === id))}
        error={act.wrong('door_id')}
        nothingFoundMessage={say('noDoor')}
        searchable
        limit={100}
      />
    </Form>
  );
}

/** Whether the maker's files name the lock; undefined until that is known. */
function useLegitimacy(identifier: string | undefined): boolean | undefined {
  const api = useApi();
  const { data } = useQuery({
    queryKey: [...LEGITIMACY_KEY, identifier],
    queryFn: ({ signal }) => api.locks.legitimacy(identifier ?? '', { signal }),
    enabled: identifier !== undefined,
  });
  return data === undefined ? undefined : data.status === 0;
}

function Binding({
  attempt,
  lock,
  door,
  onNext,
}: {
  readonly attempt: Attempt;
  readonly lock: string;
  readonly door: string;
  readonly onNext: () => void;
}): ReactNode {
  const say = useTexts(enrolTexts);
  const zone = useZone();
  const { tone, title, meaning } = attemptWords(attempt);
  if (tone === 'under_way') {
    return (
      <Alert color="blue" icon={<Loader size="sm" aria-hidden />} title={say('pressNow')} role="status">
        <Text size="sm">
          {say('pressWhy', { lock, door, until: formatTimeOfDay(attempt.expires_at, zone, { seconds: true }) })}
        </Text>
        <Text size="xs" c="dimmed" mt={4}>
          {title}
        </Text>
      </Alert>
    );
  }
  const done = tone === 'succeeded';
  return (
    <Stack gap="md">
      <Alert
        color={done ? 'teal' : 'red'}
        icon={done ? <CheckCircledIcon /> : <CrossCircledIcon />}
        title={say(done ? 'enrolled' : 'notEnrolled', { lock, door })}
        role={done ? 'status' : 'alert'}
      >
        <Text size="sm">{[done ? '' : title, meaning].filter((part) => part !== '').join('. ')}</Text>
      </Alert>
      <Group justify="end">
        <Button onClick={onNext} variant={done ? 'default' : 'filled'}>
          {say(done ? 'next' : 'again')}
        </Button>
      </Group>
    </Stack>
  );
}
