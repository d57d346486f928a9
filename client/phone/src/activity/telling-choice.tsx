import { useTexts } from '@cardea/client-ui';
import type { ReactNode } from 'react';
import { useNotices } from './notice-keeper.tsx';
import { activityTexts } from './texts.ts';

/** Whether the device shows notices by itself; nothing where it cannot. */
export function TellingChoice(): ReactNode {
  const say = useTexts(activityTexts);
  const { telling, chooseTelling } = useNotices();
  switch (telling) {
    case 'unable':
      return null;
    case 'blocked':
      return <p className="hint">{say('blocked')}</p>;
    case 'off':
    case 'on':
      return (
        <>
          <button type="button" className="secondary" onClick={() => void chooseTelling(telling === 'off')}>
            {say(telling === 'off' ? 'tell' : 'stopTelling')}
          </button>
          <p className="hint">{say('tellHint')}</p>
        </>
      );
  }
}
