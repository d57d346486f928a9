import { useApi, useTexts } from '@cardea/client-ui';
import { Anchor, Stack, Text, TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { NewPasswordField } from '../account/password-fields.tsx';
import { useAct } from '../parts/act.ts';
import { CodeField } from '../parts/code-field.tsx';
import { Form } from '../parts/form.tsx';
import { Card } from './card.tsx';
import { ofOrganization } from './organization.ts';
import { signInTexts } from './texts.ts';

/** Sets a forgotten password anew by a code that is sent to the person's address. */
export function Forgotten({ onBack }: { readonly onBack: () => void }): ReactNode {
  const say = useTexts(signInTexts);
  const [verificationId, setVerificationId] = useState<string>();
  return (
    <Card title={say('forgotten')}>
      <Stack>
        {verificationId === undefined ? (
          <AskForCode onSent={setVerificationId} />
        ) : (
          <SetAnew verificationId={verificationId} onDone={onBack} />
        )}
        <Anchor component="button" type="button" size="sm" ta="start" onClick={onBack}>
          {say('back')}
        </Anchor>
      </Stack>
    </Card>
  );
}

function AskForCode({ onSent }: { readonly onSent: (verificationId: string) => void }): ReactNode {
  const api = useApi();
  const say = useTexts(signInTexts);
  const [address, setAddress] = useState('');
  const asking = useAct({
    inline: true,
    fields: ['address'],
    work: () => api.registration.recover({ address: address.trim(), ...ofOrganization() }),
    after: ({ verification_id }) => onSent(verification_id),
  });
  return (
    <Form wide act={asking} action={say('sendCode')}>
      <TextInput
        label={say('address')}
        value={address}
        onChange={(event) => setAddress(event.currentTarget.value)}
        error={asking.wrong('address')}
        autoComplete="username"
        required
        withAsterisk={false}
        autoFocus
      />
    </Form>
  );
}

function SetAnew({
  verificationId,
  onDone,
}: {
  readonly verificationId: string;
  readonly onDone: () => void;
}): ReactNode {
  const api = useApi();
  const say = useTexts(signInTexts);
  const [code, setCode] = useState('');
  const [password, setPassword] = useState('');
  const setting = useAct({
    inline: true,
    fields: ['code', 'password'],
    work: () => api.registration.confirm(verificationId, code, password),
    done: say('passwordSet'),
    after: onDone,
  });
  return (
    <Form wide act={setting} action={say('setPassword')}>
      <Text size="sm">{say('codeSent')}</Text>
      <CodeField label={say('code')} value={code} onChange={setCode} error={setting.wrong('code')} autoFocus />
      <NewPasswordField value={password} onChange={setPassword} error={setting.wrong('password')} />
    </Form>
  );
}
