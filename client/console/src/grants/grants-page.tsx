import { useApi, useTexts } from '@cardea/client-ui';
import type { Grant } from '@cardea/wire-api';
import { Button, SegmentedControl } from '@mantine/core';
import { PlusIcon } from '@radix-ui/react-icons';
import { type ReactNode, useState } from 'react';
import { Link } from 'wouter';
import { pageTexts } from '../page-texts.ts';
import { DataTable } from '../parts/data-table.tsx';
import { PersonName } from '../parts/names.tsx';
import { Page, Panel } from '../parts/page.tsx';
import { type PagesOf, usePagesOf } from '../parts/pages-of.ts';
import { StateBadge } from '../parts/state-badge.tsx';
import { Empty, Loaded } from '../parts/states.tsx';
import { useScopes } from '../session/session.tsx';
import { useProperty } from '../shell/property.tsx';
import { GrantWindow } from './grant-window.tsx';
import { GRANT_TONES, GRANTS_KEY } from './keys.ts';
import { NewGrantDialog } from './new-grant.tsx';
import { useRevoking } from './revoke-grant.tsx';
import { ScopeName } from './scope-name.tsx';
import { grantTexts } from './texts.ts';

const STATES = ['active', 'revoked', 'ended'] as const satisfies readonly Grant['state'][];

/** Who may open what in a property, giving it and taking it back. */
export function GrantsPage(): ReactNode {
  const api = useApi();
  const say = useTexts(grantTexts);
  const sayPage = useTexts(pageTexts);
  const property = useProperty();
  const may = useScopes();
  const [state, setState] = useState<Grant['state'] | 'all'>('active');
  const [giving, setGiving] = useState(false);
  const grants = usePagesOf([...GRANTS_KEY, property.id, state], (cursor, signal) =>
    api.grants.page(
      {
        property_id: property.id,
        limit: 100,
        ...(state !== 'all' && { state }),
        ...(cursor !== undefined && { cursor }),
      },
      { signal },
    ),
  );
  const give = may('grants:write', 'persons:read') && (
    <Button leftSection={<PlusIcon aria-hidden />} onClick={() => setGiving(true)}>
      {say('give')}
    </Button>
  );
  return (
    <Page title={sayPage('grants')} lead={say('lead')} actions={give}>
      <SegmentedControl
        mb="md"
        aria-label={say('show')}
        value={state}
        onChange={(value) => setState(STATES.find((one) => one === value) ?? 'all')}
        data={[...STATES, 'all' as const].map((value) => ({ value, label: say(value) }))}
      />
      <Loaded query={grants}>
        {(all) => (
          <Panel padded={false}>
            <GrantTable grants={all} more={grants.more} />
          </Panel>
        )}
      </Loaded>
      {giving && <NewGrantDialog property={property} onClose={() => setGiving(false)} />}
    </Page>
  );
}

function GrantTable({
  grants,
  more,
}: {
  readonly grants: readonly Grant[];
  readonly more: PagesOf<Grant>['more'];
}): ReactNode {
  const say = useTexts(grantTexts);
  const sayPage = useTexts(pageTexts);
  const mayRevoke = useScopes()('grants:write');
  const revoking = useRevoking();
  return (
    <>
      {grants.length === 0 ? (
        <Empty title={say('none')}>{say('noneWhy')}</Empty>
      ) : (
        <DataTable
          label={sayPage('grants')}
          rows={grants}
          rowKey={({ id }) => id}
          more={more}
          columns={[
            { key: 'person', title: say('person'), cell: ({ person_id: id }) => <PersonName id={id} /> },
            {
              key: 'doors',
              title: say('doors'),
              cell: ({ scope, property_id: id }) => <ScopeName scope={scope} propertyId={id} />,
            },
            {
              key: 'window',
              title: say('window'),
              cell: (grant) => <GrantWindow grant={grant} />,
              sort: ({ not_after: at }) => at,
            },
            {
              key: 'how',
              title: say('how'),
              cell: ({ methods }) =>
                methods.length === 0 ? say('fromAfar') : methods.map((method) => say(method)).join(', '),
            },
            {
              key: 'state',
              title: say('state'),
              cell: ({ state }) => <StateBadge tone={GRANT_TONES[state]}>{say(state)}</StateBadge>,
            },
          ]}
          actions={(grant) => (
            <>
              {grant.state === 'active' && mayRevoke && (
                <Button size="compact-sm" variant="default" onClick={() => revoking.ask(grant)}>
                  {say('revoke')}
                </Button>
              )}
              {grant.state === 'revoked' && (
                <Button size="compact-sm" variant="subtle" onClick={() => revoking.look(grant)}>
                  {say('endings')}
                </Button>
              )}
              <Button size="compact-sm" variant="subtle" component={Link} href={`/grants/${grant.id}`}>
                {say('open')}
              </Button>
            </>
          )}
        />
      )}
      {revoking.dialogs}
    </>
  );
}
