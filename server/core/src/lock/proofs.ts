import type { Cancel, Clock } from '@cardea/kit-runtime';
import { createListeners } from '../event/listeners.ts';
import type { LockReport } from '../model.ts';

/** A proof that found a lock as it was known: no fact, so nothing of it is recorded but its time. */
export interface Proof extends LockReport {
  readonly organizationId: string;
  readonly propertyId: string | null;
  readonly doorId: string | null;
}

/** Live proofs by organization: told once they are durable, at most one a second a lock, the newest. */
export interface ProofBus {
  publish(proof: Proof): void;
  /** Listens until the returned function is called. A listener that throws loses that proof and nothing else. */
  follow(organizationId: string, listener: (proof: Proof) => void): () => void;
  stop(): void;
}

/** A lock's next proof is told after this time at the earliest. */
const QUIET_MS = 1_000;

/** A bus within this process. */
export function createProofBus(clock: Clock, onError: (error: unknown) => void): ProofBus {
  const listeners = createListeners<Proof>(onError);
  /** Locks that were told of lately, with what has come of each since. */
  const quiet = new Map<string, { held: Proof | undefined; readonly cancel: Cancel }>();

  const tell = (proof: Proof): void => {
    listeners.tell(proof, proof.organizationId);
    quiet.set(proof.lockId, { held: undefined, cancel: clock.after(QUIET_MS, () => speak(proof.lockId)) });
  };
  const speak = (lockId: string): void => {
    const held = quiet.get(lockId)?.held;
    quiet.delete(lockId);
    if (held !== undefined) tell(held);
  };

  return {
    publish(proof) {
      // Nobody listens: nothing is kept, and no timer runs.
      if (!listeners.heard(proof.organizationId)) return;
      const told = quiet.get(proof.lockId);
      if (told === undefined) tell(proof);
      else told.held = proof;
    },
    follow: listeners.follow,
    stop() {
      for (const { cancel } of quiet.values()) cancel();
      quiet.clear();
    },
  };
}
