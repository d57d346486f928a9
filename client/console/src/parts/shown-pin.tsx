import { Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { CopyButton } from './copy-button.tsx';

/** A PIN that is shown this once, large enough to be read to somebody. */
export function ShownPin({
  label,
  pin,
}: {
  /** Whose or where it is. */
  readonly label: string;
  readonly pin: string;
}): ReactNode {
  return (
    <div>
      <Text size="sm" c="dimmed">
        {label}
      </Text>
      <Group gap="sm">
        <Text fz={34} fw={650} ff="monospace" lts="0.15em" data-secret="pin">
          {pin}
        </Text>
        <CopyButton text={pin} size="compact-sm" />
      </Group>
    </div>
  );
}
