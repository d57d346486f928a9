export { enrolmentProof } from './enrolment.ts';
export { RouteError, type RouteErrorCode } from './errors.ts';
export { decodeFromGateway, encodeFromGateway } from './from-gateway.ts';
export { decodeLocal, encodeLocal, type LocalMessage, type LocalRefusal } from './local/messages.ts';
export { frameLocal, LocalStream } from './local/stream.ts';
export {
  type FromGateway,
  LOCKS_MAX,
  MESSAGE_MAX_OCTETS,
  type ProgressReason,
  type ProgressStage,
  QUEUE_POSITION_MAX,
  ROUTE_NAMESPACE,
  type RoutedLock,
  STATE_MAX_OCTETS,
  type ToGateway,
} from './messages.ts';
export { decodeToGateway, encodeToGateway } from './to-gateway.ts';
