export { type Attack, type AttackOptions, type AttackResult, resultOf, type Trial } from './attack.ts';
export type { FloodKind } from './floods/flood-messages.ts';
export { type MemoryFigure, memoryOfStrangers, STRANGER_STATES } from './floods/memory.ts';
export { attacks } from './list.ts';
export {
  alteredKey,
  type Guest,
  guestAt,
  type Revoked,
  type RevokedOptions,
  revokedOffline,
  settled,
} from './revoked/schedules.ts';
