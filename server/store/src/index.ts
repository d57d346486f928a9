export type { Envelope } from './envelope.ts';
export { StoreError, type StoreErrorCode } from './errors.ts';
export type { Engine } from './group-commit.ts';
export { SCHEMA } from './migrate.ts';
export { type OpenStore, openStore, type StoreOptions } from './open-store.ts';
export { checkCopy, checkDatabase, copyDatabase, databaseSchema, newestHeads } from './snapshot.ts';
