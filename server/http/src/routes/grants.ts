import type { Core, GrantConditions, GrantScope, GrantTerms } from '@cardea/server-core';
import type * as api from '@cardea/wire-api';
import { pageOf } from '../page.ts';
import { explanation, grant, grantAnswer } from '../represent/grant.ts';
import { grantMethod } from '../represent/key.ts';
import { schedule, scheduleAnswer } from '../represent/schedule.ts';
import { type Route, route } from '../route.ts';

/** Grants and the schedules that they are read by; `now` is the moment at which a grant begins that names none. */
export function grantRoutes({ grants, methods, schedules }: Core, now: () => number): readonly Route[] {
  return [
    route('GET /v1/grants', (actor, { query }) => {
      const filter = {
        ...(query.person_id !== undefined && { personId: query.person_id }),
        ...(query.property_id !== undefined && { propertyId: query.property_id }),
        ...(query.door_id !== undefined && { doorId: query.door_id }),
        ...(query.stay_id !== undefined && { stayId: query.stay_id }),
        ...(query.state !== undefined && { state: query.state }),
      };
      return pageOf(query, (page) => grants.list(actor, filter, page), grant);
    }),
    route('GET /v1/grants/{id}', async (actor, { params }) => grant(await grants.get(actor, params.id))),
    route('POST /v1/grants', async (actor, { body }) => {
      const { series, ...terms } = body;
      const draft = {
        ...termsOf(terms),
        personId: body.person_id,
        scope: scopeOf(body.scope),
        notBefore: body.not_before === undefined ? wholeSecond(now()) : Date.parse(body.not_before),
        notAfter: momentOrNull(body.not_after ?? null),
        ...(series !== undefined && { series }),
      };
      return grantAnswer(await grants.create(actor, draft));
    }),
    route('PATCH /v1/grants/{id}', async (actor, { params, body, unchanged }) =>
      grantAnswer(
        await grants.change(actor, params.id, termsOf(body), body.drop ?? [], (current) => unchanged(grant(current))),
      ),
    ),
    route('POST /v1/grants/{id}/revoke', async (actor, { params }) => ({
      ...grant(await grants.revoke(actor, params.id)),
      at_locks: (await methods.ofGrant(actor, params.id, 'given_on')).map(grantMethod),
    })),
    route('GET /v1/doors/{id}/explain', async (actor, { params, query }) =>
      explanation(
        await grants.explain(actor, params.id, {
          personId: query.person,
          ...(query.at !== undefined && { at: Date.parse(query.at) }),
          ...(query.operation !== undefined && { operation: query.operation }),
        }),
      ),
    ),

    route('GET /v1/schedules', (actor, { query }) =>
      pageOf(query, (page) => schedules.list(actor, query.property_id, page), schedule),
    ),
    route('GET /v1/schedules/{id}', async (actor, { params }) => schedule(await schedules.get(actor, params.id))),
    route('POST /v1/schedules', async (actor, { body }) =>
      scheduleAnswer(
        await schedules.add(actor, {
          propertyId: body.property_id,
          name: body.name,
          weekly: body.weekly ?? [],
          holidays: body.holidays ?? [],
          exceptions: body.exceptions ?? [],
        }),
      ),
    ),
    route('PATCH /v1/schedules/{id}', async (actor, { params, body, unchanged }) =>
      scheduleAnswer(await schedules.change(actor, params.id, body, (current) => unchanged(schedule(current)))),
    ),
    route('DELETE /v1/schedules/{id}', async (actor, { params, unchanged }) => {
      await schedules.remove(actor, params.id, (current) => unchanged(schedule(current)));
      return undefined;
    }),
  ];
}

/** What of the terms a body names. */
function termsOf(body: Omit<api.ChangeGrant, 'drop'>): Partial<GrantTerms> {
  return {
    ...(body.scope !== undefined && { scope: scopeOf(body.scope) }),
    ...(body.not_before !== undefined && { notBefore: Date.parse(body.not_before) }),
    ...(body.not_after !== undefined && { notAfter: momentOrNull(body.not_after) }),
    ...(body.schedule_id !== undefined && { scheduleId: body.schedule_id }),
    ...(body.conditions !== undefined && { conditions: conditionsOf(body.conditions) }),
    ...(body.operations !== undefined && { operations: body.operations }),
    ...(body.methods !== undefined && { methods: body.methods }),
    ...(body.uses !== undefined && { uses: body.uses }),
  };
}

function scopeOf(scope: api.GrantScope): GrantScope {
  switch (scope.kind) {
    case 'doors':
      return { kind: 'doors', doorIds: scope.door_ids };
    case 'floor':
      return { kind: 'floor', floorId: scope.floor_id };
    case 'property':
      return { kind: 'property', propertyId: scope.property_id };
  }
}

function conditionsOf({ geofence, second_person, first_use }: api.GrantConditions): GrantConditions {
  const firstUse = first_use === null ? null : { validForS: first_use.valid_for_s };
  return { geofence, secondPerson: second_person, firstUse };
}

function momentOrNull(text: string | null): number | null {
  return text === null ? null : Date.parse(text);
}

function wholeSecond(ms: number): number {
  return Math.floor(ms / 1000) * 1000;
}
