import { useTexts } from '@cardea/client-ui';
import type { Grant } from '@cardea/wire-api';
import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { When } from '../parts/when.tsx';
import { grantTexts } from './texts.ts';

/** From when until when a grant opens, and how many of its openings are used. */
export function GrantWindow({ grant }: { readonly grant: Grant }): ReactNode {
  const say = useTexts(grantTexts);
  const { not_before: from, not_after: to, uses, used } = grant;
  return (
    <>
      <When at={from} /> – {to === null ? say('untilRevoked') : <When at={to} />}
      {uses !== null && (
        <Text size="xs" c="dimmed">
          {say('uses', { used, uses })}
        </Text>
      )}
    </>
  );
}
