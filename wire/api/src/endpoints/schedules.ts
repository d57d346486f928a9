import { endpoint } from '../endpoint.ts';
import { ChangeSchedule, NewSchedule, Schedule, ScheduleAnswer, SchedulePage, ScheduleQuery } from '../schedule.ts';
import { adding, changing, listing, reading, removing } from './usual.ts';

/** Schedules: when doors may be opened, in the property's zone. */
export const scheduleEndpoints = {
  'GET /v1/schedules': endpoint({
    ...listing,
    name: 'listSchedules',
    summary: 'List schedules',
    scopes: ['grants:read'],
    query: ScheduleQuery,
    answer: SchedulePage,
  }),
  'GET /v1/schedules/{id}': endpoint({
    ...reading,
    name: 'getSchedule',
    summary: 'Show a schedule',
    scopes: ['grants:read'],
    answer: Schedule,
  }),
  'POST /v1/schedules': endpoint({
    ...adding,
    name: 'addSchedule',
    summary: 'Add a schedule; the answer says which windows the clocks make shorter or longer',
    scopes: ['grants:write'],
    body: NewSchedule,
    answer: ScheduleAnswer,
    refusals: [...adding.refusals, 'too_many'],
  }),
  'PATCH /v1/schedules/{id}': endpoint({
    ...changing,
    name: 'changeSchedule',
    summary: 'Change a schedule; every lock that holds it gets it anew',
    scopes: ['grants:write'],
    body: ChangeSchedule,
    answer: ScheduleAnswer,
  }),
  'DELETE /v1/schedules/{id}': endpoint({
    ...removing,
    name: 'removeSchedule',
    summary: 'Remove a schedule that no active grant is read by',
    scopes: ['grants:write'],
  }),
};
