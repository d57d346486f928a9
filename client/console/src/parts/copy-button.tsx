import { useTexts } from '@cardea/client-ui';
import { Button, CopyButton as Copying, type MantineSize } from '@mantine/core';
import { CheckIcon, CopyIcon } from '@radix-ui/react-icons';
import type { ReactNode } from 'react';
import { partTexts } from './texts.ts';

/** Copies a text, and says for a moment that it did. */
export function CopyButton({
  text,
  label,
  size = 'sm',
}: {
  readonly text: string;
  /** What it says before, where “Copy” is not enough: which of several. */
  readonly label?: string;
  readonly size?: MantineSize | `compact-${MantineSize}`;
}): ReactNode {
  const say = useTexts(partTexts);
  return (
    <Copying value={text}>
      {({ copied, copy }) => (
        <Button
          size={size}
          variant="default"
          flex="none"
          leftSection={copied ? <CheckIcon aria-hidden /> : <CopyIcon aria-hidden />}
          onClick={copy}
        >
          {copied ? say('copied') : (label ?? say('copy'))}
        </Button>
      )}
    </Copying>
  );
}
