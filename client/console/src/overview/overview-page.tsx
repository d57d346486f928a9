import { useTexts } from '@cardea/client-ui';
import type { ReactNode } from 'react';
import { pageTexts } from '../page-texts.ts';
import { Page } from '../parts/page.tsx';
import { useMayOpen } from '../shell/may-open.ts';
import { useProperty } from '../shell/property.tsx';
import { Activity } from './activity.tsx';
import { DeskToday } from './desk-today.tsx';
import { DoorsNow } from './doors-now.tsx';
import { SystemNow } from './system-now.tsx';
import { overviewTexts } from './texts.ts';

/** What needs attention now, each as a number that leads to its place, and what happened last. */
export function OverviewPage(): ReactNode {
  const say = useTexts(overviewTexts);
  const sayPage = useTexts(pageTexts);
  const { name: property } = useProperty();
  const mayOpen = useMayOpen();
  return (
    <Page title={sayPage('overview')} lead={say('lead', { property })}>
      <DoorsNow />
      <div className="overview-row">
        <SystemNow />
        {mayOpen('/desk') && <DeskToday />}
      </div>
      {mayOpen('/events') && <Activity />}
    </Page>
  );
}
