import { useTexts } from '@cardea/client-ui';
import { Button, Group } from '@mantine/core';
import type { ReactNode } from 'react';
import type { More } from './pages-of.ts';
import { partTexts } from './texts.ts';

/** Loads more of a listing that is no table; nothing where all of it is there. */
export function MoreButton({ more }: { readonly more: More }): ReactNode {
  const say = useTexts(partTexts);
  if (!more.has) return null;
  return (
    <Group justify="center" mt="sm">
      <Button size="xs" variant="default" loading={more.busy} onClick={more.load}>
        {say('more')}
      </Button>
    </Group>
  );
}
