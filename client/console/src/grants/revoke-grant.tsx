import { latestEndings, useApi, useTexts } from '@cardea/client-ui';
import type { Grant, GrantMethod } from '@cardea/wire-api';
import { Text } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { DoorEnding } from '../ending/endings.tsx';
import { EndingsDialog } from '../ending/endings-dialog.tsx';
import { useAct } from '../parts/act.ts';
import { ConfirmDialog } from '../parts/confirm-dialog.tsx';
import { GRANTS_KEY, methodsKey } from './keys.ts';
import { grantTexts } from './texts.ts';

/** Revoking of grants, and until when what was given out still opens. */
export interface Revoking {
  /** Asks whether to revoke. */
  readonly ask: (grant: Grant) => void;
  /** Shows the endings of a grant that was revoked before. */
  readonly look: (grant: Grant) => void;
  /** The dialogs; they outlive the grant's row, whose endings are still to be read. */
  readonly dialogs: ReactNode;
}

/** Revokes after asking, then shows of each door until when it can still be opened. */
export function useRevoking(): Revoking {
  const api = useApi();
  const say = useTexts(grantTexts);
  const [asked, setAsked] = useState<Grant>();
  const [shown, setShown] = useState<readonly DoorEnding[]>();
  const revoke = useAct<Grant, readonly DoorEnding[]>({
    inline: true,
    stale: [GRANTS_KEY, ...(asked === undefined ? [] : [methodsKey(asked.id)])],
    work: async (grant) => endingsOf(grant, (await api.grants.revoke(grant.id)).at_locks),
    after: (endings) => {
      setAsked(undefined);
      setShown(endings);
    },
  });
  const look = useAct<Grant, readonly DoorEnding[]>({
    work: async (grant) => endingsOf(grant, await api.grantMethods(grant.id)),
    after: setShown,
  });
  return {
    ask: (grant) => {
      revoke.reset();
      setAsked(grant);
    },
    look: (grant) => void look.run(grant),
    dialogs: (
      <>
        <ConfirmDialog
          opened={asked !== undefined}
          title={say('revokeTitle')}
          action={say('revoke')}
          act={revoke}
          onConfirm={() => asked !== undefined && void revoke.run(asked)}
          onClose={() => setAsked(undefined)}
        >
          <Text size="sm">{say('revokeAsk')}</Text>
        </ConfirmDialog>
        <EndingsDialog title={say('revokedTitle')} endings={shown} onClose={() => setShown(undefined)} />
      </>
    ),
  };
}

/** Of a grant that was taken back, each door once with its last end; nothing where nothing was given out. */
function endingsOf(grant: Grant, methods: readonly GrantMethod[]): readonly DoorEnding[] {
  const { id: grantId, person_id: personId } = grant;
  return [...latestEndings(methods)].map(([doorId, ending]) => ({ doorId, personId, grantId, ending }));
}
