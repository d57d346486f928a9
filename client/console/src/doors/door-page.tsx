import './door-page.css';
import { useApi, useTexts } from '@cardea/client-ui';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useParams } from 'wouter';
import type { LiveDoor } from '../live/estate.ts';
import { useLiveDoor, useLiveEstate, useLiveLoading } from '../live/live.tsx';
import { Page } from '../parts/page.tsx';
import { Empty, Failed, Loading } from '../parts/states.tsx';
import { useScopes } from '../session/session.tsx';
import { AccessPanel } from './access-panel.tsx';
import { Actions } from './actions.tsx';
import { CommandPanel } from './command-panel.tsx';
import { Confirmations } from './confirmations.tsx';
import { doorPageTexts } from './door-page-texts.ts';
import { LockPanel } from './lock-panel.tsx';
import { useCommandsOf } from './record-of-door.ts';
import { StatePanel } from './state-panel.tsx';
import { Timeline } from './timeline.tsx';
import { useCommand } from './use-command.ts';

/** One door: what its lock has proved, what is asked of it and how that ended, who can open it, and what happened there. */
export function DoorPage(): ReactNode {
  const say = useTexts(doorPageTexts);
  const { id = '' } = useParams<{ id: string }>();
  const live = useLiveDoor(id);
  const loading = useLiveLoading();
  const estate = useLiveEstate();
  if (live !== undefined) return <OneDoor key={id} live={live} />;
  if (loading === 'loading') return <Loading />;
  return (
    <Page title={say('noDoor')}>
      {loading === 'ready' ? (
        <Empty title={say('noDoor')}>{say('noDoorWhy')}</Empty>
      ) : (
        <Failed error={loading.failure} retry={() => estate.reread()} />
      )}
    </Page>
  );
}

function OneDoor({ live }: { readonly live: LiveDoor }): ReactNode {
  const say = useTexts(doorPageTexts);
  const holds = useScopes();
  const command = useCommand();
  const commands = useCommandsOf(live.door.id);
  const { door, lock } = live;
  return (
    <Page
      title={door.name}
      lead={
        <>
          <FloorName id={door.floor_id} />
          {say(door.kind)}
        </>
      }
      actions={lock === undefined ? undefined : <Actions doorId={door.id} command={command} />}
    >
      <Confirmations commands={commands.data ?? []} command={command} />
      <div className="door-panels">
        <div>
          <StatePanel live={live} />
          <CommandPanel newest={commands.data?.[0]} command={command} />
        </div>
        <LockPanel live={live} command={command} />
      </div>
      {holds('grants:read') && <AccessPanel doorId={door.id} />}
      <Timeline doorId={door.id} commands={commands} />
    </Page>
  );
}

function FloorName({ id }: { readonly id: string | null }): ReactNode {
  const api = useApi();
  const { data } = useQuery({
    queryKey: ['floors', 'one', id],
    queryFn: ({ signal }) => api.floors.get(id ?? '', { signal }),
    enabled: id !== null,
  });
  return data === undefined ? null : `${data.name} · `;
}
