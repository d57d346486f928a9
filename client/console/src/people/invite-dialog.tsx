import { useTexts } from '@cardea/client-ui';
import type { ReactNode } from 'react';
import { Dialog } from '../parts/dialog.tsx';
import { InviteForm } from './invite-form.tsx';
import { inviteTexts } from './texts.ts';

/** Invites somebody; closing it leaves what was done. */
export function InviteDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const say = useTexts(inviteTexts);
  return (
    <Dialog title={say('title')} size="lg" onClose={onClose}>
      <InviteForm usual="resident" />
    </Dialog>
  );
}
