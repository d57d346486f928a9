export type { Envelope } from './envelope.ts';
export { StoreError, type StoreErrorCode } from './errors.ts';
export { openStore, type StoreOptions } from './open-store.ts';
