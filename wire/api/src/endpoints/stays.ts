import { IdParams } from '../common.ts';
import { endpoint } from '../endpoint.ts';
import { Grant } from '../grant.ts';
import {
  CheckIn,
  DuplicateKey,
  ExtendStay,
  ImportStays,
  MoveStay,
  NewStay,
  OneShot,
  Stay,
  StayAnswer,
  StayImport,
  StayPage,
  StayQuery,
} from '../stay.ts';
import { listing, reading } from './usual.ts';

/** One of the verbs of a stay. */
const verb = {
  status: 200,
  params: IdParams,
  idempotent: true,
  scopes: ['stays:write'],
  answer: StayAnswer,
  refusals: ['invalid', 'not_found', 'conflict', 'precondition_failed'],
} as const;

/** The verbs of a hotel. */
export const stayEndpoints = {
  'GET /v1/stays': endpoint({
    ...listing,
    name: 'listStays',
    summary: 'List stays',
    scopes: ['grants:read'],
    query: StayQuery,
    answer: StayPage,
  }),
  'GET /v1/stays/{id}': endpoint({
    ...reading,
    name: 'getStay',
    summary: 'Show a stay',
    scopes: ['grants:read'],
    answer: Stay,
  }),
  'POST /v1/stays': endpoint({
    name: 'addStay',
    summary: "Check a guest in, or reserve with `check_in: false`; a new key invalidates the former guest's",
    scopes: ['stays:write'],
    idempotent: true,
    body: NewStay,
    status: 200,
    answer: StayAnswer,
    refusals: ['invalid', 'not_found', 'conflict', 'precondition_failed'],
  }),
  'POST /v1/stays/import': endpoint({
    name: 'importStays',
    summary: 'Bring reservations from CSV or iCalendar, each line by itself; `dry_run` tells what would be done',
    scopes: ['stays:write'],
    idempotent: true,
    body: ImportStays,
    bodyLimitOctets: 4_194_304,
    status: 200,
    answer: StayImport,
    refusals: ['invalid', 'not_found'],
  }),
  'POST /v1/stays/{id}/check-in': endpoint({
    ...verb,
    name: 'checkIn',
    summary: 'Check in the guest of a reservation',
    body: CheckIn,
  }),
  'POST /v1/stays/{id}/duplicate': endpoint({
    ...verb,
    name: 'duplicateKey',
    summary: 'Give the same key to another person',
    body: DuplicateKey,
  }),
  'POST /v1/stays/{id}/extend': endpoint({
    ...verb,
    name: 'extendStay',
    summary: 'Let a stay end at another time',
    body: ExtendStay,
  }),
  'POST /v1/stays/{id}/move': endpoint({
    ...verb,
    name: 'moveStay',
    summary: 'Give a stay other rooms for the rest of its time',
    body: MoveStay,
  }),
  'POST /v1/stays/{id}/check-out': endpoint({
    ...verb,
    name: 'checkOut',
    summary: 'End a stay and its keys; the answer says until when each can still open',
  }),
  'POST /v1/stays/{id}/cancel': endpoint({
    ...verb,
    name: 'cancelStay',
    summary: 'Cancel a reservation',
    answer: Stay,
  }),
  'POST /v1/properties/{id}/one-shot': endpoint({
    ...verb,
    status: 201,
    name: 'giveOneShot',
    summary: 'Let somebody open a door once within hours',
    scopes: ['grants:write'],
    body: OneShot,
    answer: Grant,
  }),
};
