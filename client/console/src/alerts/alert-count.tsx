import './alerts.css';
import { useTexts } from '@cardea/client-ui';
import type { ReactNode } from 'react';
import { alertTexts } from './texts.ts';
import { MAX_COUNTED, useOpenAlerts } from './use-alerts.ts';

/** How many alerts are open, for the navigation; nothing while there are none. */
export function AlertCount(): ReactNode {
  const say = useTexts(alertTexts);
  const count = useOpenAlerts().data;
  if (count === undefined || count === 0) return null;
  const words = count > MAX_COUNTED ? say('openMore', { count: MAX_COUNTED }) : say('openCount', { count });
  return (
    <span className="alert-count" role="img" aria-label={words} title={words}>
      {count > MAX_COUNTED ? `${MAX_COUNTED}+` : count}
    </span>
  );
}
