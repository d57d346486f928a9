import { array, assert, boolean, integer, property, shuffledSubarray, uniqueArray } from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Event } from '../model.ts';
import { durableUpTo, restoredUpTo } from './durable-up-to.ts';

const event = (lockSequence: number, more: Partial<Event> = {}): Event => ({
  id: `evt_${lockSequence}`,
  organizationId: 'org_a',
  propertyId: null,
  doorId: null,
  lockId: 'lock_1',
  gatewayId: null,
  personId: null,
  attemptId: null,
  type: 'lock.locked',
  lockSequence,
  occurredAt: null,
  receivedAt: 0,
  detail: {},
  ...more,
});
const tamper = (lockSequence: number, more: Partial<Event> = {}) =>
  event(lockSequence, { ...more, type: 'lock.tamper' });

describe('the sequence up to which nothing is owed', () => {
  it('goes on from the first ordinary event to the first hole', () => {
    expect(durableUpTo([])).toBe(0);
    expect(durableUpTo([event(1), event(2), event(3)])).toBe(3);
    expect(durableUpTo([event(5), event(6)])).toBe(6);
    expect(durableUpTo([event(5), event(7)])).toBe(5);
  });

  it('says nothing while only an urgent event has come: older ones may still be at the lock', () => {
    expect(durableUpTo([tamper(9)])).toBe(0);
    expect(durableUpTo([tamper(9), event(4)])).toBe(4);
    expect(durableUpTo([tamper(9), event(7), event(8)])).toBe(9);
    expect(durableUpTo([event(9, { type: 'lock.events_lost', detail: { actor: 6 } })])).toBe(6);
  });

  it('never claims an event that has not come, whatever of the rest has', () => {
    assert(
      property(
        integer({ min: 1, max: 30 }),
        uniqueArray(integer({ min: 0, max: 39 }), { maxLength: 12 }),
        array(boolean(), { minLength: 40, maxLength: 40 }),
        shuffledSubarray(
          Array.from({ length: 40 }, (_, i) => i),
          { minLength: 40 },
        ),
        (first, missing, urgent, order) => {
          // The lock owes `first` on; ordinary ones come oldest first up to the first that is missing, urgent ones any time.
          const arrived = order.flatMap((i) => {
            if (missing.includes(i)) return [];
            if (urgent[i]) return [tamper(first + i)];
            const held = missing.some((hole) => hole < i && !urgent[hole]);
            return held ? [] : [event(first + i)];
          });
          const upTo = durableUpTo(arrived);
          const here = new Set(arrived.map(({ lockSequence }) => lockSequence));
          for (let owed = first; owed <= upTo; owed++) {
            // An urgent event that is missing while a later ordinary one is here is the one thing that cannot be told.
            if (!urgent[owed - first]) expect(here.has(owed)).toBe(true);
          }
        },
      ),
    );
  });
});

describe('after a restore', () => {
  const before = { receivedAt: 10 };
  const since = { receivedAt: 100 };

  it('what was received before it says nothing', () => {
    expect(durableUpTo([event(1, before), event(2, before)], 50)).toBe(0);
    expect(durableUpTo([event(1, before), event(2, before), event(8, since), event(9, since)], 50)).toBe(9);
    expect(durableUpTo([event(2, before), tamper(9, since)], 50)).toBe(0);
  });

  it('the restored record’s newest is remembered until the first ordinary event since', () => {
    const old = [event(4, before), event(5, before)];
    expect(restoredUpTo(old, undefined)).toBeUndefined();
    expect(restoredUpTo(old, 50)).toBe(5);
    expect(restoredUpTo([...old, tamper(9, since)], 50)).toBe(5);
    expect(restoredUpTo([...old, event(8, since)], 50)).toBeUndefined();
    expect(restoredUpTo([], 50)).toBeUndefined();
  });
});
