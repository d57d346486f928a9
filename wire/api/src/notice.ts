import Type, { type Static } from 'typebox';
import { nullable, strict, Time } from './common.ts';
import { Event } from './event.ts';

/** Something that somebody else did which its reader is to know: at the reader's own door, or as a visitor. */
export const Notice = Type.Object({ ...Event.properties, read: Type.Boolean() }, { title: 'Notice' });
export type Notice = Static<typeof Notice>;

/** A page of notices, newest first. */
export const NoticePage = Type.Object(
  {
    items: Type.Array(Notice),
    next_cursor: nullable(Type.String({ description: 'Hand it back as `cursor` for the next page.' })),
    unread: Type.Integer({ minimum: 0, maximum: 100, description: 'Of the newest hundred.' }),
    read_until: nullable(Time),
  },
  { title: 'NoticePage' },
);
export type NoticePage = Static<typeof NoticePage>;

/** Body of POST /v1/me/notices/read: everything until then has been read. */
export const ReadNotices = strict({ until: Time });

/** Answer of POST /v1/me/notices/read. */
export const NoticesRead = Type.Object({ read_until: Time }, { title: 'NoticesRead' });
export type NoticesRead = Static<typeof NoticesRead>;
