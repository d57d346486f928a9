import { Code, Group } from '@mantine/core';
import type { ReactNode } from 'react';
import { CopyButton } from './copy-button.tsx';

/** A text to be taken elsewhere, with the button that copies it. */
export function CopyLine({
  text,
  label,
}: {
  readonly text: string;
  /** What the button says, where “Copy” is not enough. */
  readonly label?: string;
}): ReactNode {
  return (
    <Group gap="xs" wrap="nowrap" align="start">
      <Code block flex={1} style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>
        {text}
      </Code>
      <CopyButton text={text} {...(label !== undefined && { label })} />
    </Group>
  );
}
