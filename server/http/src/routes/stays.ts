import { type Core, CoreError, type GuestInput, type Moment, momentOf, type RoomInput } from '@cardea/server-core';
import type { BodyOf } from '@cardea/wire-api';
import { pageOf } from '../page.ts';
import { grant } from '../represent/grant.ts';
import { stay, stayAnswer, stayImport } from '../represent/stay.ts';
import { type Route, route } from '../route.ts';

/** Hours that a one-shot waits for its use unless told. */
const ONE_SHOT_HOURS = 2;

/** The verbs of a hotel. */
export function stayRoutes({ stays }: Core): readonly Route[] {
  return [
    route('GET /v1/stays', (actor, { query }) => {
      const { property_id: propertyId, person_id: personId, door_id: doorId, state } = query;
      const filter = {
        ...(propertyId !== undefined && { propertyId }),
        ...(personId !== undefined && { personId }),
        ...(doorId !== undefined && { doorId }),
        ...(state !== undefined && { state }),
      };
      return pageOf(query, (page) => stays.list(actor, filter, page), stay);
    }),
    route('GET /v1/stays/{id}', async (actor, { params }) => stay(await stays.get(actor, params.id))),
    route('POST /v1/stays', async (actor, { body }) => {
      const input = {
        propertyId: body.property_id,
        rooms: roomsOf(body),
        guest: guestOf(body),
        from: body.from === undefined ? undefined : moment('from', body.from),
        until: moment('until', body.until),
      };
      if (body.check_in === false) {
        return stayAnswer({ stay: await stays.reserve(actor, input), grants: [], endings: [] });
      }
      return stayAnswer(await stays.checkInNow(actor, input, { methods: body.methods, replace: body.replace }));
    }),
    route('POST /v1/stays/import', async (actor, { body }) =>
      stayImport(
        await stays.import(actor, {
          propertyId: body.property_id,
          format: body.format,
          file: body.file,
          dryRun: body.dry_run,
        }),
      ),
    ),
    route('POST /v1/stays/{id}/check-in', async (actor, { params, body }) =>
      stayAnswer(await stays.checkIn(actor, params.id, body)),
    ),
    route('POST /v1/stays/{id}/duplicate', async (actor, { params, body }) =>
      stayAnswer(await stays.duplicate(actor, params.id, guestOf(body))),
    ),
    route('POST /v1/stays/{id}/extend', async (actor, { params, body }) =>
      stayAnswer(await stays.extend(actor, params.id, moment('until', body.until))),
    ),
    route('POST /v1/stays/{id}/move', async (actor, { params, body }) =>
      stayAnswer(await stays.move(actor, params.id, roomsOf(body))),
    ),
    route('POST /v1/stays/{id}/check-out', async (actor, { params }) =>
      stayAnswer(await stays.checkOut(actor, params.id)),
    ),
    route('POST /v1/stays/{id}/cancel', async (actor, { params }) => stay(await stays.cancel(actor, params.id))),
    route('POST /v1/properties/{id}/one-shot', async (actor, { params, body }) =>
      grant(
        await stays.oneShot(actor, {
          propertyId: params.id,
          rooms: roomsOf(body),
          guest: guestOf(body),
          withinHours: body.within_hours ?? ONE_SHOT_HOURS,
          methods: body.methods,
        }),
      ),
    ),
  ];
}

function moment(field: string, text: string): Moment {
  const known = momentOf(text);
  if (known === undefined) throw new CoreError('invalid', `${field} is no day or time that there is`, { field });
  return known;
}

/** @throws CoreError `invalid` unless one of the two says which */
function roomsOf({ room, door_ids: doorIds }: BodyOf<'POST /v1/stays/{id}/move'>): RoomInput {
  if (room !== undefined && doorIds === undefined) return { room };
  if (room === undefined && doorIds !== undefined) return { doorIds };
  throw new CoreError('invalid', 'say either room or door_ids', { field: 'room' });
}

/** @throws CoreError `invalid` unless somebody is named in one of the two ways */
function guestOf({ name, contact, person_id: personId }: BodyOf<'POST /v1/stays/{id}/duplicate'>): GuestInput {
  if (personId !== undefined && name === undefined && contact === undefined) return { personId };
  if (name !== undefined && personId === undefined) return { name, contact: contact ?? null };
  throw new CoreError('invalid', 'say either name and, if there is one, contact, or person_id', { field: 'name' });
}
