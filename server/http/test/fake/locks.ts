import type { Core, Door, Lock, LockView } from '@cardea/server-core';
import { begin } from './attempts.ts';
import type { FakeWorld } from './world.ts';

/** A lock at a door, of which nothing was ever proved. */
export const lockViewOf = (lock: Lock, doorId: string): LockView => ({
  ...lock,
  suite: 'hardened',
  doorId,
  report: null,
  stale: true,
  staleReason: 'never_proved',
  gatewayId: null,
  mode: { mode: 'normal', untilAt: null, confirmedAt: null },
});

/** Locks, all of them at `door`; the record of each lacks its third and fourth entry. */
export function fakeLocks(world: FakeWorld, door: Door, lock: Lock): Pick<Core, 'locks'> {
  const { id, now, calls, locks, doors } = world;
  return {
    locks: {
      list: async (actor, { identifier }, page) =>
        locks
          .list(actor, page, (row) => identifier === undefined || row.identifier === identifier)
          .map((row) => lockViewOf(row, door.id)),
      get: async (actor, key) => lockViewOf(locks.get(actor, key), door.id),
      async importManifest() {
        calls.push('importManifest');
        return { added: 1, known: 0 };
      },
      enrol: async (actor, { doorId }) => begin(world, actor, 'bind', lock.id, doors.get(actor, doorId).id),
      legitimacy: async (_, identifier) =>
        identifier === lock.identifier ? { status: 0, reason: null } : { status: 1, reason: 'unknown' },
      async chain(actor, key) {
        const found = locks.get(actor, key);
        const hash = new Uint8Array(32).fill(1);
        const head = { headDay: 20_833, headSequence: 9, headHash: hash, headSignature: new Uint8Array(64) };
        const chain = {
          lockId: found.id,
          verifiedTo: 9,
          verifiedHash: hash,
          ...head,
          headAt: now(),
          unsettledSince: null,
        };
        const span = { kind: 'missing', fromSequence: 3, toSequence: 4, seenAt: now(), closedAt: null } as const;
        const place = { lockId: found.id, organizationId: found.organizationId, beforeHash: null };
        const gap = { id: id('gap'), ...place, ...span, headSequence: 9, headHash: hash };
        return { lock: found, chained: true, chain, gaps: [gap] };
      },
      remove: async (actor, key) => begin(world, actor, 'unbind', locks.get(actor, key).id, null),
      setTime: async (actor, key) => begin(world, actor, 'set_time', locks.get(actor, key).id, null),
    },
  };
}
