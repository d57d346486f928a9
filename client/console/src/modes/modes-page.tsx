import { useTexts } from '@cardea/client-ui';
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { pageTexts } from '../page-texts.ts';
import { Page } from '../parts/page.tsx';
import { Empty, Loaded } from '../parts/states.tsx';
import { useScopes } from '../session/session.tsx';
import { useProperty } from '../shell/property.tsx';
import { LockdownPanel } from './lockdown-panel.tsx';
import { ModeTable } from './mode-table.tsx';
import { useModes } from './modes-of.ts';
import { PassageDialog } from './passage-dialog.tsx';
import { modesTexts } from './texts.ts';

/** The modes of a property's doors: lockdown, passage, and what their locks have confirmed. */
export function ModesPage(): ReactNode {
  const say = useTexts(modesTexts);
  const sayPage = useTexts(pageTexts);
  const property = useProperty();
  const mayManage = useScopes()('locks:manage');
  const modes = useModes(property.id);
  const [opening, setOpening] = useState(false);
  return (
    <Page
      title={sayPage('modes')}
      lead={say('lead')}
      actions={
        mayManage && (
          <Button variant="default" onClick={() => setOpening(true)}>
            {say('passage')}
          </Button>
        )
      }
    >
      <Loaded query={modes}>
        {(doors) =>
          doors.length === 0 ? (
            <Empty title={say('noDoors')} />
          ) : (
            <>
              <LockdownPanel property={property} doors={doors} mayManage={mayManage} />
              <ModeTable doors={doors} propertyId={property.id} mayManage={mayManage} />
            </>
          )
        }
      </Loaded>
      {opening && <PassageDialog property={property} onClose={() => setOpening(false)} />}
    </Page>
  );
}
