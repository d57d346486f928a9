export type { AesBlock, Primitives, PrivateKeyHandle } from './primitives.ts';
