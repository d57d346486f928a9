export { TOLERANCE_MS } from './check/bolts.ts';
export { check, RECOVERY_MOST_MS, type Verdict } from './check/check.ts';
export type { Finding, Rule } from './check/finding.ts';
export type { Acknowledged, Asked, Evidence, Recorded, Recovery } from './evidence.ts';
export {
  ACTORS,
  type ActorName,
  describeFault,
  FAULT_KINDS,
  type Fault,
  type FaultKind,
  LINKS,
  type LinkName,
  overlapping,
  planFaults,
} from './plan.ts';
export { type LinkState, openTcpProxy, type TcpProxy } from './tcp-proxy.ts';
