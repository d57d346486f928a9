import { answerByPasskey, passkeysWork, useApi, useTexts } from '@cardea/client-ui';
import { Alert, Button } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { accountTexts } from '../account/texts.ts';
import { useAct } from '../parts/act.ts';
import { ProblemNote } from '../parts/problem-note.tsx';
import { useSession } from '../session/session.tsx';
import { signInTexts } from './texts.ts';

/** What a passkey answers, and for which step of a sign-in. */
export interface PasskeyQuestion {
  readonly step: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** Signs in by a passkey: alone, or as the second step, as `ask` has it. Nothing where the browser knows no passkeys. */
export function PasskeyButton({ ask }: { readonly ask: () => Promise<PasskeyQuestion> }): ReactNode {
  const api = useApi();
  const { begin } = useSession();
  const say = useTexts(signInTexts);
  const sayAccount = useTexts(accountTexts);
  const [refused, setRefused] = useState<'given_up' | 'known_already' | 'wrong_address'>();
  const signing = useAct({
    inline: true,
    work: async () => {
      setRefused(undefined);
      const { step, options } = await ask();
      const outcome = await answerByPasskey(options);
      if (outcome.kind === 'answered') {
        await api.registration.secondStep({ step, cookie: true, passkey: outcome.response });
        begin();
      } else setRefused(outcome.kind);
    },
  });
  if (!passkeysWork()) return null;
  return (
    <>
      <ProblemNote error={signing.error} />
      {refused !== undefined && (
        <Alert color="yellow" role="alert">
          {sayAccount(refused)}
        </Alert>
      )}
      <Button variant="default" loading={signing.busy} onClick={() => void signing.run()}>
        {say('byPasskey')}
      </Button>
    </>
  );
}
