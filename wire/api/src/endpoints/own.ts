import { PageQuery } from '../common.ts';
import { endpoint } from '../endpoint.ts';
import { OwnDoorPage } from '../own-door.ts';
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
};
