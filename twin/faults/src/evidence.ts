import type { Truth } from '@cardea/twin-building';
import type { Attempt, Event } from '@cardea/wire-api';
import type { ActorName } from './plan.ts';

/** One wish, made under one Idempotency-Key until it had an answer. */
export interface Asked {
  readonly key: string;
  readonly doorId: string;
  readonly operation: 'unlock' | 'lock' | 'status';
  readonly timeToLiveS: number;
  /** When it was first sent, Unix milliseconds. */
  readonly askedAtMs: number;
  /** The attempt of a 2xx answer; `refused`: an answer that says that nothing was done; `unknown`: nobody can say. */
  readonly answer: Attempt | 'refused' | 'unknown';
  /** The same key once more, when all was over; undefined when that was not tried. */
  readonly repeated?: Attempt | 'refused' | 'unknown' | undefined;
}

/** Something else that was asked for by a POST or DELETE and answered with 2xx. */
export interface Acknowledged {
  readonly kind: 'floor-added' | 'token-created' | 'token-removed';
  readonly id: string;
  /** What tells it from the others: a name that the run made up. */
  readonly name: string;
}

/** What the record holds at the end, read through the API. */
export interface Recorded {
  readonly attempts: readonly Attempt[];
  readonly events: readonly Event[];
  readonly floors: readonly { readonly id: string; readonly name: string }[];
  /** API tokens that still work, and those that do not any more, of all that were acknowledged. */
  readonly tokensGood: ReadonlySet<string>;
}

/** One fault, and what it took to open a door again. */
export interface Recovery {
  readonly what: string;
  readonly actor: ActorName | undefined;
  /** From the end of the fault (for a kill: from the kill) to the first receipt for a command asked after it. */
  readonly tookMs: number | undefined;
}

/** All that a run has seen: by it alone the checker judges. Times are of one clock, Unix milliseconds. */
export interface Evidence {
  /** In the order in which they were asked at each door. */
  readonly asked: readonly Asked[];
  /** Attempts as they were when they were first seen over. */
  readonly seenOver: readonly Attempt[];
  /** Events of the stream, in the order in which they came. */
  readonly streamed: readonly Event[];
  readonly acknowledged: readonly Acknowledged[];
  readonly recorded: Recorded;
  /** The same once more, after the server was stopped and started: what is durable. */
  readonly recordedAgain: Recorded;
  readonly truth: readonly Truth[];
  /** Identifier of the lock of each door, by the door's id. */
  readonly lockOf: ReadonlyMap<string, string>;
  readonly recoveries: readonly Recovery[];
}
