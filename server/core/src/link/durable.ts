import type { Note } from '../context.ts';
import type { Transaction } from '../ports.ts';

/** A part of a durable unit. */
export type Durable = (tx: Transaction, note: Note) => Promise<void>;
