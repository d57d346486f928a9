import { checkPage } from '../checks.ts';
import type { Context } from '../context.ts';
import { ownEvents } from '../event/own-sight.ts';
import type { Event } from '../model.ts';
import { requireScope } from '../person/roles.ts';
import type { OwnUseCases } from './use-cases.ts';

/** Notices among which the unread are counted. */
const COUNTED = { after: undefined, limit: 100, newestFirst: true } as const;

/** What a person's own phone tells of what has happened. */
export function ownEventUseCases({ read, write, now }: Context): Omit<OwnUseCases, 'doors'> {
  return {
    async events(actor, { doorId, type }, page) {
      requireScope(actor, 'access:use');
      checkPage(page);
      const filter = {
        ...(doorId !== undefined && { doorId }),
        ...(type !== undefined && { type: type as Event['type'] }),
      };
      return read((tx) => ownEvents(tx, actor, filter, page, now()));
    },
    async notices(actor, page) {
      requireScope(actor, 'access:use');
      checkPage(page);
      return read(async (tx) => {
        const readUntil = (await tx.noticeMarks.get(actor.personId))?.readUntil ?? 0;
        const events = await ownEvents(tx, actor, {}, { ...page, newestFirst: true }, now(), 'of_others');
        const newest = await ownEvents(tx, actor, {}, COUNTED, now(), 'of_others');
        return { events, readUntil, unread: newest.filter(({ receivedAt }) => receivedAt > readUntil).length };
      });
    },
    async readNotices(actor, until) {
      requireScope(actor, 'access:use');
      return write(async (tx) => {
        const known = (await tx.noticeMarks.get(actor.personId))?.readUntil ?? 0;
        // Nobody has read what is still to come.
        const readUntil = Math.max(known, Math.min(until, now()));
        if (readUntil !== known) await tx.noticeMarks.set({ personId: actor.personId, readUntil });
        return readUntil;
      });
    },
  };
}
