export { type Cancel, type Clock, type Instant, instant } from './clock.ts';
export { type Log, type LogFields, silentLog } from './log.ts';
export type { Step } from './machine.ts';
export type { Random } from './random.ts';
export { Secret } from './secret.ts';
export { createVirtualClock, type VirtualClock } from './virtual-clock.ts';
