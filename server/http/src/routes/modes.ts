import type { Core, DoorModeView } from '@cardea/server-core';
import type * as api from '@cardea/wire-api';
import { pageOf } from '../page.ts';
import { attempt } from '../represent/attempt.ts';
import { doorMode, lockdownStarted } from '../represent/mode.ts';
import { type Route, route } from '../route.ts';
import { positionOf } from './attempts.ts';

/** How locks treat those who come, and opening in spite of it. */
export function modeRoutes({ modes }: Core): readonly Route[] {
  return [
    route('POST /v1/doors/{id}/mode', async (actor, { params, body }) =>
      attempt(await modes.set(actor, params.id, body.mode, untilOf(body.until))),
    ),
    route('POST /v1/doors/{id}/override', async (actor, { params, body }) =>
      attempt(await modes.override(actor, params.id, body.reason, body.time_to_live_s, positionOf(body.position))),
    ),
    route('POST /v1/properties/{id}/lockdown', async (actor, { params, body }) =>
      lockdownStarted(await modes.setAll(actor, params.id, body.on ? 'lockdown' : 'normal', untilOf(body.until))),
    ),
    route('GET /v1/properties/{id}/modes', (actor, { params, query }) =>
      pageOf<DoorModeView & { readonly id: string }, api.DoorMode>(
        query,
        async (page) => (await modes.list(actor, params.id, page)).map((view) => ({ ...view, id: view.door.id })),
        doorMode,
      ),
    ),
  ];
}

function untilOf(until: string | null | undefined): number | null {
  return until === undefined || until === null ? null : Math.floor(Date.parse(until) / 1000) * 1000;
}
