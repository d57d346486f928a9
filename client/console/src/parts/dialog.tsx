import { useTexts } from '@cardea/client-ui';
import { Button, Group, type MantineSize, Modal } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';
import { partTexts } from './texts.ts';
import { useReturnFocus } from './use-return-focus.ts';

/** A dialog with its title and the way out. When it goes, the focus returns to what opened it. */
export function Dialog({
  opened = true,
  title,
  size = 'md',
  held = false,
  kept = false,
  onClose,
  children,
}: {
  /** Left out: it is open as long as it is drawn. */
  readonly opened?: boolean;
  readonly title: string;
  readonly size?: MantineSize;
  /** A click outside does not close it: what was typed would be lost. */
  readonly held?: boolean;
  /** Nothing but a button of its content closes it: what it shows is shown only now. */
  readonly kept?: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}): ReactNode {
  const say = useTexts(partTexts);
  const root = useRef<HTMLDivElement>(null);
  useReturnFocus(opened);
  // A form that gives way to what came of it takes the focus with it: it stays within the dialog.
  useEffect(() => {
    if (opened && document.activeElement === document.body)
      root.current?.querySelector<HTMLElement>('[role="dialog"]')?.focus();
  });
  return (
    <Modal
      ref={root}
      opened={opened}
      onClose={onClose}
      title={title}
      size={size}
      closeButtonProps={{ 'aria-label': say('close') }}
      withCloseButton={!kept}
      closeOnEscape={!kept}
      closeOnClickOutside={!held && !kept}
      returnFocus={false}
    >
      {children}
    </Modal>
  );
}

/** The foot of a dialog that shows what came of something: the button that closes it, and others before it. */
export function DialogEnd({
  onClose,
  children,
}: {
  readonly onClose: () => void;
  readonly children?: ReactNode;
}): ReactNode {
  const say = useTexts(partTexts);
  return (
    <Group justify="end" gap="xs">
      {children}
      <Button onClick={onClose} data-autofocus>
        {say('close')}
      </Button>
    </Group>
  );
}
