import type { Client } from '@cardea/client-sdk';
import type { Attempt, Door, Lock, Person, Property } from '@cardea/wire-api';
import pc from 'picocolors';
import type { Connect } from '../src/context.ts';
import type { Io } from '../src/io.ts';
import { run } from '../src/run.ts';

const NOW = '2026-03-01T12:00:00.000Z';

export const DOOR: Door = {
  id: 'door_0198c0de-0000-7000-8000-000000000101',
  property_id: 'prop_0198c0de-0000-7000-8000-000000000001',
  floor_id: null,
  name: '101',
  lock_id: 'lock_0198c0de-0000-7000-8000-000000000001',
  kind: 'guest',
  position: null,
  created_at: NOW,
};

/** The property of the door: in May it is two hours ahead of UTC. */
export const PROPERTY: Property = {
  id: DOOR.property_id,
  name: 'Hotel',
  time_zone: 'Europe/Berlin',
  region: 'eu',
  geofence: null,
  check_in_time: '15:00',
  check_out_time: '11:00',
  offline_lease_s: null,
  visitors: 'on',
  created_at: '2026-01-01T00:00:00.000Z',
};

/** A guest, with what is to differ. */
export function person(change: Partial<Person> = {}): Person {
  return {
    id: 'per_0198c0de-0000-7000-8000-000000000001',
    email: 'ada@example.net',
    name: 'Ada Lovelace',
    role: 'guest',
    must_change_password: false,
    created_at: NOW,
    ...change,
  };
}

/** An attempt that has succeeded, with what is to differ. */
export function attempt(change: Partial<Attempt> = {}): Attempt {
  return {
    id: 'att_0198c0de-0000-7000-8000-000000000001',
    door_id: DOOR.id,
    lock_id: DOOR.lock_id ?? '',
    operation: 'unlock',
    state: 'succeeded',
    reason: null,
    created_at: NOW,
    expires_at: '2026-03-01T12:00:10.000Z',
    sent_at: NOW,
    ended_at: NOW,
    queue_position: null,
    clock_offset_s: null,
    receipt: {
      lock_sequence: 7,
      bolt: 'unlocked',
      door: 'closed',
      battery_percent: 87,
      lock_time: NOW,
      clock_offset_s: 0.4,
      frame: 'ab'.repeat(28),
    },
    late_receipt: null,
    grant_id: null,
    confirm_by: null,
    ...change,
  };
}

/** The lock of the door, with what is to differ. */
export function lock(change: Partial<Lock> = {}): Lock {
  return {
    id: DOOR.lock_id ?? '',
    identifier: 'C0FFEE000001',
    maker: 'cardea',
    suite: 'hardened',
    model: 'C1',
    bluetooth: '5.0',
    state: 'bound',
    door_id: DOOR.id,
    gateway_id: null,
    report: {
      bolt: 'locked',
      door: 'closed',
      battery_percent: 87,
      tamper: false,
      privacy: false,
      clock: 'valid',
      proved_at: NOW,
      clock_offset_s: -1.4,
      clock_error_s: 0.7,
    },
    mode: 'normal',
    mode_until: null,
    stale: false,
    stale_reason: null,
    created_at: NOW,
    ...change,
  };
}

/** What a command line printed, and its exit code. */
export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line against a client made of the given parts; what it lacks throws when it is used. */
export async function cardea(
  args: readonly string[],
  client: DeepPartial<Client> = {},
  more: {
    readonly lines?: readonly string[];
    readonly typed?: boolean;
    readonly cwd?: string;
    readonly profile?: string;
  } = {},
): Promise<Ran> {
  let out = '';
  let err = '';
  const lines = [...(more.lines ?? [])];
  const io: Io = {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    interactive: false,
    typed: more.typed ?? false,
    colors: pc.createColors(false),
    env: more.profile === undefined ? {} : { CARDEA_PROFILE: more.profile },
    cwd: more.cwd ?? '/nonexistent',
    home: '/nonexistent',
    secretLine: async () => lines.shift(),
    line: async () => lines.shift(),
    lines: () => listed(...lines),
    interrupted: new AbortController().signal,
  };
  const connect: Connect = () => client as Client;
  const code = await run(args, io, [], connect);
  return { code, out, err };
}

/** An async iterable of these. */
export async function* listed<T>(...items: readonly T[]): AsyncGenerator<T, void, void> {
  yield* items;
}

type DeepPartial<T> = {
  readonly [K in keyof T]?: T[K] extends (...args: never[]) => unknown ? T[K] : DeepPartial<T[K]>;
};
