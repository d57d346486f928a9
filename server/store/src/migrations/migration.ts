import type { Compilable, Kysely } from 'kysely';
import type { Tables } from '../statement.ts';

/** The column type for octets, the one that engines name differently (`blob`, `bytea`). */
export interface EngineTypes {
  readonly octets: 'blob' | 'bytea';
}

/** One step of the schema, forward only. Once released it never changes: a mistake is mended by the next one. */
export interface Migration {
  readonly number: number;
  readonly name: string;
  statements(sql: Kysely<Tables>, types: EngineTypes): readonly Compilable[];
}
