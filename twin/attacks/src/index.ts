export { type Attack, type AttackOptions, type AttackResult, resultOf, type Trial } from './attack.ts';
export type { FloodKind } from './floods/flood-messages.ts';
export { type MemoryFigure, memoryOfStrangers, STRANGER_STATES } from './floods/memory.ts';
export { attacks } from './list.ts';
export { type Revoked, type RevokedOptions, revokedOffline } from './revoked/schedules.ts';
