import { Alert, AlertPage, AlertQuery } from './alert.ts';
import { Attempt, AttemptPage, AttemptQuery, AttemptWaitQuery, Operate } from './attempt.ts';
import {
  AuditConsistency,
  AuditConsistencyQuery,
  AuditHead,
  AuditHeadPage,
  AuditInclusion,
  AuditInclusionQuery,
  AuditKey,
  AuditLeaves,
  AuditLeavesQuery,
} from './audit.ts';
import { LockChain } from './chain.ts';
import { IdParams, PageQuery } from './common.ts';
import { endpoint, type StaticOf } from './endpoint.ts';
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
} from './estate.ts';
import { EventPage, EventQuery, EventRetention, EventStreamQuery } from './event.ts';
import { AddedGateway, EnrolGateway, Gateway, GatewayEnrolment, GatewayPage, NewGateway } from './gateway.ts';
import { Health, Readiness } from './health.ts';
import {
  EnrolLock,
  IdentifierParams,
  Legitimacy,
  Lock,
  LockPage,
  LockQuery,
  Manifest,
  ManifestAnswer,
  RemoveLockQuery,
  SetTime,
} from './lock.ts';
import { AddedOrganization, NewOrganization, OrganizationPage } from './organization.ts';
import {
  ChangePassword,
  CreatedToken,
  Me,
  NewPerson,
  NewToken,
  Person,
  PersonPage,
  Session,
  SignIn,
  TokenPage,
} from './person.ts';
import { SimFault, SimParams } from './sim.ts';

const listing = { status: 200, refusals: ['invalid'] } as const;
const reading = { status: 200, params: IdParams, conditional: true, refusals: ['not_found'] } as const;
const adding = { status: 201, idempotent: true, refusals: ['invalid', 'not_found', 'conflict'] } as const;
const removing = {
  status: 204,
  params: IdParams,
  conditional: true,
  refusals: ['not_found', 'conflict', 'precondition_failed'],
} as const;
const commanding = {
  status: 202,
  params: IdParams,
  idempotent: true,
  answer: Attempt,
  refusals: ['invalid', 'not_found', 'conflict', 'precondition_failed', 'too_many'],
} as const;

/** Every operation of the API: what both the server and its clients are written against. */
export const endpoints = {
  'POST /v1/sessions': endpoint({
    name: 'signIn',
    summary: 'Sign in with e-mail and password',
    access: 'public',
    body: SignIn,
    status: 201,
    answer: Session,
    refusals: ['bad_credentials', 'second_factor_required', 'locked_out'],
  }),
  'DELETE /v1/sessions/current': endpoint({
    name: 'signOut',
    summary: 'End the session, or withdraw the token, that the request carries',
    beforePasswordChange: true,
    status: 204,
  }),
  'POST /v1/password': endpoint({
    name: 'changePassword',
    summary: 'Change the own password; other sessions of the person end',
    beforePasswordChange: true,
    idempotent: true,
    body: ChangePassword,
    status: 204,
    refusals: ['invalid', 'bad_credentials', 'locked_out'],
  }),
  'GET /v1/me': endpoint({
    name: 'getMe',
    summary: 'Who the bearer is and what the token may do',
    beforePasswordChange: true,
    status: 200,
    answer: Me,
  }),

  'GET /v1/organizations': endpoint({
    ...listing,
    name: 'listOrganizations',
    summary: "List the installation's organizations; for the owner of its own one",
    scopes: ['organizations:write'],
    query: PageQuery,
    answer: OrganizationPage,
  }),
  'POST /v1/organizations': endpoint({
    ...adding,
    name: 'addOrganization',
    summary: 'Found another organization with its owner, whose password is shown this once',
    scopes: ['organizations:write'],
    body: NewOrganization,
    answer: AddedOrganization,
    refusals: ['invalid'],
  }),

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
  'POST /v1/doors/{id}/enrol': endpoint({
    ...commanding,
    name: 'enrolLock',
    summary: 'Bind a lock to a door; the attempt waits for the confirmation at the lock',
    scopes: ['locks:manage'],
    body: EnrolLock,
  }),
  'POST /v1/doors/{id}/unlock': endpoint({
    ...commanding,
    name: 'unlockDoor',
    summary: 'Unlock a door',
    scopes: ['locks:operate'],
    body: Operate,
  }),
  'POST /v1/doors/{id}/lock': endpoint({
    ...commanding,
    name: 'lockDoor',
    summary: 'Lock a door',
    scopes: ['locks:operate'],
    body: Operate,
  }),
  'POST /v1/doors/{id}/status': endpoint({
    ...commanding,
    name: 'askDoor',
    summary: "Ask a door's lock for its state; nothing moves",
    scopes: ['locks:read'],
    body: Operate,
  }),

  'POST /v1/manifests': endpoint({
    name: 'importManifest',
    summary: "Take in a maker's signed manifest of locks; all of it or nothing",
    scopes: ['locks:manage'],
    idempotent: true,
    body: Manifest,
    bodyLimitOctets: 4_194_304,
    status: 200,
    answer: ManifestAnswer,
    refusals: ['invalid', 'conflict'],
  }),
  'GET /v1/legitimacy/{identifier}': endpoint({
    name: 'checkLegitimacy',
    summary: 'Check a lock against the device register: status 0 legitimate, 1 not',
    scopes: ['locks:read'],
    params: IdentifierParams,
    status: 200,
    answer: Legitimacy,
  }),
  'GET /v1/locks': endpoint({
    ...listing,
    name: 'listLocks',
    summary: 'List locks with what is last known of them',
    scopes: ['locks:read'],
    query: LockQuery,
    answer: LockPage,
  }),
  'GET /v1/locks/{id}': endpoint({
    ...reading,
    name: 'getLock',
    summary: 'Show a lock with what is last known of it',
    scopes: ['locks:read'],
    answer: Lock,
  }),
  'GET /v1/locks/{id}/chain': endpoint({
    ...reading,
    name: 'getLockChain',
    summary: "Show how far a lock's event chain is verified, and what is missing of it",
    scopes: ['locks:read'],
    answer: LockChain,
  }),
  'DELETE /v1/locks/{id}': endpoint({
    name: 'removeLock',
    summary: 'Return a lock to its factory state and take it from its door; `force` withdraws one that does not answer',
    scopes: ['locks:manage'],
    params: IdParams,
    query: RemoveLockQuery,
    status: 202,
    answer: Attempt,
    refusals: ['not_found', 'precondition_failed', 'too_many'],
  }),
  'POST /v1/locks/{id}/set-time': endpoint({
    ...commanding,
    name: 'setLockTime',
    summary: "Set a lock's clock; a step of over 60 s back wants `step_back`",
    scopes: ['locks:manage'],
    body: SetTime,
  }),

  'GET /v1/attempts': endpoint({
    ...listing,
    name: 'listAttempts',
    summary: 'List attempts',
    scopes: ['locks:read'],
    query: AttemptQuery,
    answer: AttemptPage,
  }),
  'GET /v1/attempts/{id}': endpoint({
    ...reading,
    name: 'getAttempt',
    summary: 'Show an attempt; `wait_s` waits for it to be over',
    scopes: ['locks:read'],
    query: AttemptWaitQuery,
    answer: Attempt,
    refusals: ['not_found', 'invalid'],
  }),

  'GET /v1/alerts': endpoint({
    ...listing,
    name: 'listAlerts',
    summary: 'List what the monitor has found',
    scopes: ['events:read'],
    query: AlertQuery,
    answer: AlertPage,
  }),
  'GET /v1/alerts/{id}': endpoint({
    ...reading,
    name: 'getAlert',
    summary: 'Show an alert with the events that it rests on',
    scopes: ['events:read'],
    answer: Alert,
  }),
  'POST /v1/alerts/{id}/acknowledge': endpoint({
    name: 'acknowledgeAlert',
    summary: 'Say that an alert has been seen to',
    params: IdParams,
    idempotent: true,
    scopes: ['alerts:write'],
    status: 200,
    answer: Alert,
    refusals: ['not_found'],
  }),

  'GET /v1/events': endpoint({
    ...listing,
    name: 'listEvents',
    summary: 'List events',
    scopes: ['events:read'],
    query: EventQuery,
    answer: EventPage,
  }),
  'GET /v1/events/retention': endpoint({
    name: 'getEventRetention',
    summary: 'How long events are kept, and what has been removed',
    scopes: ['events:read'],
    status: 200,
    answer: EventRetention,
  }),
  'GET /v1/events/stream': endpoint({
    name: 'followEvents',
    summary: 'Follow events as server-sent events; Last-Event-ID resumes from the record',
    scopes: ['events:read'],
    query: EventStreamQuery,
    status: 200,
    media: 'text/event-stream',
    refusals: ['invalid', 'too_many', 'unavailable'],
  }),

  'GET /v1/gateways': endpoint({
    ...listing,
    name: 'listGateways',
    summary: 'List gateways with their presence',
    scopes: ['estate:read'],
    query: PageQuery,
    answer: GatewayPage,
  }),
  'GET /v1/gateways/{id}': endpoint({
    ...reading,
    name: 'getGateway',
    summary: 'Show a gateway with its presence',
    scopes: ['estate:read'],
    answer: Gateway,
  }),
  'POST /v1/gateways': endpoint({
    ...adding,
    name: 'addGateway',
    summary: 'Add a gateway; the answer has its one-time enrolment token',
    scopes: ['gateways:write'],
    body: NewGateway,
    answer: AddedGateway,
  }),
  'DELETE /v1/gateways/{id}': endpoint({
    ...removing,
    name: 'removeGateway',
    summary: 'Withdraw a gateway; its session ends at once',
    scopes: ['gateways:write'],
  }),
  'POST /v1/gateway-enrolments': endpoint({
    name: 'enrolGateway',
    summary: 'By the gateway itself: turn its one-time token into its account',
    access: 'public',
    body: EnrolGateway,
    status: 201,
    answer: GatewayEnrolment,
    refusals: ['gone', 'not_found', 'bad_credentials'],
  }),

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
    summary: 'Remove a person; the sessions and tokens of the person end at once',
    scopes: ['persons:write'],
  }),

  'GET /v1/tokens': endpoint({
    name: 'listTokens',
    summary: 'List the own sessions and API tokens',
    scopes: ['tokens:write'],
    status: 200,
    answer: TokenPage,
  }),
  'POST /v1/tokens': endpoint({
    ...adding,
    name: 'createToken',
    summary: 'Create an API token with scopes and an expiry; its secret is shown this once',
    scopes: ['tokens:write'],
    body: NewToken,
    answer: CreatedToken,
    refusals: ['invalid', 'not_permitted'],
  }),
  'DELETE /v1/tokens/{id}': endpoint({
    name: 'deleteToken',
    summary: 'Withdraw a token',
    scopes: ['tokens:write'],
    params: IdParams,
    status: 204,
    refusals: ['not_found'],
  }),

  'POST /v1/sim/{fault}': endpoint({
    name: 'applySimFault',
    summary: 'On demo estates: make a fault at a virtual lock or gateway, or press its button',
    scopes: ['sim:write'],
    params: SimParams,
    body: SimFault,
    status: 204,
    refusals: ['invalid', 'not_found', 'unavailable'],
  }),

  'GET /v1/audit/key': endpoint({
    name: 'getAuditKey',
    summary: "The key that signs the heads of the organization's audit log",
    scopes: ['audit:read'],
    status: 200,
    answer: AuditKey,
  }),
  'GET /v1/audit/head': endpoint({
    name: 'getAuditHead',
    summary: 'The signed head over what is in the audit log now',
    scopes: ['audit:read'],
    status: 200,
    answer: AuditHead,
    refusals: ['conflict'],
  }),
  'GET /v1/audit/heads': endpoint({
    ...listing,
    name: 'listAuditHeads',
    summary: 'List signed heads, smallest first, with where they were witnessed',
    scopes: ['audit:read'],
    query: PageQuery,
    answer: AuditHeadPage,
  }),
  'GET /v1/audit/leaves': endpoint({
    ...listing,
    name: 'listAuditLeaves',
    summary: 'Leaves of the audit log from a number on',
    scopes: ['audit:read'],
    query: AuditLeavesQuery,
    answer: AuditLeaves,
  }),
  'GET /v1/audit/proof/inclusion': endpoint({
    name: 'proveAuditInclusion',
    summary: 'Prove that an event is in the audit log (RFC 9162, 2.1.3)',
    scopes: ['audit:read'],
    query: AuditInclusionQuery,
    status: 200,
    answer: AuditInclusion,
    refusals: ['invalid', 'not_found', 'conflict'],
  }),
  'GET /v1/audit/proof/consistency': endpoint({
    name: 'proveAuditConsistency',
    summary: 'Prove that the audit log of one size is the past of that of another (RFC 9162, 2.1.4)',
    scopes: ['audit:read'],
    query: AuditConsistencyQuery,
    status: 200,
    answer: AuditConsistency,
    refusals: ['invalid'],
  }),
  'GET /v1/audit/export': endpoint({
    name: 'exportAudit',
    summary: 'The whole audit log as lines of JSON, ended by the head over all of it (docs/audit.md)',
    scopes: ['audit:read'],
    status: 200,
    media: 'application/x-ndjson',
    refusals: ['conflict'],
  }),

  'GET /v1/openapi.json': endpoint({
    name: 'getOpenApi',
    summary: 'This description, OpenAPI 3.1',
    access: 'public',
    status: 200,
  }),
  'GET /healthz': endpoint({
    name: 'getHealth',
    summary: 'Whether the process is alive',
    access: 'public',
    status: 200,
    answer: Health,
  }),
  'GET /readyz': endpoint({
    name: 'getReadiness',
    summary: 'Whether the process can do its work',
    access: 'public',
    status: 200,
    answer: Readiness,
    refusals: ['unavailable'],
  }),
  'GET /metrics': endpoint({
    name: 'getMetrics',
    summary: 'Metrics of the process in the text format of Prometheus; only from the machine itself',
    access: 'loopback',
    status: 200,
    media: 'text/plain',
    refusals: ['not_found'],
  }),
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

/** Method and path of a key. */
export function methodAndPath(key: EndpointKey): { readonly method: 'GET' | 'POST' | 'DELETE'; readonly path: string } {
  const space = key.indexOf(' ');
  return { method: key.slice(0, space) as 'GET' | 'POST' | 'DELETE', path: key.slice(space + 1) };
}
