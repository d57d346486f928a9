import { useApi, useTexts } from '@cardea/client-ui';
import type { Person, PersonExport } from '@cardea/wire-api';
import { Button, Menu, Stack, Text } from '@mantine/core';
import { ChevronDownIcon } from '@radix-ui/react-icons';
import { type ReactNode, useState } from 'react';
import { useLocation } from 'wouter';
import { useAct } from '../parts/act.ts';
import { ConfirmDialog } from '../parts/confirm-dialog.tsx';
import { saveText } from '../parts/save-text.ts';
import { useMe } from '../session/session.tsx';
import { EndingsIfNow } from './endings-if-now.tsx';
import { personTexts } from './person-texts.ts';
import { PERSONS_KEY } from './persons-key.ts';
import { rolesToGive } from './role-choice.ts';

/** What staff do for a person, and how somebody leaves: removed, with the record kept, or erased. */
export function PersonActions({ person }: { readonly person: Person }): ReactNode {
  const api = useApi();
  const say = useTexts(personTexts);
  const [asked, ask] = useState<'reset' | 'remove' | 'erase'>();
  const close = (): void => ask(undefined);
  const again = useAct({ work: () => api.persons.inviteAgain(person.id), done: say('invitedAgain') });
  const exporting = useAct<void, PersonExport>({
    work: () => api.persons.export(person.id),
    after: (all) => saveText(`${person.id}.json`, `${JSON.stringify(all, null, 2)}\n`, 'application/json'),
  });
  // Nobody does this to whom he could not have made.
  const mayChange = rolesToGive(useMe().role).includes(person.role);
  return (
    <>
      <Button variant="default" loading={exporting.busy} onClick={() => void exporting.run()}>
        {say('export')}
      </Button>
      {mayChange && (
        <Menu position="bottom-end" width={260}>
          <Menu.Target>
            <Button variant="default" loading={again.busy} rightSection={<ChevronDownIcon aria-hidden />}>
              {say('more')}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => void again.run()}>{say('inviteAgain')}</Menu.Item>
            <Menu.Item onClick={() => ask('reset')}>{say('resetFactors')}</Menu.Item>
            <Menu.Divider />
            <Menu.Item c="var(--cardea-bad)" onClick={() => ask('remove')}>
              {say('remove')}
            </Menu.Item>
            <Menu.Item c="var(--cardea-bad)" onClick={() => ask('erase')}>
              {say('erase')}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
      <ResetDialog person={person} opened={asked === 'reset'} onClose={close} />
      <LeaveDialog person={person} how="remove" opened={asked === 'remove'} onClose={close} />
      <LeaveDialog person={person} how="erase" opened={asked === 'erase'} onClose={close} />
    </>
  );
}

interface DialogProps {
  readonly person: Person;
  readonly opened: boolean;
  readonly onClose: () => void;
}

function ResetDialog({ person, opened, onClose }: DialogProps): ReactNode {
  const api = useApi();
  const say = useTexts(personTexts);
  const act = useAct({
    inline: true,
    work: () => api.persons.resetSecondFactors(person.id),
    done: say('resetDone'),
    after: onClose,
  });
  return (
    <ConfirmDialog
      opened={opened}
      title={say('resetTitle', { name: person.name })}
      action={say('reset')}
      act={act}
      onConfirm={() => void act.run()}
      onClose={onClose}
    >
      <Text size="sm">{say('resetAsk')}</Text>
    </ConfirmDialog>
  );
}

function LeaveDialog({ person, how, opened, onClose }: DialogProps & { readonly how: 'remove' | 'erase' }): ReactNode {
  const api = useApi();
  const say = useTexts(personTexts);
  const [, go] = useLocation();
  const act = useAct({
    inline: true,
    work: () => (how === 'erase' ? api.persons.erase(person.id) : api.persons.remove(person.id)),
    done: how === 'erase' ? say('erased') : say('removed', { name: person.name }),
    after: () => {
      onClose();
      go('/people');
    },
    // The list is read when it is there again; this page has nothing to read any more.
    stale: [
      [...PERSONS_KEY, 'list'],
      [...PERSONS_KEY, 'every'],
    ],
  });
  return (
    <ConfirmDialog
      opened={opened}
      title={say(how === 'erase' ? 'eraseTitle' : 'removeTitle', { name: person.name })}
      action={say(how)}
      {...(how === 'erase' && { word: person.name })}
      act={act}
      onConfirm={() => void act.run()}
      onClose={onClose}
    >
      <Stack gap="sm">
        <Text size="sm">{say(how === 'erase' ? 'eraseAsk' : 'removeAsk')}</Text>
        {opened && <EndingsIfNow personId={person.id} />}
      </Stack>
    </ConfirmDialog>
  );
}
