import { useApi, useTexts } from '@cardea/client-ui';
import { type ReactNode, useState } from 'react';
import { useAct } from '../parts/act.ts';
import { Form } from '../parts/form.tsx';
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
    <Form wide act={changing} action={say('changePassword')}>
      <CurrentPasswordField value={current} onChange={setCurrent} error={changing.wrong('current_password')} />
      <NewPasswordField value={next} onChange={setNext} error={changing.wrong('new_password')} />
    </Form>
  );
}
