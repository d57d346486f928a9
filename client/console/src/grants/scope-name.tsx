import { useTexts } from '@cardea/client-ui';
import type { Grant } from '@cardea/wire-api';
import { UnstyledButton } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useFloors } from '../estate/use-estate.ts';
import { DoorName } from '../parts/names.tsx';
import { grantTexts } from './texts.ts';

/** Doors that are named before the rest is only counted. */
const NAMED_MOST = 8;

/** The doors that a grant reaches, by name. */
export function ScopeName({
  scope,
  propertyId,
}: {
  readonly scope: Grant['scope'];
  readonly propertyId: string;
}): ReactNode {
  const say = useTexts(grantTexts);
  const [whole, setWhole] = useState(false);
  if (scope.kind === 'property') return say('wholeProperty');
  if (scope.kind === 'floor') return <FloorName id={scope.floor_id} propertyId={propertyId} />;
  const ids = whole ? scope.door_ids : scope.door_ids.slice(0, NAMED_MOST);
  const more = scope.door_ids.length - ids.length;
  return (
    <>
      {ids.map((id, at) => (
        <span key={id}>
          {at > 0 && ', '}
          <DoorName id={id} />
        </span>
      ))}
      {more > 0 && (
        <>
          {' '}
          <UnstyledButton fz="inherit" c="var(--mantine-color-anchor)" onClick={() => setWhole(true)}>
            {say('doorsMore', { count: more })}
          </UnstyledButton>
        </>
      )}
    </>
  );
}

function FloorName({ id, propertyId }: { readonly id: string; readonly propertyId: string }): ReactNode {
  const say = useTexts(grantTexts);
  const floors = useFloors(propertyId).data;
  return say('wholeFloor', { name: floors?.find((floor) => floor.id === id)?.name ?? '…' });
}
