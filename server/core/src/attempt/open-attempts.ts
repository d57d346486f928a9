import type { Clock } from '@cardea/kit-runtime';
import type { Attempt } from '../model.ts';
import { isOver } from './life.ts';

/** The attempts that are not over, in memory: who waits for them, and their place in the gateway's queue. */
export interface OpenAttempts {
  readonly size: number;
  /** Takes in what is durable of an attempt; one that is over wakes those who wait and is forgotten. */
  put(attempt: Attempt): void;
  setQueuePosition(id: string, position: number | null): void;
  /** The attempt with its place in the queue. */
  withPosition(attempt: Attempt): Attempt;
  /** Resolves when the attempt is over, or `timeoutMs` later, or at once when it is not open. */
  whenOver(id: string, timeoutMs: number): Promise<void>;
}

interface Entry {
  position: number | null;
  readonly waiters: Set<() => void>;
}

/** An empty set of open attempts. */
export function createOpenAttempts(clock: Clock): OpenAttempts {
  const entries = new Map<string, Entry>();
  return {
    get size() {
      return entries.size;
    },
    put(attempt) {
      const known = entries.get(attempt.id);
      if (!isOver(attempt)) {
        if (known === undefined) entries.set(attempt.id, { position: null, waiters: new Set() });
        return;
      }
      entries.delete(attempt.id);
      for (const wake of known?.waiters ?? []) wake();
    },
    setQueuePosition(id, position) {
      const entry = entries.get(id);
      if (entry !== undefined) entry.position = position;
    },
    withPosition(attempt) {
      const position = entries.get(attempt.id)?.position ?? null;
      return position === null || isOver(attempt) ? attempt : { ...attempt, queuePosition: position };
    },
    whenOver(id, timeoutMs) {
      const entry = entries.get(id);
      if (entry === undefined || timeoutMs <= 0) return Promise.resolve();
      return new Promise((resolve) => {
        const wake = (): void => {
          cancel();
          entry.waiters.delete(wake);
          resolve();
        };
        const cancel = clock.after(timeoutMs, wake);
        entry.waiters.add(wake);
      });
    },
  };
}
