export {
  type Client,
  createClient,
  type DoorOperation,
  type Listing,
  type Noun,
  type OperateOptions,
  type UntilOverOptions,
} from './client.ts';
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
export type { Page } from './pages.ts';
export type { Own, PeopleWork, Policy, Registration } from './people.ts';
export { ApiProblem, type ApiProblemCode } from './problem.ts';
export { createEventParser, type ServerSentEvent } from './server-sent-events.ts';
export { tokenOf } from './session.ts';
export type { RequestOptions, TransportOptions } from './transport.ts';
