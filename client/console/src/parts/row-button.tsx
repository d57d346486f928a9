import { Button } from '@mantine/core';
import type { ReactNode } from 'react';

/** A button at the end of a table's row; who hears it is told what it is of, as others of its name stand in other rows. */
export function RowButton({
  name,
  of,
  onClick,
}: {
  /** On the button. */
  readonly name: string;
  /** What the row is about. */
  readonly of: string;
  readonly onClick: () => void;
}): ReactNode {
  return (
    <Button size="compact-sm" variant="default" aria-label={`${name}: ${of}`} onClick={onClick}>
      {name}
    </Button>
  );
}
