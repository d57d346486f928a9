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
import { SecondStep } from './second-step.tsx';
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
