import { IdParams } from '../common.ts';
import { endpoint } from '../endpoint.ts';
import {
  CarriedReceipts,
  CarriedResults,
  FetchKeys,
  KeyBundle,
  LostPhone,
  NewPhone,
  Phone,
  PhoneChallenge,
  PhonePage,
  PhoneQuery,
} from '../key.ts';
import { GrantMethods, KeypadReopening } from '../method.ts';
import { GrantPins, MadePin, NewPin } from '../pin.ts';
import { adding, listing, reading } from './usual.ts';

/** A thing that is done to one of a noun, by its id. */
const doing = { params: IdParams, idempotent: true } as const;

/** Methods at the locks: phones, cards and their keys, what phones carry, PINs. */
export const keyEndpoints = {
  'GET /v1/grants/{id}/methods': endpoint({
    name: 'listGrantMethods',
    summary: 'How the methods of a grant stand at its locks, and until when each opens',
    scopes: ['grants:read', 'access:use'],
    status: 200,
    params: IdParams,
    answer: GrantMethods,
    refusals: ['not_found'],
  }),
  'POST /v1/phones/challenges': endpoint({
    ...adding,
    name: 'challengePhone',
    summary: 'Ask for what a phone or card has to sign to be enrolled',
    scopes: ['access:use'],
    answer: PhoneChallenge,
    refusals: ['too_many'],
  }),
  'GET /v1/phones': endpoint({
    ...listing,
    name: 'listPhones',
    summary: 'List phones and cards: all with grants:write, else your own',
    scopes: ['grants:write', 'access:use'],
    query: PhoneQuery,
    answer: PhonePage,
  }),
  'POST /v1/phones': endpoint({
    ...adding,
    name: 'enrolPhone',
    summary: 'Enrol the public key of a phone or card',
    scopes: ['grants:write', 'access:use'],
    body: NewPhone,
    answer: Phone,
    refusals: ['invalid', 'conflict', 'gone', 'too_many'],
  }),
  'GET /v1/phones/{id}': endpoint({
    ...reading,
    name: 'getPhone',
    summary: 'A phone or card',
    scopes: ['grants:write', 'access:use'],
    answer: Phone,
  }),
  'POST /v1/phones/{id}/lost': endpoint({
    ...doing,
    name: 'reportPhoneLost',
    summary: 'Take the keys of a phone or card back; the same again says where that stands',
    scopes: ['grants:write', 'access:use'],
    status: 200,
    answer: LostPhone,
    refusals: ['not_found'],
  }),
  'POST /v1/phones/{id}/keys': endpoint({
    ...doing,
    name: 'fetchKeys',
    summary: 'All keys of a phone or card, each with a fresh lease',
    scopes: ['grants:write', 'access:use'],
    body: FetchKeys,
    status: 200,
    answer: KeyBundle,
    refusals: ['invalid', 'not_found', 'precondition_failed'],
  }),
  'POST /v1/receipts': endpoint({
    name: 'handInReceipts',
    summary: 'Hand in what locks have given a phone to carry: each is recorded once',
    scopes: ['access:use'],
    idempotent: true,
    status: 200,
    body: CarriedReceipts,
    answer: CarriedResults,
    refusals: ['invalid'],
  }),
  'POST /v1/grants/{id}/pins': endpoint({
    ...doing,
    name: 'makePin',
    summary: 'Make a PIN for the doors of a grant; it is shown this once',
    scopes: ['grants:write', 'access:use'],
    status: 201,
    body: NewPin,
    answer: MadePin,
    refusals: ['invalid', 'not_found', 'conflict', 'precondition_failed', 'too_many', 'unavailable'],
  }),
  'GET /v1/grants/{id}/pins': endpoint({
    name: 'listPins',
    summary: 'The PINs of a grant, without their digits',
    scopes: ['grants:write', 'access:use'],
    status: 200,
    params: IdParams,
    answer: GrantPins,
    refusals: ['not_found'],
  }),
  'POST /v1/grants/{id}/pins/remove': endpoint({
    ...doing,
    name: 'removePins',
    summary: 'Take all PINs of a grant away; with grants:write offline PINs of others at the same locks end with them',
    scopes: ['grants:write', 'access:use'],
    status: 200,
    answer: GrantMethods,
    refusals: ['not_found', 'precondition_failed'],
  }),
  'POST /v1/doors/{id}/keypad/reopen': endpoint({
    ...doing,
    name: 'reopenKeypad',
    summary: 'Let a keypad that was closed by wrong entries take entries again',
    scopes: ['grants:write'],
    status: 202,
    answer: KeypadReopening,
    refusals: ['not_found', 'precondition_failed'],
  }),
};
