import { ApiProblem } from '@cardea/client-sdk';
import { deviceName, useApi, useTexts } from '@cardea/client-ui';
import type { PendingSignIn } from '@cardea/wire-api';
import { Anchor, PasswordInput, Stack, TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useAct } from '../parts/act.ts';
import { Form } from '../parts/form.tsx';
import { useSession } from '../session/session.tsx';
import { Card } from './card.tsx';
import { Forgotten } from './forgotten.tsx';
import { ofOrganization, organizationOfLink } from './organization.ts';
import { PasskeyButton } from './passkey-button.tsx';
import { SecondStep } from './second-step.tsx';
import { signInTexts } from './texts.ts';

/** Signs in: by password and a second step where one is asked for, or by a passkey alone. Behind it is the page asked for. */
export function SignIn(): ReactNode {
  const [pending, setPending] = useState<PendingSignIn>();
  const [forgotten, setForgotten] = useState(false);
  if (forgotten) return <Forgotten onBack={() => setForgotten(false)} />;
  if (pending !== undefined) return <SecondStep pending={pending} onBack={() => setPending(undefined)} />;
  return <FirstStep onPending={setPending} onForgotten={() => setForgotten(true)} />;
}

function FirstStep({
  onPending,
  onForgotten,
}: {
  readonly onPending: (pending: PendingSignIn) => void;
  readonly onForgotten: () => void;
}): ReactNode {
  const api = useApi();
  const { begin } = useSession();
  const say = useTexts(signInTexts);
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const signing = useAct({
    inline: true,
    work: async () => {
      try {
        await api.signIn(email.trim(), password, {
          organizationId: organizationOfLink(),
          device: deviceName(),
          cookie: true,
        });
        begin();
      } catch (error) {
        if (!(error instanceof ApiProblem) || error.secondFactor === undefined) throw error;
        onPending(error.secondFactor);
      }
    },
  });
  return (
    <Card title={say('title')}>
      <Stack>
        <Form wide act={signing} action={say('signIn')}>
          <TextInput
            label={say('address')}
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
            autoComplete="username"
            required
            withAsterisk={false}
            autoFocus
          />
          <PasswordInput
            label={say('password')}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            autoComplete="current-password"
            required
            withAsterisk={false}
          />
        </Form>

        <PasskeyButton ask={() => api.registration.passkey({ ...ofOrganization(), device: deviceName() })} />
        <Anchor component="button" type="button" size="sm" ta="start" onClick={onForgotten}>
          {say('forgot')}
        </Anchor>
      </Stack>
    </Card>
  );
}
