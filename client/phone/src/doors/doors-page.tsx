import { problemWords, useTexts } from '@cardea/client-ui';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { usePhone } from '../own/keeper.tsx';
import { Page } from '../shell/page.tsx';
import { DoorCard } from './door-card.tsx';
import { doorRows } from './rows.ts';
import { doorTexts } from './texts.ts';

/** Every door of the person, with the time left and the way to open it. */
export function DoorsPage(): ReactNode {
  const say = useTexts(doorTexts);
  const { own, doors, now, signedIn, asking, bluetooth } = usePhone();
  const rows = doorRows(doors, own.phone.keys, now / 1_000);
  return (
    <Page title={say('title')}>
      <Notes />
      {rows.length === 0 && !asking && signedIn && (
        <div className="empty">
          <p>{say('none')}</p>
          <p className="hint">{say('noneHint')}</p>
        </div>
      )}
      <ul className="doors">
        {rows.map((row) => (
          <DoorCard key={row.id} row={row} />
        ))}
      </ul>
      {rows.length > 0 && bluetooth !== 'yes' && (
        <p className="hint">{say(bluetooth === 'no_api' ? 'noBluetooth' : 'bluetoothOff')}</p>
      )}
    </Page>
  );
}

/** What the person has to know now: of the network, the session, the browser. */
function Notes(): ReactNode {
  const say = useTexts(doorTexts);
  const { own, reach, signedIn, asking, problem, askServer } = usePhone();
  const waiting = own.phone.carried.length;
  return (
    <div className="notes" aria-live="polite">
      {asking && <p className="note">{say('asking')}</p>}
      {reach === 'silent' && <p className="note warn">{say('offlineNow')}</p>}
      {reach === 'answers' && !signedIn && !asking && (
        <p className="note">
          {say('signedOut')} <Link href="/sign-in">{say('signIn')}</Link>
        </p>
      )}
      {problem !== undefined && !asking && reach === 'answers' && (
        <p className="note bad">
          {problemWords(problem)}{' '}
          <button type="button" className="link" onClick={() => void askServer()}>
            {say('again')}
          </button>
        </p>
      )}
      {waiting > 0 && <p className="note">{say('carried', { count: waiting })}</p>}
    </div>
  );
}
