import { formatMoment } from '@cardea/client-ui';
import type { NoticePage } from '@cardea/wire-api';
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useRef, useState } from 'react';
import { usePhone } from '../own/keeper.tsx';
import { activityWords } from './activity-words.ts';
import { cameAfter, readUntil } from './notices.ts';
import { allowTelling, stopTelling, type Telling, tell, tellingOf } from './telling.ts';

/** What others did that the person is to know, as far as it was asked for. */
export interface Notices {
  /** The newest; undefined before the server has said, and for nobody. */
  readonly page: NoticePage | undefined;
  readonly error: unknown;
  readonly ask: () => Promise<void>;
  /** Everything until a moment (RFC 3339) has been seen. */
  readonly markRead: (until: string) => Promise<void>;
  readonly telling: Telling;
  /** Turns the device's own notices on or off; on must be by a click or key. */
  readonly chooseTelling: (on: boolean) => Promise<void>;
}

const NoticeContext = createContext<Notices | undefined>(undefined);
const EVERY_MS = 20_000;
/** As many as the server counts the unread among. */
const NEWEST = 100;
const NO_NAMES: ReadonlyMap<string, string> = new Map();

/** The notices. @throws Error outside a {@link NoticeKeeper} */
export function useNotices(): Notices {
  const notices = useContext(NoticeContext);
  if (notices === undefined) throw new Error('there is no NoticeKeeper above this component');
  return notices;
}

/**
 * Asks for notices while the page is in sight, and out of sight too where the person wants the device to show them. What
 * was there before is not shown by the device: only what comes while the app is open.
 */
export function NoticeKeeper({ children }: { readonly children: ReactNode }): ReactNode {
  const { api, signedIn, reach, me, doors } = usePhone();
  const personId = me?.person_id;
  const [page, setPage] = useState<NoticePage | undefined>(undefined);
  const [error, setError] = useState<unknown>(undefined);
  const [telling, setTelling] = useState<Telling>('off');
  const turn = useRef(0);
  const known = useRef<string | undefined>(undefined);

  const ask = useCallback(async () => {
    turn.current += 1;
    const mine = turn.current;
    try {
      const next = await api.own.notices({ limit: NEWEST });
      if (mine !== turn.current) return;
      setPage(next);
      setError(undefined);
    } catch (failure) {
      if (mine === turn.current) setError(failure);
    }
  }, [api]);
  const markRead = useCallback(
    async (until: string) => {
      const answer = await api.own.readNotices(until);
      setPage((before) => before && readUntil(before, answer.read_until));
      // What was asked for before this says that it is unread, and is not waited for.
      await ask();
    },
    [api, ask],
  );
  const chooseTelling = useCallback(
    async (on: boolean) => {
      if (!on) setTelling(stopTelling());
      else if (personId !== undefined) setTelling(await allowTelling(personId));
    },
    [personId],
  );

  useEffect(() => setTelling(tellingOf(personId)), [personId]);
  useEffect(() => {
    if (signedIn) return;
    turn.current += 1;
    setPage(undefined);
    setError(undefined);
  }, [signedIn]);
  const asks = signedIn && reach !== 'silent';
  const unseenToo = telling === 'on';
  useEffect(() => {
    if (!asks) return;
    const look = (): void => {
      if (unseenToo || document.visibilityState === 'visible') void ask();
    };
    look();
    const timer = setInterval(look, EVERY_MS);
    document.addEventListener('visibilitychange', look);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }, [ask, asks, unseenToo]);
  useEffect(() => {
    const before = known.current;
    known.current = page && (page.items[0]?.id ?? '');
    // Whoever looks at the list sees it there.
    const listed = location.pathname === '/phone/activity' && document.visibilityState === 'visible';
    if (page === undefined || before === undefined || !unseenToo || listed) return;
    for (const notice of cameAfter(page, before)) {
      const door = doors.find(({ id }) => id === notice.door_id);
      const { title } = activityWords(notice, NO_NAMES);
      const zone = door?.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
      tell(door === undefined ? title : `${door.name}: ${title}`, {
        body: formatMoment(notice.occurred_at ?? notice.received_at, zone),
        tag: notice.id,
      }).catch(() => setTelling('unable'));
    }
  }, [doors, page, unseenToo]);

  const state = useMemo(
    () => ({ page, error, ask, markRead, telling, chooseTelling }),
    [page, error, ask, markRead, telling, chooseTelling],
  );
  return <NoticeContext.Provider value={state}>{children}</NoticeContext.Provider>;
}
