export { type Client, createClient } from './client.ts';
export {
  type DoorSign,
  type DoorState,
  doorStateOf,
  LOW_BATTERY_PERCENT,
  lockAfter,
  lockProved,
  type StaleReason,
} from './door-state.ts';
export type { FollowOptions } from './follow.ts';
export type { Listing, Noun } from './listing.ts';
export type { UntilOverOptions } from './nouns/attempts.ts';
export type { DoorOperation, OperateOptions } from './nouns/doors.ts';
export type { Own } from './nouns/own.ts';
export type { PeopleWork } from './nouns/persons.ts';
export type { Registration } from './nouns/registration.ts';
export type { Policy } from './nouns/sign-in-policy.ts';
export type { Page } from './pages.ts';
export { ApiProblem, type ApiProblemCode } from './problem.ts';
export { createEventParser, type ServerSentEvent } from './server-sent-events.ts';
export { tokenOf } from './session.ts';
export type { RequestOptions, TransportOptions } from './transport.ts';
