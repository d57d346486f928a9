import { useApi, useTexts } from '@cardea/client-ui';
import type { Grant, GrantMethod } from '@cardea/wire-api';
import { Button, Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useAct } from '../parts/act.ts';
import { ConfirmDialog } from '../parts/confirm-dialog.tsx';
import { Panel } from '../parts/page.tsx';
import { GrantPinMaker } from './grant-pin-maker.tsx';
import { methodsKey } from './keys.ts';
import { grantTexts } from './texts.ts';

/** The PINs of a grant: how many locks have taken them; making one, removing all. */
export function GrantPins({ grant }: { readonly grant: Grant }): ReactNode {
  const api = useApi();
  const say = useTexts(grantTexts);
  const [asking, setAsking] = useState(false);
  const methods = useQuery({
    queryKey: methodsKey(grant.id),
    queryFn: ({ signal }) => api.grantMethods(grant.id, { signal }),
  });
  const pins = methods.data?.filter(({ method }) => method === 'pin') ?? [];
  const held = pins.filter(({ state }) => isHeld(state));
  const remove = useAct({
    inline: true,
    stale: [methodsKey(grant.id)],
    work: () => api.pins.remove(grant.id),
    after: () => setAsking(false),
  });
  return (
    <Panel title={say('pins')}>
      <Text size="sm" c="dimmed" mb="sm">
        {say('pinsWhy')}
      </Text>
      <Text size="sm" mb="sm">
        {held.length === 0
          ? say('pinNone')
          : say('pinLocks', { count: held.filter(({ state }) => state === 'set').length, all: pins.length })}
      </Text>
      <Group align="start">
        <GrantPinMaker grantId={grant.id} again={held.length > 0} />
        {held.length > 0 && (
          <Button variant="subtle" color="red.9" onClick={() => setAsking(true)}>
            {say('removePins')}
          </Button>
        )}
      </Group>
      <ConfirmDialog
        opened={asking}
        title={say('removePins')}
        action={say('removePins')}
        act={remove}
        onConfirm={() => void remove.run()}
        onClose={() => setAsking(false)}
      >
        <Text size="sm">{say('removePinsAsk')}</Text>
      </ConfirmDialog>
    </Panel>
  );
}

function isHeld(state: GrantMethod['state']): boolean {
  return state === 'set' || state === 'setting';
}
