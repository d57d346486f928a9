import type { Primitives } from '@cardea/kit-crypto';
import { equal } from '@cardea/kit-octets';
import type { EventChain, EventCode, LockEvent } from '@cardea/wire-profile';
import type { ChainGap, Event } from '../model.ts';

/** Where a chain is: the newest event taken in, and h of it; unknown after a hole. */
export interface Place {
  readonly sequence: number;
  readonly hash: Uint8Array | undefined;
}

/** Events that are not on record. */
export interface Hole {
  readonly kind: Exclude<ChainGap['kind'], 'altered'>;
  readonly from: number;
  readonly to: number;
  /** h before it, where it is known. */
  readonly beforeHash: Uint8Array | undefined;
}

/** What the record's events come to against a head. */
export interface Walked {
  readonly holes: readonly Hole[];
  /** False when all are there and do not hash to the head; undefined when that cannot be said. */
  readonly agrees: boolean | undefined;
}

/** Takes a lock's events of the record, in growing order, against the head that the lock has signed. */
export interface Walk {
  take(event: Event): void;
  end(head: { readonly sequence: number; readonly hash: Uint8Array }): Walked;
}

/**
 * A walk along a chain from `start`. `lostUpTo`: the lock has said (`events_lost`) that what is at or below has gone.
 */
export function walkChain(chain: EventChain, primitives: Primitives, start: Place, lostUpTo: number): Walk {
  const holes: Hole[] = [];
  let { sequence, hash } = start;
  let lost = lostUpTo;

  const miss = (to: number, byReset: boolean): void => {
    const from = sequence + 1;
    const add = (kind: Hole['kind'], first: number, last: number): void => {
      if (first > last) return;
      holes.push({ kind, from: first, to: last, beforeHash: hash });
      hash = undefined;
    };
    if (byReset) add('reset', from, to);
    else {
      add('lost', from, Math.min(to, lost));
      add('missing', Math.max(from, lost + 1), to);
    }
    sequence = to;
  };

  return {
    take(event) {
      const taken = lockEventOf(event);
      if (taken === undefined || taken.sequence <= sequence) return;
      if (taken.code === 'events_lost') lost = Math.max(lost, taken.actor);
      if (taken.sequence > sequence + 1) miss(taken.sequence - 1, taken.code === 'reset');
      if (hash !== undefined) hash = chain.next(primitives, hash, taken);
      sequence = taken.sequence;
    },
    end(head) {
      if (sequence < head.sequence) miss(head.sequence, false);
      return { holes, agrees: hash === undefined ? undefined : equal(hash, head.hash) };
    },
  };
}

/** The lock's own event in a row of the record. */
export function lockEventOf({ type, lockSequence, detail }: Event): LockEvent | undefined {
  if (lockSequence === null || !type.startsWith('lock.')) return undefined;
  const number = (name: string): number => Number(detail[name] ?? 0);
  return {
    sequence: lockSequence,
    code: type.slice('lock.'.length) as EventCode,
    actor: number('actor'),
    detail: number('detail'),
    lockTimeS: number('lock_time_s'),
  };
}
