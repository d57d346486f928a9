import type { Attack } from './attack.ts';
import { supplyChain } from './supply-chain.ts';

/** Every attack that runs today, by id. An id may gain parts with later work. */
export const attacks: readonly Attack[] = [supplyChain].sort((a, b) => a.id - b.id);
