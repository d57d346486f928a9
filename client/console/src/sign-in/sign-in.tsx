import { ApiProblem } from '@cardea/client-sdk';
import { useApi, useTexts } from '@cardea/client-ui';
import type { PendingSignIn } from '@cardea/wire-api';
import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useAct } from '../parts/act.ts';
import { ProblemNote } from '../parts/problem-note.tsx';
import { useSession } from '../session/session.tsx';
import { Card } from './card.tsx';
import { SecondStep } from './second-step.tsx';
import { signInTexts } from './texts.ts';

/** Signs in: by password, and by a second step where one is asked for. Below it is the page that was asked for. */
export function SignIn(): ReactNode {
  const [pending, setPending] = useState<PendingSignIn>();
  if (pending !== undefined) return <SecondStep pending={pending} onBack={() => setPending(undefined)} />;
  return <FirstStep onPending={setPending} />;
}

function FirstStep({ onPending }: { readonly onPending: (pending: PendingSignIn) => void }): ReactNode {
  const api = useApi();
  const { begin } = useSession();
  const say = useTexts(signInTexts);
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const signing = useAct({
    inline: true,
    work: async () => {
      try {
        await api.signIn(email.trim(), password, { organizationId: organizationOfLink(), cookie: true });
        begin();
      } catch (error) {
        if (!(error instanceof ApiProblem) || error.secondFactor === undefined) throw error;
        onPending(error.secondFactor);
      }
    },
  });
  return (
    <Card title={say('title')}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void signing.run();
        }}
      >
        <Stack>
          <ProblemNote error={signing.error} />
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
          <Button type="submit" loading={signing.busy}>
            {say('signIn')}
          </Button>
        </Stack>
      </form>
    </Card>
  );
}

/** Only a link of another organization than the installation's own names one: `?organization=org_...`. */
function organizationOfLink(): string | undefined {
  return new URLSearchParams(location.search).get('organization') ?? undefined;
}
