import type { Actor, Attempt, Core, Lock } from '@cardea/server-core';
import type { FakeWorld } from './world.ts';

/** What a test may do to the next operation at a door. */
export interface FakeGate {
  /** Thrown by the next operate, once. */
  failNext: Error | undefined;
  /** Operate waits for it. */
  gate: Promise<void>;
}

/** Begins an attempt that nobody carries on. */
export const begin = (
  { id, now, attempts }: FakeWorld,
  actor: Actor,
  operation: Attempt['operation'],
  lockId: string,
  doorId: string | null,
): Attempt =>
  attempts.add({
    id: id('att'),
    organizationId: actor.organizationId,
    doorId,
    lockId,
    actorId: actor.personId,
    operation,
    state: 'pending',
    reason: null,
    createdAt: now(),
    expiresAt: now() + 10_000,
    sentAt: null,
    endedAt: null,
    queuePosition: null,
    clockOffsetS: null,
    receipt: null,
    lateReceipt: null,
    grantId: null,
    confirmBy: null,
  });

/** Attempts, and the test's hand on them. */
export interface FakeAttempts extends Pick<Core, 'attempts'> {
  /** Ends an open attempt. */
  finish(id: string, change: Partial<Attempt>): void;
}

/** Attempts at `lock`, open until a test finishes them. */
export function fakeAttempts(world: FakeWorld, lock: Lock, gate: () => FakeGate): FakeAttempts {
  const { now, calls, attempts, doors } = world;
  const waiting = new Map<string, (() => void)[]>();
  return {
    finish(key, change) {
      const row = attempts.rows.get(key);
      if (row === undefined) throw new Error(`no attempt ${key}`);
      attempts.add({ ...row, ...change, endedAt: now() });
      for (const wake of waiting.get(key) ?? []) wake();
    },
    attempts: {
      async operate(actor, doorId, operation) {
        calls.push(operation);
        const held = gate();
        await held.gate;
        const error = held.failNext;
        held.failNext = undefined;
        if (error !== undefined) throw error;
        return begin(world, actor, operation, lock.id, doors.get(actor, doorId).id);
      },
      confirm: async (actor, key) => attempts.get(actor, key),
      get: async (actor, key) => attempts.get(actor, key),
      list: async (actor, { doorId }, page) =>
        attempts.list(actor, page, (row) => doorId === undefined || row.doorId === doorId),
      async wait(actor, key) {
        if (attempts.get(actor, key).endedAt === null) {
          await new Promise<void>((resolve) => waiting.set(key, [...(waiting.get(key) ?? []), resolve]));
        }
        return attempts.get(actor, key);
      },
    },
  };
}
