import { useTexts } from '@cardea/client-ui';
import { type ReactNode, useState } from 'react';
import { usePhone } from '../own/keeper.tsx';
import { partTexts } from '../parts/texts.ts';
import { useAct } from '../parts/use-act.ts';
import { accountTexts } from './texts.ts';

/** Ends the session; asks first whether the keys stay. */
export function SignOut(): ReactNode {
  const say = useTexts(accountTexts);
  const sayPart = useTexts(partTexts);
  const { api, end, forget } = usePhone();
  const [asked, setAsked] = useState(false);
  const act = useAct();
  const signOut = (keep: boolean) => () =>
    void act.run(async () => {
      // Without the server the session ends by its time; what is kept here goes all the same.
      await api.signOut().catch(() => {});
      if (keep) end();
      else await forget();
    });
  if (!asked) {
    return (
      <button type="button" className="secondary" onClick={() => setAsked(true)}>
        {say('signOut')}
      </button>
    );
  }
  return (
    <fieldset className="ask card" aria-label={say('signOut')}>
      <p>{say('signOutSure')}</p>
      <button type="button" className="secondary" disabled={act.busy} onClick={signOut(true)}>
        {say('signOutKeep')}
      </button>
      <button type="button" className="secondary danger" disabled={act.busy} onClick={signOut(false)}>
        {say('signOutRemove')}
      </button>
      <button type="button" className="quiet" disabled={act.busy} onClick={() => setAsked(false)}>
        {sayPart('cancel')}
      </button>
    </fieldset>
  );
}
