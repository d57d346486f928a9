import { PageQuery } from '../common.ts';
import { endpoint } from '../endpoint.ts';
import {
  Door,
  DoorPage,
  DoorQuery,
  Floor,
  FloorPage,
  FloorQuery,
  NewDoor,
  NewFloor,
  NewProperty,
  Property,
  PropertyPage,
} from '../estate.ts';
import { adding, listing, reading, removing } from './usual.ts';

/** Properties, their floors and their doors. */
export const estateEndpoints = {
  'GET /v1/properties': endpoint({
    ...listing,
    name: 'listProperties',
    summary: 'List properties',
    scopes: ['estate:read'],
    query: PageQuery,
    answer: PropertyPage,
  }),
  'GET /v1/properties/{id}': endpoint({
    ...reading,
    name: 'getProperty',
    summary: 'Show a property',
    scopes: ['estate:read'],
    answer: Property,
  }),
  'POST /v1/properties': endpoint({
    ...adding,
    name: 'addProperty',
    summary: 'Add a property',
    scopes: ['estate:write'],
    body: NewProperty,
    answer: Property,
  }),
  'DELETE /v1/properties/{id}': endpoint({
    ...removing,
    name: 'removeProperty',
    summary: 'Remove a property that has no doors, floors and gateways any more',
    scopes: ['estate:write'],
  }),
  'GET /v1/floors': endpoint({
    ...listing,
    name: 'listFloors',
    summary: 'List floors',
    scopes: ['estate:read'],
    query: FloorQuery,
    answer: FloorPage,
  }),
  'GET /v1/floors/{id}': endpoint({
    ...reading,
    name: 'getFloor',
    summary: 'Show a floor',
    scopes: ['estate:read'],
    answer: Floor,
  }),
  'POST /v1/floors': endpoint({
    ...adding,
    name: 'addFloor',
    summary: 'Add a floor to a property',
    scopes: ['estate:write'],
    body: NewFloor,
    answer: Floor,
  }),
  'DELETE /v1/floors/{id}': endpoint({
    ...removing,
    name: 'removeFloor',
    summary: 'Remove a floor that has no doors any more',
    scopes: ['estate:write'],
  }),
  'GET /v1/doors': endpoint({
    ...listing,
    name: 'listDoors',
    summary: 'List doors; `name` finds the door by what is written on it',
    scopes: ['estate:read'],
    query: DoorQuery,
    answer: DoorPage,
  }),
  'GET /v1/doors/{id}': endpoint({
    ...reading,
    name: 'getDoor',
    summary: 'Show a door',
    scopes: ['estate:read'],
    answer: Door,
  }),
  'POST /v1/doors': endpoint({
    ...adding,
    name: 'addDoor',
    summary: 'Add a door to a property',
    scopes: ['estate:write'],
    body: NewDoor,
    answer: Door,
  }),
  'DELETE /v1/doors/{id}': endpoint({
    ...removing,
    name: 'removeDoor',
    summary: 'Remove a door that has no lock any more',
    scopes: ['estate:write'],
  }),
};
