import { answerByPasskey, type PasskeyOutcome, passkeysWork, problemWords, useTexts } from '@cardea/client-ui';
import type { PendingSignIn } from '@cardea/wire-api';
import { type ReactNode, useState } from 'react';
import { usePhone } from '../own/keeper.tsx';
import { Field } from '../parts/field.tsx';
import { Form } from '../parts/form.tsx';
import { useAct } from '../parts/use-act.ts';
import { LanguageSwitch } from '../shell/language-switch.tsx';
import { Page } from '../shell/page.tsx';
import { signInTexts } from './texts.ts';

/** The second step of a sign-in: a passkey, a code of the authenticator, or a recovery code. */
export function SecondStep({ pending }: { readonly pending: PendingSignIn }): ReactNode {
  const say = useTexts(signInTexts);
  const { methods, passkey, step } = pending;
  const byCode = methods.includes('totp') || methods.includes('recovery_code');
  const byPasskey = passkey !== null && passkeysWork();
  return (
    <Page title={say('secondTitle')} beside={<LanguageSwitch />}>
      {!byCode && !byPasskey && <p className="note warn">{say('noWay')}</p>}
      {byCode && <ByCode pending={pending} />}
      {byPasskey && <ByPasskey step={step} options={passkey} />}
    </Page>
  );
}

function ByCode({ pending: { step, methods } }: { readonly pending: PendingSignIn }): ReactNode {
  const say = useTexts(signInTexts);
  const { api, begin } = usePhone();
  const [byTotp, setByTotp] = useState(methods.includes('totp'));
  const [code, setCode] = useState('');
  const act = useAct();
  const answer = async (): Promise<void> => {
    const proof = byTotp ? { totp: code } : { recovery_code: code };
    const { person } = await api.registration.secondStep({ step, cookie: true, ...proof });
    await begin(person.id);
  };
  return (
    <>
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
      {methods.includes('totp') && methods.includes('recovery_code') && (
        <button type="button" className="quiet" onClick={() => setByTotp(!byTotp)}>
          {say(byTotp ? 'useRecovery' : 'useTotp')}
        </button>
      )}
    </>
  );
}

function ByPasskey({
  step,
  options,
}: {
  readonly step: string;
  readonly options: NonNullable<PendingSignIn['passkey']>;
}): ReactNode {
  const say = useTexts(signInTexts);
  const { api, begin } = usePhone();
  const [refused, setRefused] = useState<Exclude<PasskeyOutcome['kind'], 'answered'> | undefined>(undefined);
  const act = useAct();
  const answer = async (): Promise<void> => {
    setRefused(undefined);
    const outcome = await answerByPasskey(options);
    if (outcome.kind !== 'answered') return setRefused(outcome.kind);
    const { person } = await api.registration.secondStep({ step, cookie: true, passkey: outcome.response });
    await begin(person.id);
  };
  return (
    <>
      <div role="alert">
        {refused !== undefined && <p className="note warn">{say(refused)}</p>}
        {act.error !== undefined && <p className="note bad">{problemWords(act.error, { acting: true })}</p>}
      </div>
      <button type="button" className="secondary" disabled={act.busy} onClick={() => void act.run(answer)}>
        {act.busy ? say('busy') : say('byPasskey')}
      </button>
    </>
  );
}
