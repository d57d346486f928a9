import { useTexts } from '@cardea/client-ui';
import type { InvitedVisitor } from '@cardea/wire-api';
import { type ReactNode, useState } from 'react';
import { visitorTexts } from './texts.ts';

/** What is shown once: the link to share, and the PIN. Both are gone when the page is left. */
export function InvitedNote({
  invited: { visitor, sent, link, pin },
  onDone,
}: {
  readonly invited: InvitedVisitor;
  readonly onDone: () => void;
}): ReactNode {
  const say = useTexts(visitorTexts);
  const [copied, setCopied] = useState(false);
  const { name, doors } = visitor;
  const shared = { title: say('shareText', { doors: doors.map((door) => door.name).join(', ') }), url: link ?? '' };
  // Not every browser can share; one that cannot has no such method, whatever the types say.
  const canShare = link !== null && navigator.canShare?.(shared) === true;
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(link ?? '');
    setCopied(true);
  };
  return (
    <section className="note good ask" aria-label={say('invited', { name })} data-visitor={visitor.id}>
      <p className="strong" role="status">
        {say('invited', { name })}
      </p>
      {sent && <p>{say('sent')}</p>}
      {link !== null && (
        <>
          <p>{say('linkOnce', { name })}</p>
          <p className="code" data-link="true">
            {link}
          </p>
          {canShare && (
            // Closing the list of apps is no fault: the link is still there.
            <button type="button" className="primary" onClick={() => void navigator.share(shared).catch(() => {})}>
              {say('share')}
            </button>
          )}
          <button type="button" className="secondary" onClick={() => void copy().catch(() => {})}>
            {say(copied ? 'copied' : 'copy')}
          </button>
        </>
      )}
      {pin !== null && (
        <p>
          {say('pinOnce')} <strong className="pin">{pin}</strong>
        </p>
      )}
      <button type="button" className="quiet" onClick={onDone}>
        {say('done')}
      </button>
    </section>
  );
}
