import { useTexts } from '@cardea/client-ui';
import { SegmentedControl, Stack } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { AddPasskey } from '../account/add-passkey.tsx';
import { AddTotp } from '../account/add-totp.tsx';
import { ChangePassword } from '../account/change-password.tsx';
import { RecoveryCodeList } from '../account/recovery-codes.tsx';
import { accountTexts } from '../account/texts.ts';
import { Card } from './card.tsx';
import { signInTexts } from './texts.ts';

/** Before anything else: a password of one's own instead of the one that was handed over. */
export function RequiredPassword(): ReactNode {
  const say = useTexts(signInTexts);
  return (
    <Card title={say('ownPassword')} lead={say('ownPasswordWhy')}>
      <ChangePassword />
    </Card>
  );
}

/** Before anything else: the second factor that the organization asks of this role. */
export function RequiredSecondFactor(): ReactNode {
  const queries = useQueryClient();
  const say = useTexts(signInTexts);
  const sayAccount = useTexts(accountTexts);
  const [kind, setKind] = useState<'totp' | 'passkey'>('totp');
  const [codes, setCodes] = useState<readonly string[]>();
  // Everything was refused until now: it is read anew.
  const goOn = () => void queries.resetQueries();
  if (codes !== undefined) {
    return (
      <Card title={sayAccount('recoveryCodes')}>
        <RecoveryCodeList codes={codes} onKept={goOn} />
      </Card>
    );
  }
  return (
    <Card title={say('secondFactor')} lead={say('secondFactorWhy')}>
      <Stack>
        <SegmentedControl
          fullWidth
          aria-label={say('secondFactor')}
          value={kind}
          onChange={(chosen) => setKind(chosen === 'passkey' ? 'passkey' : 'totp')}
          data={[
            { value: 'totp', label: sayAccount('authenticator') },
            { value: 'passkey', label: sayAccount('passkey') },
          ]}
        />
        {kind === 'totp' ? <AddTotp onAdded={setCodes} /> : <AddPasskey onAdded={setCodes} />}
      </Stack>
    </Card>
  );
}
