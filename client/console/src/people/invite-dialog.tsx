import { useTexts } from '@cardea/client-ui';
import { Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { InviteForm } from './invite-form.tsx';
import { inviteTexts } from './texts.ts';

/** Invites somebody; closing it leaves what was done. */
export function InviteDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const say = useTexts(inviteTexts);
  return (
    <Modal opened onClose={onClose} title={say('title')} size="lg" closeButtonProps={{ 'aria-label': say('close') }}>
      <InviteForm usual="resident" />
    </Modal>
  );
}
