export type { Envelope } from './envelope.ts';
export { StoreError, type StoreErrorCode } from './errors.ts';
export type { Engine } from './group-commit.ts';
export { openStore, type StoreOptions } from './open-store.ts';
