import { useApi, useTexts } from '@cardea/client-ui';
import { Button, Text } from '@mantine/core';
import type { QueryKey } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useAct } from '../parts/act.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Form } from '../parts/form.tsx';
import { partTexts } from '../parts/texts.ts';
import { CurrentPasswordField } from './password-fields.tsx';

type Api = ReturnType<typeof useApi>;

/** Does what a stolen session alone must not do: the password is asked for again. Give each asking a `key` of its own. */
export function ProveDialog<Answer>({
  title,
  why,
  action,
  grave = false,
  work,
  stale,
  done,
  onDone,
  onClose,
}: {
  readonly title: string;
  /** What will happen. */
  readonly why: string;
  /** On the button: the verb itself. */
  readonly action: string;
  readonly grave?: boolean;
  readonly work: (api: Api, password: string) => Promise<Answer>;
  readonly stale: readonly QueryKey[];
  readonly done?: string;
  readonly onDone: (answer: Answer) => void;
  readonly onClose: () => void;
}): ReactNode {
  const api = useApi();
  const say = useTexts(partTexts);
  const [password, setPassword] = useState('');
  const proving = useAct({
    inline: true,
    fields: ['current_password'],
    work: () => work(api, password),
    stale,
    ...(done !== undefined && { done }),
    after: onDone,
  });
  return (
    <Dialog title={title} onClose={onClose}>
      <Form
        act={proving}
        action={action}
        grave={grave}
        aside={
          <Button variant="default" onClick={onClose}>
            {say('cancel')}
          </Button>
        }
      >
        <Text size="sm">{why}</Text>
        <CurrentPasswordField value={password} onChange={setPassword} error={proving.wrong('current_password')} />
      </Form>
    </Dialog>
  );
}
