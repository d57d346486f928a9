import type {
  Alert,
  Attempt,
  Door,
  Event,
  Floor,
  Gateway,
  Grant,
  Lock,
  Person,
  Phone,
  Property,
  Schedule,
  Stay,
  StoredToken,
  Visitor,
} from '@cardea/server-core';
import { createTable, type FakeTable } from './table.ts';

/** What the nouns of the fake core share: its clock, its numbers, its rows and a record of its calls. */
export interface FakeWorld {
  /** Unix milliseconds. */
  now(): number;
  /** The next number; no two are the same. */
  number(): number;
  /** The next identifier of a kind: `door_000003`. */
  id(prefix: string): string;
  /** Use cases with an effect that were called, by name. */
  readonly calls: string[];
  readonly properties: FakeTable<Property>;
  readonly floors: FakeTable<Floor>;
  readonly doors: FakeTable<Door>;
  readonly locks: FakeTable<Lock>;
  readonly gateways: FakeTable<Gateway>;
  readonly persons: FakeTable<Person>;
  readonly tokens: FakeTable<StoredToken>;
  readonly attempts: FakeTable<Attempt>;
  readonly events: FakeTable<Event>;
  readonly alerts: FakeTable<Alert>;
  readonly grants: FakeTable<Grant>;
  readonly schedules: FakeTable<Schedule>;
  readonly phones: FakeTable<Phone>;
  readonly visitors: FakeTable<Visitor>;
  readonly stays: FakeTable<Stay>;
}

/** A world in which there is nothing yet. */
export function createWorld(now: () => number): FakeWorld {
  let count = 0;
  const number = () => ++count;
  return {
    now,
    number,
    id: (prefix) => `${prefix}_${String(number()).padStart(6, '0')}`,
    calls: [],
    properties: createTable(),
    floors: createTable(),
    doors: createTable(),
    locks: createTable(),
    gateways: createTable(),
    persons: createTable(),
    tokens: createTable(),
    attempts: createTable(),
    events: createTable(),
    alerts: createTable(),
    grants: createTable(),
    schedules: createTable(),
    phones: createTable(),
    visitors: createTable(),
    stays: createTable(),
  };
}
