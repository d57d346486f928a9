import { useApi, useTexts } from '@cardea/client-ui';
import type { PendingSignIn } from '@cardea/wire-api';
import { Anchor, Group, Stack } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useAct } from '../parts/act.ts';
import { CodeField } from '../parts/code-field.tsx';
import { Form } from '../parts/form.tsx';
import { useSession } from '../session/session.tsx';
import { Card } from './card.tsx';
import { PasskeyButton } from './passkey-button.tsx';
import { signInTexts } from './texts.ts';

/** The second step of a sign-in: a passkey, a code of the authenticator, or a recovery code. */
export function SecondStep({
  pending,
  onBack,
}: {
  readonly pending: PendingSignIn;
  readonly onBack: () => void;
}): ReactNode {
  const api = useApi();
  const { begin } = useSession();
  const say = useTexts(signInTexts);
  const hasTotp = pending.methods.includes('totp');
  const hasRecovery = pending.methods.includes('recovery_code');
  const [byTotp, setByTotp] = useState(hasTotp);
  const [code, setCode] = useState('');
  const answering = useAct({
    inline: true,
    work: () =>
      api.registration.secondStep({
        step: pending.step,
        cookie: true,
        ...(byTotp ? { totp: code } : { recovery_code: code }),
      }),
    after: begin,
  });
  const { passkey, step } = pending;
  return (
    <Card title={say('secondStep')}>
      {passkey !== null && (
        <Stack mb="md">
          <PasskeyButton ask={async () => ({ step, options: passkey })} />
        </Stack>
      )}
      <Stack>
        <Form wide act={answering} action={say('confirm')}>
          <CodeField
            key={String(byTotp)}
            label={say(byTotp ? 'totp' : 'recoveryCode')}
            description={byTotp ? undefined : say('recoveryHint')}
            value={code}
            onChange={setCode}
            inputMode={byTotp ? 'numeric' : 'text'}
            autoFocus
          />
        </Form>

        <Group justify="space-between">
          <Anchor component="button" type="button" size="sm" onClick={onBack}>
            {say('back')}
          </Anchor>
          {hasTotp && hasRecovery && (
            <Anchor
              component="button"
              type="button"
              size="sm"
              onClick={() => {
                setCode('');
                setByTotp(!byTotp);
              }}
            >
              {say(byTotp ? 'useRecovery' : 'useTotp')}
            </Anchor>
          )}
        </Group>
      </Stack>
    </Card>
  );
}
