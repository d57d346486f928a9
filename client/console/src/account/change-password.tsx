import { useApi, useTexts } from '@cardea/client-ui';
import { Button, Stack } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useAct } from '../parts/act.ts';
import { ProblemNote } from '../parts/problem-note.tsx';
import { CurrentPasswordField, NewPasswordField } from './password-fields.tsx';
import { accountTexts } from './texts.ts';

/** Changes the own password; every other session of the person ends. */
export function ChangePassword({ onDone }: { readonly onDone?: () => void }): ReactNode {
  const api = useApi();
  const say = useTexts(accountTexts);
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const changing = useAct({
    inline: true,
    fields: ['current_password', 'new_password'],
    work: () => api.changePassword(current, next),
    stale: [['me']],
    done: say('passwordChanged'),
    after: () => {
      setCurrent('');
      setNext('');
      onDone?.();
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void changing.run();
      }}
    >
      <Stack>
        <ProblemNote error={changing.error} />
        <CurrentPasswordField value={current} onChange={setCurrent} error={changing.wrong('current_password')} />
        <NewPasswordField value={next} onChange={setNext} error={changing.wrong('new_password')} />
        <Button type="submit" loading={changing.busy}>
          {say('changePassword')}
        </Button>
      </Stack>
    </form>
  );
}
