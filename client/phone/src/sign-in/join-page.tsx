import { deviceName, useTexts } from '@cardea/client-ui';
import { type ReactNode, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { usePhone } from '../own/keeper.tsx';
import { Field } from '../parts/field.tsx';
import { Form } from '../parts/form.tsx';
import { useAct } from '../parts/use-act.ts';
import { LanguageSwitch } from '../shell/language-switch.tsx';
import { Page } from '../shell/page.tsx';
import { readInvitation } from './invitation-link.ts';
import { signInTexts } from './texts.ts';

/** Takes an invitation: a password is chosen, and this phone is signed in by it. */
export function JoinPage(): ReactNode {
  const say = useTexts(signInTexts);
  const { api, begin } = usePhone();
  const [, go] = useLocation();
  // Read once: the code is taken out of the address afterwards.
  const [invitation] = useState(() => readInvitation(location.hash));
  const [password, setPassword] = useState('');
  const act = useAct();
  const join = async (): Promise<void> => {
    if (invitation === undefined) return;
    const { email } = await api.registration.confirm(invitation.verificationId, invitation.code, password);
    history.replaceState(null, '', location.pathname);
    const { person } = await api.signIn(email, password, { device: deviceName(), cookie: true });
    await begin(person.id);
    go('/', { replace: true });
  };
  return (
    <Page title={say('joinTitle')} beside={<LanguageSwitch />}>
      {invitation === undefined && <p className="note bad">{say('joinBad')}</p>}
      {invitation !== undefined && (
        <>
          <p className="lead">{say('joinLead')}</p>
          <Form submit={say('join')} busyWords={say('busy')} act={act} onSubmit={join}>
            <Field
              name="new-password"
              label={say('newPassword')}
              hint={say('newPasswordHint')}
              value={password}
              onChange={setPassword}
              type="password"
              minLength={12}
              maxLength={200}
              autoComplete="new-password"
            />
          </Form>
        </>
      )}
      <Link href="/sign-in" className="quiet">
        {say('haveAccount')}
      </Link>
    </Page>
  );
}
