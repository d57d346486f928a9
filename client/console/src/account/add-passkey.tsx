import { makePasskey, type PasskeyOutcome, passkeysWork, useApi, useTexts } from '@cardea/client-ui';
import { Alert, Text, TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useAct } from '../parts/act.ts';
import { Form } from '../parts/form.tsx';
import { CurrentPasswordField } from './password-fields.tsx';
import { accountTexts } from './texts.ts';

/** Makes a passkey in the browser or its authenticator, and gives its public half to the server. */
export function AddPasskey({ onAdded }: { readonly onAdded: (recoveryCodes: readonly string[]) => void }): ReactNode {
  const api = useApi();
  const say = useTexts(accountTexts);
  const [password, setPassword] = useState('');
  const [name, setName] = useState('');
  const [refused, setRefused] = useState<Exclude<PasskeyOutcome['kind'], 'answered'>>();
  const adding = useAct({
    inline: true,
    fields: ['current_password', 'name'],
    work: async () => {
      setRefused(undefined);
      const { step_id, options } = await api.own.beginPasskey(password);
      const outcome = await makePasskey(options);
      if (outcome.kind !== 'answered') return setRefused(outcome.kind);
      const { recovery_codes } = await api.own.addPasskey({ step_id, name: name.trim(), response: outcome.response });
      onAdded(recovery_codes);
    },
  });
  if (!passkeysWork()) return <Text size="sm">{say('noPasskeys')}</Text>;
  return (
    <Form wide act={adding} action={say('begin')}>
      <Text size="sm">{say('passkeyWhy')}</Text>
      {refused !== undefined && (
        <Alert color="yellow" role="alert">
          {say(refused)}
        </Alert>
      )}
      <TextInput
        label={say('passkeyName')}
        description={say('passkeyNameHint')}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        error={adding.wrong('name')}
        required
        withAsterisk={false}
      />
      <CurrentPasswordField value={password} onChange={setPassword} error={adding.wrong('current_password')} />
    </Form>
  );
}
