import type { StaticOf } from './endpoint.ts';
import { accessEndpoints } from './endpoints/access.ts';
import { alertEndpoints } from './endpoints/alerts.ts';
import { attemptEndpoints } from './endpoints/attempts.ts';
import { auditEndpoints } from './endpoints/audit.ts';
import { estateEndpoints } from './endpoints/estate.ts';
import { eventEndpoints } from './endpoints/events.ts';
import { gatewayEndpoints } from './endpoints/gateways.ts';
import { grantEndpoints } from './endpoints/grants.ts';
import { keyEndpoints } from './endpoints/keys.ts';
import { lockEndpoints } from './endpoints/locks.ts';
import { modeEndpoints } from './endpoints/modes.ts';
import { organizationEndpoints } from './endpoints/organizations.ts';
import { ownEndpoints } from './endpoints/own.ts';
import { peopleEndpoints } from './endpoints/people.ts';
import { personEndpoints } from './endpoints/persons.ts';
import { scheduleEndpoints } from './endpoints/schedules.ts';
import { simEndpoints } from './endpoints/sim.ts';
import { statisticsEndpoints } from './endpoints/statistics.ts';
import { stayEndpoints } from './endpoints/stays.ts';
import { systemEndpoints } from './endpoints/system.ts';
import { tokenEndpoints } from './endpoints/tokens.ts';
import { visitorEndpoints } from './endpoints/visitors.ts';

/** Every operation of the API: what both the server and its clients are written against. */
export const endpoints = {
  ...accessEndpoints,
  ...organizationEndpoints,
  ...estateEndpoints,
  ...lockEndpoints,
  ...keyEndpoints,
  ...ownEndpoints,
  ...attemptEndpoints,
  ...grantEndpoints,
  ...stayEndpoints,
  ...visitorEndpoints,
  ...modeEndpoints,
  ...scheduleEndpoints,
  ...alertEndpoints,
  ...eventEndpoints,
  ...statisticsEndpoints,
  ...gatewayEndpoints,
  ...personEndpoints,
  ...peopleEndpoints,
  ...tokenEndpoints,
  ...simEndpoints,
  ...auditEndpoints,
  ...systemEndpoints,
};

/** Method and path of an operation: `POST /v1/doors/{id}/unlock`. */
export type EndpointKey = keyof typeof endpoints;

/** Every key of the table. */
export const endpointKeys = Object.keys(endpoints) as readonly EndpointKey[];

/** Parameters in the path of an operation. */
export type ParamsOf<K extends EndpointKey> = StaticOf<(typeof endpoints)[K]['params']>;
/** Query of an operation. */
export type QueryOf<K extends EndpointKey> = StaticOf<(typeof endpoints)[K]['query']>;
/** Body of an operation. */
export type BodyOf<K extends EndpointKey> = StaticOf<(typeof endpoints)[K]['body']>;
/** Answer of an operation. */
export type AnswerOf<K extends EndpointKey> = StaticOf<(typeof endpoints)[K]['answer']>;

/** The methods that the API knows. */
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Method and path of a key. */
export function methodAndPath(key: EndpointKey): { readonly method: Method; readonly path: string } {
  const space = key.indexOf(' ');
  return { method: key.slice(0, space) as Method, path: key.slice(space + 1) };
}
