import { chooseLanguage, LANGUAGES, language, useTexts } from '@cardea/client-ui';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { usePhone } from '../own/keeper.tsx';
import { Page } from '../shell/page.tsx';
import { MyData } from './my-data.tsx';
import { OwnPhones } from './own-phones.tsx';
import { SignOut } from './sign-out.tsx';
import { accountTexts } from './texts.ts';

/** What each language calls itself. */
const NAMES = { en: 'English', zh: '中文' } as const;

/** What is the person's own: phones, language, session. */
export function AccountPage(): ReactNode {
  const say = useTexts(accountTexts);
  const { signedIn } = usePhone();
  return (
    <Page title={say('title')}>
      {signedIn ? (
        <OwnPhones />
      ) : (
        <p className="note">
          {say('signedOut')} <Link href="/sign-in">{say('signIn')}</Link>
        </p>
      )}
      <fieldset className="card">
        <legend>{say('language')}</legend>
        {LANGUAGES.map((one) => (
          <label key={one} lang={one}>
            <input
              type="radio"
              name="language"
              checked={language() === one}
              onChange={() => void chooseLanguage(one)}
            />
            {NAMES[one]}
          </label>
        ))}
      </fieldset>
      {signedIn && <MyData />}
      {signedIn && <SignOut />}
    </Page>
  );
}
