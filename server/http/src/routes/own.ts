import { Secret } from '@cardea/kit-runtime';
import type { Core } from '@cardea/server-core';
import { pageOf } from '../page.ts';
import { event } from '../represent/event.ts';
import { personExport } from '../represent/held.ts';
import { ownDoor } from '../represent/own-door.ts';
import { time, timeOrNull } from '../represent/time.ts';
import { type Route, route } from '../route.ts';
import { eventFilter } from './events.ts';

/** What everybody who may open something has of his own. */
export function ownRoutes({ own, privacy }: Core): readonly Route[] {
  return [
    route('GET /v1/me/doors', (actor, { query }) => pageOf(query, (page) => own.doors(actor, page), ownDoor)),
    route('GET /v1/me/events', (actor, { query }) =>
      pageOf(query, (page) => own.events(actor, eventFilter(query), page), event),
    ),
    route('GET /v1/me/export', async (actor) => personExport(await privacy.export(actor, actor.personId))),
    route('POST /v1/me/erase', async (actor, { body, browser }) => {
      await privacy.eraseOwn(actor, new Secret(body.current_password));
      browser.forget();
      return undefined;
    }),
    route('GET /v1/me/notices', async (actor, { query }) => {
      let readUntil = 0;
      let unread = 0;
      const list: Parameters<typeof pageOf<Awaited<ReturnType<typeof own.events>>[number], unknown>>[1] = async (
        page,
      ) => {
        const notices = await own.notices(actor, page);
        ({ readUntil, unread } = notices);
        return notices.events;
      };
      const shown = await pageOf(query, list, (row) => ({ ...event(row), read: row.receivedAt <= readUntil }));
      return { ...shown, unread, read_until: timeOrNull(readUntil === 0 ? null : readUntil) };
    }),
    route('POST /v1/me/notices/read', async (actor, { body }) => ({
      read_until: time(await own.readNotices(actor, Date.parse(body.until))),
    })),
  ];
}
