import { useTexts } from '@cardea/client-ui';
import { Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { partTexts } from './texts.ts';

/** A dialog that is open as long as it is drawn, with its title and the way out. */
export function Dialog({
  title,
  onClose,
  children,
}: {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}): ReactNode {
  const say = useTexts(partTexts);
  return (
    <Modal opened onClose={onClose} title={title} closeButtonProps={{ 'aria-label': say('close') }}>
      {children}
    </Modal>
  );
}
