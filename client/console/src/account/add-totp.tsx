import { QrCode, useApi, useTexts } from '@cardea/client-ui';
import type { NewTotp } from '@cardea/wire-api';
import { Center, Code, Text } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useAct } from '../parts/act.ts';
import { CodeField } from '../parts/code-field.tsx';
import { Form } from '../parts/form.tsx';
import { CurrentPasswordField } from './password-fields.tsx';
import { accountTexts } from './texts.ts';

/** Sets up an authenticator: the password again, the secret as a QR code, and a code of it as proof. */
export function AddTotp({ onAdded }: { readonly onAdded: (recoveryCodes: readonly string[]) => void }): ReactNode {
  const [secret, setSecret] = useState<NewTotp>();
  return secret === undefined ? <AskSecret onSecret={setSecret} /> : <ProveTotp secret={secret} onAdded={onAdded} />;
}

function AskSecret({ onSecret }: { readonly onSecret: (secret: NewTotp) => void }): ReactNode {
  const api = useApi();
  const say = useTexts(accountTexts);
  const [password, setPassword] = useState('');
  const asking = useAct({
    inline: true,
    fields: ['current_password'],
    work: () => api.own.beginTotp(password),
    after: onSecret,
  });
  return (
    <Form wide act={asking} action={say('begin')}>
      <Text size="sm">{say('authenticatorWhy')}</Text>
      <CurrentPasswordField value={password} onChange={setPassword} error={asking.wrong('current_password')} />
    </Form>
  );
}

function ProveTotp({
  secret: { uri, secret },
  onAdded,
}: {
  readonly secret: NewTotp;
  readonly onAdded: (recoveryCodes: readonly string[]) => void;
}): ReactNode {
  const api = useApi();
  const say = useTexts(accountTexts);
  const [code, setCode] = useState('');
  const proving = useAct({
    inline: true,
    fields: ['code'],
    work: () => api.own.confirmTotp(code),
    after: ({ recovery_codes }) => onAdded(recovery_codes),
  });
  return (
    <Form wide act={proving} action={say('confirm')}>
      <Text size="sm">{say('scan')}</Text>
      <Center>
        <QrCode text={uri} label={say('qrLabel')} />
      </Center>
      <div>
        <Text size="sm" mb={4}>
          {say('typed')}
        </Text>
        <Code block>{secret}</Code>
      </div>
      <CodeField label={say('shown')} value={code} onChange={setCode} error={proving.wrong('code')} />
    </Form>
  );
}
