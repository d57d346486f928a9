import { ApiProblem } from '@cardea/client-sdk';
import { deviceName, useTexts } from '@cardea/client-ui';
import type { PendingSignIn } from '@cardea/wire-api';
import { type ReactNode, useState } from 'react';
import { Link } from 'wouter';
import { usePhone } from '../own/keeper.tsx';
import { Field } from '../parts/field.tsx';
import { Form } from '../parts/form.tsx';
import { useAct } from '../parts/use-act.ts';
import { LanguageSwitch } from '../shell/language-switch.tsx';
import { Page } from '../shell/page.tsx';
import { signInTexts } from './texts.ts';

/** Signs in by password, and a second step where the account asks for one. */
export function SignInPage(): ReactNode {
  const say = useTexts(signInTexts);
  const { api, begin, own } = usePhone();
  const [address, setAddress] = useState('');
  const [password, setPassword] = useState('');
  const [pending, setPending] = useState<PendingSignIn | undefined>(undefined);
  const act = useAct();
  if (pending !== undefined) return <SecondStep pending={pending} />;
  const signIn = async (): Promise<void> => {
    try {
      const { person } = await api.signIn(address.trim(), password, { device: deviceName(), cookie: true });
      await begin(person.id);
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.secondFactor === undefined) throw error;
      setPending(error.secondFactor);
    }
  };
  return (
    <Page title={say('title')} beside={<LanguageSwitch />}>
      <p className="lead">{say('lead')}</p>
      <Form submit={say('submit')} busyWords={say('busy')} act={act} onSubmit={signIn}>
        <Field
          name="address"
          label={say('address')}
          value={address}
          onChange={setAddress}
          autoComplete="username"
          inputMode="email"
        />
        <Field
          name="password"
          label={say('password')}
          value={password}
          onChange={setPassword}
          type="password"
          autoComplete="current-password"
        />
      </Form>
      {own.phone.keys.length > 0 && (
        <Link href="/" className="quiet">
          {say('backToDoors')}
        </Link>
      )}
    </Page>
  );
}

function SecondStep({ pending }: { readonly pending: PendingSignIn }): ReactNode {
  const say = useTexts(signInTexts);
  const { api, begin } = usePhone();
  const [byTotp, setByTotp] = useState(pending.methods.includes('totp'));
  const [code, setCode] = useState('');
  const act = useAct();
  const both = pending.methods.includes('totp') && pending.methods.includes('recovery_code');
  const possible = byTotp || pending.methods.includes('recovery_code');
  const answer = async (): Promise<void> => {
    const proof = byTotp ? { totp: code } : { recovery_code: code };
    const { person } = await api.registration.secondStep({ step: pending.step, cookie: true, ...proof });
    await begin(person.id);
  };
  return (
    <Page title={say('secondTitle')} beside={<LanguageSwitch />}>
      {!possible && <p className="note warn">{say('noWay')}</p>}
      {possible && (
        <Form submit={say('submit')} busyWords={say('busy')} act={act} onSubmit={answer}>
          <Field
            key={String(byTotp)}
            name="code"
            label={say(byTotp ? 'totp' : 'recovery')}
            value={code}
            onChange={setCode}
            inputMode={byTotp ? 'numeric' : 'text'}
            autoComplete="one-time-code"
          />
        </Form>
      )}
      {both && (
        <button type="button" className="quiet" onClick={() => setByTotp(!byTotp)}>
          {say(byTotp ? 'useRecovery' : 'useTotp')}
        </button>
      )}
    </Page>
  );
}
