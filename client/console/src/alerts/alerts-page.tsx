import './alerts.css';
import { useTexts } from '@cardea/client-ui';
import { SegmentedControl } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { pageTexts } from '../page-texts.ts';
import { MoreButton } from '../parts/more-button.tsx';
import { Page, Panel } from '../parts/page.tsx';
import { Empty, Loaded } from '../parts/states.tsx';
import { AlertCard } from './alert-card.tsx';
import { alertTexts } from './texts.ts';
import { useAlerts } from './use-alerts.ts';

/** What the monitor of the record has found, open and past, live. */
export function AlertsPage(): ReactNode {
  const say = useTexts(alertTexts);
  const sayPage = useTexts(pageTexts);
  const [shown, setShown] = useState<'open' | 'all'>('open');
  const alerts = useAlerts(shown);
  return (
    <Page title={sayPage('alerts')}>
      <SegmentedControl
        mb="md"
        aria-label={say('show')}
        value={shown}
        onChange={(value) => setShown(value === 'all' ? 'all' : 'open')}
        data={[
          { value: 'open', label: say('open') },
          { value: 'all', label: say('all') },
        ]}
      />
      <Loaded query={alerts}>
        {(all) =>
          all.length === 0 ? (
            <Panel>
              <Empty title={say(shown === 'open' ? 'none' : 'noneEver')}>{say('noneWhy')}</Empty>
            </Panel>
          ) : (
            <>
              <ul className="alert-list" aria-label={say('alerts')}>
                {all.map((alert) => (
                  <li key={alert.id}>
                    <AlertCard alert={alert} />
                  </li>
                ))}
              </ul>
              <MoreButton more={alerts.more} />
            </>
          )
        }
      </Loaded>
    </Page>
  );
}
