import { useTexts } from '@cardea/client-ui';
import { type ReactNode, useEffect, useState } from 'react';
import { LoadedPart } from '../parts/loaded-part.tsx';
import { EventRows } from './event-rows.tsx';
import { useNotices } from './notice-keeper.tsx';
import { newestOf } from './notices.ts';
import { TellingChoice } from './telling-choice.tsx';
import { activityTexts } from './texts.ts';

/** What others did; it counts as read once it is on a screen that somebody can see. */
export function NoticeList({ visitors }: { readonly visitors: ReadonlyMap<string, string> }): ReactNode {
  const say = useTexts(activityTexts);
  const { page, error, ask } = useNotices();
  const fresh = useSeen();
  useEffect(() => void ask(), [ask]);
  return (
    <>
      <p className="lead">{say('lead')}</p>
      <LoadedPart loaded={{ value: page, error, reload: () => void ask() }}>
        {({ items, next_cursor: older }) => (
          <>
            {items.length === 0 ? (
              <p className="empty">{say('noNotices')}</p>
            ) : (
              <EventRows label={say('notices')} events={items} visitors={visitors} fresh={fresh} />
            )}
            {older !== null && <p className="hint">{say('older')}</p>}
          </>
        )}
      </LoadedPart>
      <TellingChoice />
    </>
  );
}

/** Marks what is shown as read. Answers which of it was new since the list was opened, which stays marked until it is left. */
function useSeen(): ReadonlySet<string> {
  const { page, markRead } = useNotices();
  const [fresh, setFresh] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => {
    if (page === undefined) return;
    const unread = page.items.filter(({ read }) => !read).map(({ id }) => id);
    if (unread.length > 0) setFresh((before) => new Set([...before, ...unread]));
    const newest = newestOf(page);
    if (newest === undefined || page.unread === 0) return;
    const see = (): void => {
      // Where it fails it is unread still, and is marked when the server has been asked again.
      if (document.visibilityState === 'visible') markRead(newest).catch(() => undefined);
    };
    see();
    document.addEventListener('visibilitychange', see);
    return () => document.removeEventListener('visibilitychange', see);
  }, [page, markRead]);
  return fresh;
}
