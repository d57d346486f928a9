import { useTexts } from '@cardea/client-ui';
import { type ReactNode, useState } from 'react';
import { usePhone } from '../own/keeper.tsx';
import { Field } from '../parts/field.tsx';
import { Form } from '../parts/form.tsx';
import { partTexts } from '../parts/texts.ts';
import { useAct } from '../parts/use-act.ts';
import { accountTexts } from './texts.ts';

/** What is held of the person: taken as a file, or erased after the password was shown. */
export function MyData(): ReactNode {
  const say = useTexts(accountTexts);
  const sayPart = useTexts(partTexts);
  const { api, me, forget } = usePhone();
  const [erasing, setErasing] = useState(false);
  const [password, setPassword] = useState('');
  const exporting = useAct();
  const erase = useAct();
  // Staff are erased by staff.
  const mayErase = me?.role === 'resident' || me?.role === 'guest';
  return (
    <section className="card" aria-labelledby="my-data">
      <h2 id="my-data">{say('myData')}</h2>
      <Form
        submit={say('export')}
        busyWords={sayPart('busy')}
        act={exporting}
        onSubmit={async () => offer(JSON.stringify(await api.own.export(), undefined, 2))}
      >
        <p className="hint">{say('exportHint')}</p>
      </Form>
      {mayErase && !erasing && (
        <button type="button" className="secondary danger" onClick={() => setErasing(true)}>
          {say('erase')}
        </button>
      )}
      {mayErase && erasing && (
        <>
          <p className="note warn">{say('eraseSure')}</p>
          <Form
            submit={say('eraseNow')}
            busyWords={sayPart('busy')}
            act={erase}
            onSubmit={async () => {
              await api.own.erase(password);
              await forget();
            }}
          >
            <Field
              name="erase-password"
              label={say('password')}
              type="password"
              value={password}
              onChange={setPassword}
              autoComplete="current-password"
            />
          </Form>
          <button type="button" className="quiet" onClick={() => setErasing(false)}>
            {sayPart('cancel')}
          </button>
        </>
      )}
    </section>
  );
}

/** Hands the person a file. */
function offer(text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = 'cardea-my-data.json';
  link.click();
  URL.revokeObjectURL(address);
}
