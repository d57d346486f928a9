import { useTexts } from '@cardea/client-ui';
import { Button, TextInput } from '@mantine/core';
import { type ReactNode, useEffect, useState } from 'react';
import type { Act } from './act.ts';
import { Dialog } from './dialog.tsx';
import { Form } from './form.tsx';
import { partTexts } from './texts.ts';

/** Asks before something is done that is not undone easily. With `word` it has to be typed first. */
export function ConfirmDialog({
  act,
  opened,
  title,
  children,
  action,
  word,
  onConfirm,
  onClose,
}: {
  /** What is done once it is confirmed, with `inline`: what it refuses is said in the dialog. */
  readonly act: Pick<Act<void>, 'busy' | 'error'>;
  readonly opened: boolean;
  readonly title: string;
  /** What will happen, and what cannot be undone. */
  readonly children: ReactNode;
  /** On the button: the verb itself, not "OK". */
  readonly action: string;
  readonly word?: string;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}): ReactNode {
  const say = useTexts(partTexts);
  const [typed, setTyped] = useState('');
  useEffect(() => {
    if (opened) setTyped('');
  }, [opened]);
  const ready = word === undefined || typed.trim() === word;
  return (
    <Dialog opened={opened} onClose={onClose} title={title}>
      <Form
        act={{ busy: act.busy, error: act.error, run: onConfirm }}
        action={action}
        ready={ready}
        grave
        aside={
          <Button variant="default" onClick={onClose}>
            {say('cancel')}
          </Button>
        }
      >
        <div>{children}</div>
        {word !== undefined && (
          <TextInput
            label={say('confirmTyped', { word })}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            autoComplete="off"
            data-autofocus
          />
        )}
      </Form>
    </Dialog>
  );
}
