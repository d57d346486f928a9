import { PageQuery } from '../common.ts';
import { endpoint } from '../endpoint.ts';
import { EventPage, OwnEventQuery } from '../event.ts';
import { NoticePage, NoticesRead, ReadNotices } from '../notice.ts';
import { OwnDoorPage } from '../own-door.ts';
import { OwnPassword, PersonExport } from '../people.ts';
import { listing } from './usual.ts';

/** What everybody who may open something has of his own: the screens of a phone. */
export const ownEndpoints = {
  'GET /v1/me/doors': endpoint({
    ...listing,
    name: 'listOwnDoors',
    summary: 'The doors that you may open now or later: ways, until when, why not now, state of the lock',
    scopes: ['access:use'],
    query: PageQuery,
    answer: OwnDoorPage,
  }),
  'GET /v1/me/events': endpoint({
    ...listing,
    name: 'listOwnEvents',
    summary: 'What you did, what happened to your own doors as a resident, without who, and that your visitors came',
    scopes: ['access:use'],
    query: OwnEventQuery,
    answer: EventPage,
  }),
  'GET /v1/me/export': endpoint({
    name: 'exportMe',
    summary: 'Everything that is held of you',
    status: 200,
    answer: PersonExport,
  }),
  'POST /v1/me/erase': endpoint({
    name: 'eraseMe',
    summary: 'Erase your own account, as a resident or guest, with everything that names you; it cannot be undone',
    idempotent: true,
    status: 204,
    body: OwnPassword,
    refusals: ['invalid', 'bad_credentials', 'locked_out', 'conflict', 'unavailable'],
  }),
  'GET /v1/me/notices': endpoint({
    ...listing,
    name: 'listNotices',
    summary: 'Of that what others did, newest first, and what of it you have not read',
    scopes: ['access:use'],
    query: PageQuery,
    answer: NoticePage,
  }),
  'POST /v1/me/notices/read': endpoint({
    name: 'readNotices',
    summary: 'Remember that everything until a moment has been read',
    scopes: ['access:use'],
    idempotent: true,
    status: 200,
    body: ReadNotices,
    answer: NoticesRead,
    refusals: ['invalid'],
  }),
};
