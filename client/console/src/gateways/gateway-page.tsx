import { useApi, useTexts } from '@cardea/client-ui';
import type { Gateway } from '@cardea/wire-api';
import { Button, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useLocation, useParams } from 'wouter';
import { useAct } from '../parts/act.ts';
import { ConfirmDialog } from '../parts/confirm-dialog.tsx';
import { Facts } from '../parts/facts.tsx';
import { Page, Panel } from '../parts/page.tsx';
import { Loaded } from '../parts/states.tsx';
import { When } from '../parts/when.tsx';
import { useScopes } from '../session/session.tsx';
import { GATEWAYS_KEY } from './gateways-of.ts';
import { PresenceBadge } from './presence-badge.tsx';
import { Radio } from './radio.tsx';
import { gatewayTexts } from './texts.ts';

const LOOK_AGAIN_MS = 10_000;

/** One gateway: its presence, its radio, and its end. */
export function GatewayPage(): ReactNode {
  const api = useApi();
  const { id = '' } = useParams<{ id: string }>();
  const say = useTexts(gatewayTexts);
  const gateway = useQuery({
    queryKey: [...GATEWAYS_KEY, id],
    queryFn: ({ signal }) => api.gateways.get(id, { signal }),
    refetchInterval: LOOK_AGAIN_MS,
  });
  return (
    <Page
      title={gateway.data?.name ?? say('name')}
      actions={gateway.data !== undefined && <Withdraw gateway={gateway.data} />}
    >
      <Loaded query={gateway}>
        {(one) => (
          <>
            <Panel>
              <Facts
                facts={[
                  { name: say('state'), value: <PresenceBadge gateway={one} /> },
                  { name: say('seen'), value: <When at={one.last_seen_at} distance /> },
                  { name: say('heard'), value: one.locks_heard ?? '–' },
                  { name: say('queue'), value: one.queue_length ?? '–' },
                ]}
              />
            </Panel>
            <Radio id={one.id} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Withdraw({ gateway: { id, name } }: { readonly gateway: Gateway }): ReactNode {
  const api = useApi();
  const say = useTexts(gatewayTexts);
  const [, go] = useLocation();
  const [asked, setAsked] = useState(false);
  const may = useScopes()('gateways:write');
  const act = useAct<void, void>({
    inline: true,
    stale: [GATEWAYS_KEY],
    work: () => api.gateways.remove(id),
    after: () => go('/gateways', { replace: true }),
  });
  if (!may) return null;
  return (
    <>
      <Button variant="default" onClick={() => setAsked(true)}>
        {say('remove')}
      </Button>
      <ConfirmDialog
        opened={asked}
        title={say('removeTitle', { name })}
        action={say('remove')}
        act={act}
        onConfirm={() => void act.run()}
        onClose={() => setAsked(false)}
      >
        <Text size="sm">{say('removeAsk')}</Text>
      </ConfirmDialog>
    </>
  );
}
