import { Button, Code, CopyButton, Group } from '@mantine/core';
import { CheckIcon, CopyIcon } from '@radix-ui/react-icons';
import type { ReactNode } from 'react';

/** A text to be taken elsewhere, with the button that copies it; with `hidden` the button alone. */
export function CopyLine({
  text,
  copy,
  copied,
  hidden = false,
}: {
  readonly text: string;
  /** What the button says before and after. */
  readonly copy: string;
  readonly copied: string;
  readonly hidden?: boolean;
}): ReactNode {
  return (
    <Group gap="xs" wrap="nowrap" align="start">
      {!hidden && (
        <Code block flex={1} style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>
          {text}
        </Code>
      )}
      <CopyButton value={text}>
        {({ copied: done, copy: take }) => (
          <Button
            variant="default"
            onClick={take}
            flex="none"
            leftSection={done ? <CheckIcon aria-hidden /> : <CopyIcon aria-hidden />}
          >
            {done ? copied : copy}
          </Button>
        )}
      </CopyButton>
    </Group>
  );
}
