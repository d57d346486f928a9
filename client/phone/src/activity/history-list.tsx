import { useTexts } from '@cardea/client-ui';
import { type ReactNode, useCallback } from 'react';
import { usePhone } from '../own/keeper.tsx';
import { LoadedPart } from '../parts/loaded-part.tsx';
import { EventRows } from './event-rows.tsx';
import { activityTexts } from './texts.ts';
import { usePages } from './use-pages.ts';

const PAGE = 25;

/** What the person did and is told, the newest first, page by page. */
export function HistoryList({ visitors }: { readonly visitors: ReadonlyMap<string, string> }): ReactNode {
  const say = useTexts(activityTexts);
  const { api } = usePhone();
  const load = useCallback(
    (cursor: string | undefined, signal: AbortSignal) =>
      api.own.events({ order: 'newest_first', limit: PAGE, ...(cursor !== undefined && { cursor }) }, { signal }),
    [api],
  );
  const { items, error, busy, goesOn, more, again } = usePages(load);
  return (
    <LoadedPart loaded={{ value: items, error, reload: again }}>
      {(events) => (
        <>
          {events.length === 0 ? (
            <div className="empty">
              <p>{say('noHistory')}</p>
              <p className="hint">{say('noHistoryHint')}</p>
            </div>
          ) : (
            <EventRows label={say('history')} events={events} visitors={visitors} />
          )}
          {goesOn ? (
            <button type="button" className="secondary" disabled={busy} onClick={more}>
              {say(busy ? 'busy' : 'more')}
            </button>
          ) : (
            events.length > 0 && <p className="hint">{say('end')}</p>
          )}
        </>
      )}
    </LoadedPart>
  );
}
