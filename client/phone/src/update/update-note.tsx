import { useTexts } from '@cardea/client-ui';
import { type ReactNode, useEffect, useState } from 'react';
import type { InstalledApp } from './installed-app.ts';
import { updateTexts } from './texts.ts';

/** Says that a newer version of the app is there, and takes it when the person wants. */
export function UpdateNote({ installing }: { readonly installing: Promise<InstalledApp | undefined> }): ReactNode {
  const say = useTexts(updateTexts);
  const [app, setApp] = useState<InstalledApp | undefined>(undefined);
  const [newer, setNewer] = useState(false);
  useEffect(() => void installing.then(setApp), [installing]);
  useEffect(() => {
    if (app === undefined) return;
    const stop = app.onNewer(() => setNewer(true));
    const look = (): void => {
      if (document.visibilityState === 'visible') app.look();
    };
    document.addEventListener('visibilitychange', look);
    return () => {
      stop();
      document.removeEventListener('visibilitychange', look);
    };
  }, [app]);
  return (
    <div role="status" className="update">
      {newer && app !== undefined && (
        <p className="note">
          {say('newer')}{' '}
          <button type="button" className="link" onClick={() => app.takeOver()}>
            {say('reload')}
          </button>
        </p>
      )}
    </div>
  );
}
