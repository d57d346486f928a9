import { formatDistance, formatMoment, useTexts } from '@cardea/client-ui';
import type { InvitedVisitor, RevokedVisitor, Visitor } from '@cardea/wire-api';
import { type ReactNode, useCallback, useState } from 'react';
import { usePhone } from '../own/keeper.tsx';
import { Confirm } from '../parts/confirm.tsx';
import { EndingNote } from '../parts/ending-note.tsx';
import { LoadedPart } from '../parts/loaded-part.tsx';
import { useLoaded } from '../parts/use-loaded.ts';
import { Page } from '../shell/page.tsx';
import { InviteForm } from './invite-form.tsx';
import { InvitedNote } from './invited-note.tsx';
import { visitorTexts } from './texts.ts';

/** Whom the person lets in for a time: invite, look, take back. */
export function VisitorsPage(): ReactNode {
  const say = useTexts(visitorTexts);
  const { api } = usePhone();
  const [inviting, setInviting] = useState(false);
  const [invited, setInvited] = useState<InvitedVisitor | undefined>(undefined);
  const [revoked, setRevoked] = useState<RevokedVisitor | undefined>(undefined);
  const load = useCallback(
    async (signal: AbortSignal): Promise<readonly Visitor[]> => {
      const all: Visitor[] = [];
      for await (const visitor of api.visitors.list({}, { signal })) all.push(visitor);
      return all.reverse();
    },
    [api],
  );
  const loaded = useLoaded(load);
  return (
    <Page title={say('title')}>
      {invited !== undefined && <InvitedNote invited={invited} onDone={() => setInvited(undefined)} />}
      {revoked !== undefined && (
        <EndingNote
          title={say('endings', { name: revoked.visitor.name })}
          nothing={say('nothingHeld')}
          methods={revoked.at_locks}
        />
      )}
      {inviting ? (
        <InviteForm
          onCancel={() => setInviting(false)}
          onInvited={(answer) => {
            setInviting(false);
            setRevoked(undefined);
            setInvited(answer);
            loaded.reload();
          }}
        />
      ) : (
        invited === undefined && (
          <>
            <p className="lead">{say('lead')}</p>
            <button type="button" className="primary" onClick={() => setInviting(true)}>
              {say('invite')}
            </button>
          </>
        )
      )}
      <LoadedPart loaded={loaded}>
        {(visitors) =>
          visitors.length === 0 ? (
            <div className="empty">
              <p>{say('none')}</p>
              <p className="hint">{say('noneHint')}</p>
            </div>
          ) : (
            <ul className="doors">
              {visitors.map((visitor) => (
                <OneVisitor
                  key={visitor.id}
                  visitor={visitor}
                  onRevoke={async () => {
                    setRevoked(await api.visitors.revoke(visitor.id));
                    setInvited(undefined);
                    loaded.reload();
                  }}
                />
              ))}
            </ul>
          )
        }
      </LoadedPart>
    </Page>
  );
}

function OneVisitor({
  visitor,
  onRevoke,
}: {
  readonly visitor: Visitor;
  readonly onRevoke: () => Promise<void>;
}): ReactNode {
  const say = useTexts(visitorTexts);
  const { doors: known, now } = usePhone();
  const { name, doors, state, not_before, not_after, opens_until } = visitor;
  const zone =
    known.find(({ id }) => doors.some((door) => door.id === id))?.zone ??
    Intl.DateTimeFormat().resolvedOptions().timeZone;
  const words = {
    waiting: () => say('waiting', { distance: formatDistance(not_before, now) }),
    active: () => say('active', { at: formatMoment(opens_until, zone), distance: formatDistance(opens_until, now) }),
    revoked: () => say('revoked'),
    ended: () => say('ended'),
  };
  return (
    <li className="card">
      <h2>{name}</h2>
      <p>{doors.map((door) => door.name).join(', ')}</p>
      <p>{words[state]()}</p>
      <p className="hint">
        {say('window', { from: formatMoment(not_before, zone), until: formatMoment(not_after, zone) })}
      </p>
      {(state === 'waiting' || state === 'active') && (
        <Confirm
          label={say('revoke')}
          name={say('revokeName', { name })}
          question={<p>{say('revokeSure', { name })}</p>}
          action={say('revoke')}
          onConfirm={onRevoke}
        />
      )}
    </li>
  );
}
