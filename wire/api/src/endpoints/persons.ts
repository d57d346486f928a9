import { IdParams, PageQuery } from '../common.ts';
import { endpoint } from '../endpoint.ts';
import { PersonExport, RemovePersonQuery } from '../people.ts';
import { NewPerson, Person, PersonPage } from '../person.ts';
import { adding, listing, reading, removing } from './usual.ts';

/** Persons. */
export const personEndpoints = {
  'GET /v1/persons': endpoint({
    ...listing,
    name: 'listPersons',
    summary: 'List persons',
    scopes: ['persons:read'],
    query: PageQuery,
    answer: PersonPage,
  }),
  'GET /v1/persons/{id}': endpoint({
    ...reading,
    name: 'getPerson',
    summary: 'Show a person',
    scopes: ['persons:read'],
    answer: Person,
  }),
  'POST /v1/persons': endpoint({
    ...adding,
    name: 'addPerson',
    summary: 'Add a person, who has to change the password at first sign-in',
    scopes: ['persons:write'],
    body: NewPerson,
    answer: Person,
  }),
  'DELETE /v1/persons/{id}': endpoint({
    ...removing,
    name: 'removePerson',
    summary: 'Remove a person, whose sessions and tokens end at once; with `erase` everything that names the person',
    scopes: ['persons:write'],
    query: RemovePersonQuery,
  }),
  'GET /v1/persons/{id}/export': endpoint({
    name: 'exportPerson',
    summary: 'Everything that is held of a person; for the person, and for whoever may write persons',
    params: IdParams,
    status: 200,
    answer: PersonExport,
    refusals: ['not_found'],
  }),
};
