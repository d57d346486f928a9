import { COUNT_MODULUS } from './nonzas.ts';

/*
 * The two counts of stream management (XEP-0198), the same for both roles.
 *
 * Inbound: `handled` goes up only when everything up to there is done: a request is done when it is answered, which is
 * after it is durable. What came after an undone one waits in `pending`.
 * Outbound: what was written stays in `unacked` until the peer has handled it, and is written again after a resumption.
 */

/** A stanza of ours that the peer has not acknowledged. */
export interface Unacked {
  /** As it was written. */
  readonly text: string;
  /** Id of our request, when it is one. */
  readonly requestId: string | undefined;
  /** After this Unix time a resumption does not bring it again: nothing late may act. */
  readonly untilMs: number | undefined;
}

interface Pending {
  /** Id of an iq of type set, whose answer makes it done. */
  readonly requestId: string | undefined;
  readonly done: boolean;
}

export interface Management {
  /** What lets the peer resume; undefined when nothing can be resumed. */
  readonly id: string | undefined;
  /** Inbound stanzas are counted: at a client only after the server's `enabled`. */
  readonly receiving: boolean;
  /** Inbound stanzas that are done, without a gap: our `h`. */
  readonly handled: number;
  /** Inbound stanzas after those, the first of them undone. */
  readonly pending: readonly Pending[];
  /** Requests that had come before a resumption and will come again. */
  readonly carried: ReadonlySet<string>;
  /** Outbound stanzas written. */
  readonly sent: number;
  readonly unacked: readonly Unacked[];
  /** Characters of all unacked texts. */
  readonly unackedSize: number;
  /** An ack was asked for and has not come. */
  readonly asked: boolean;
}

/** Bounds of what waits for an acknowledgement; a peer past them is left. */
export const MANAGEMENT_LIMITS = {
  /** Stanzas that were written and not acknowledged. */
  unacked: 512,
  /** Characters of them. */
  unackedSize: 2 * 1024 * 1024,
  /** Stanzas that came after one that is not done. */
  pending: 1024,
  /** An ack is asked for after this many. */
  askEvery: 16,
} as const;

/** Nothing counted yet. */
export function startManagement(id: string | undefined, receiving: boolean): Management {
  return {
    id,
    receiving,
    handled: 0,
    pending: [],
    carried: new Set(),
    sent: 0,
    unacked: [],
    unackedSize: 0,
    asked: false,
  };
}

/**
 * Counts a stanza that came; `requestId` when it waits for our answer. `again`: it had come before a resumption, and
 * must not act again.
 */
export function countIn(
  state: Management,
  requestId: string | undefined,
  isOwed: boolean,
): { readonly state: Management; readonly again: boolean } {
  if (!state.receiving) return { state, again: false };
  const again = requestId !== undefined && state.carried.has(requestId);
  const done = requestId === undefined || (again && !isOwed);
  const carried = again ? without(state.carried, requestId) : state.carried;
  if (state.pending.length === 0 && done) {
    return { state: { ...state, carried, handled: (state.handled + 1) % COUNT_MODULUS }, again };
  }
  return { state: { ...state, carried, pending: [...state.pending, { requestId, done }] }, again };
}

/** The request is answered: what is done without a gap counts. */
export function countDone(state: Management, requestId: string): Management {
  const at = state.pending.findIndex((one) => one.requestId === requestId && !one.done);
  if (at < 0) return state;
  const pending = state.pending.map((one, i) => (i === at ? { requestId, done: true } : one));
  const gap = pending.findIndex((one) => !one.done);
  const done = gap < 0 ? pending.length : gap;
  return { ...state, pending: pending.slice(done), handled: (state.handled + done) % COUNT_MODULUS };
}

/** Counts and keeps a stanza that is written. */
export function countOut(state: Management, unacked: Unacked): Management {
  return {
    ...state,
    sent: (state.sent + 1) % COUNT_MODULUS,
    unacked: [...state.unacked, unacked],
    unackedSize: state.unackedSize + unacked.text.length,
  };
}

/** Whether it is time to ask for an ack; at a ping's time `now` already when anything waits. */
export function shouldAsk(state: Management, now: boolean): boolean {
  return !state.asked && state.unacked.length >= (now ? 1 : MANAGEMENT_LIMITS.askEvery);
}

/** Whether the peer leaves more unacknowledged, or keeps more unfinished, than is kept. */
export function isFull(state: Management): boolean {
  return (
    state.unacked.length > MANAGEMENT_LIMITS.unacked ||
    state.unackedSize > MANAGEMENT_LIMITS.unackedSize ||
    state.pending.length > MANAGEMENT_LIMITS.pending
  );
}

/** The peer has handled `h`: forgets those. Undefined when it claims more than was sent, or less than before. */
export function acknowledge(state: Management, h: number): Management | undefined {
  const before = (state.sent - state.unacked.length + COUNT_MODULUS) % COUNT_MODULUS;
  const count = (h - before + COUNT_MODULUS) % COUNT_MODULUS;
  if (count > state.unacked.length) return undefined;
  if (count === 0) return { ...state, asked: false };
  const unacked = state.unacked.slice(count);
  return { ...state, asked: false, unacked, unackedSize: sizeOf(unacked) };
}

/** What is to be written again after a resumption, and what is too late for that. */
export interface Resumption {
  readonly state: Management;
  readonly again: readonly Unacked[];
  readonly late: readonly Unacked[];
}

/**
 * Both ends go on from what the other has handled (clause 5): what we have not handled comes again, what the peer has
 * not handled is written again unless its time has passed. Undefined when `h` is not possible.
 */
export function resume(state: Management, h: number, unixMs: number): Resumption | undefined {
  const acknowledged = acknowledge(state, h);
  if (acknowledged === undefined) return undefined;
  const isLate = ({ untilMs }: Unacked): boolean => untilMs !== undefined && unixMs > untilMs;
  const again = acknowledged.unacked.filter((one) => !isLate(one));
  const carried = new Set(state.carried);
  for (const { requestId } of state.pending) if (requestId !== undefined) carried.add(requestId);
  // What the peer found too late for its own resumption never comes: the oldest of a long life are forgotten.
  for (const id of carried) if (carried.size > MANAGEMENT_LIMITS.pending) carried.delete(id);
  return {
    state: {
      ...acknowledged,
      receiving: true,
      pending: [],
      carried,
      sent: (h + again.length) % COUNT_MODULUS,
      unacked: again,
      unackedSize: sizeOf(again),
    },
    again,
    late: acknowledged.unacked.filter(isLate),
  };
}

function sizeOf(unacked: readonly Unacked[]): number {
  return unacked.reduce((sum, { text }) => sum + text.length, 0);
}

function without(ids: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const rest = new Set(ids);
  rest.delete(id);
  return rest;
}
