import type { Notice, NoticePage } from '@cardea/wire-api';
import { describe, expect, it } from 'vitest';
import { activityWords } from '../src/activity/activity-words.ts';
import { cameAfter, newestOf, readUntil } from '../src/activity/notices.ts';

const at = (second: number): string => new Date(1_000 * second).toISOString();
const notice = (number: number, read = false): Notice => ({
  id: `evt_${number}`,
  type: 'lock.tamper',
  property_id: null,
  door_id: 'door_1',
  lock_id: null,
  gateway_id: null,
  person_id: null,
  attempt_id: null,
  lock_sequence: null,
  occurred_at: null,
  received_at: at(number),
  detail: {},
  read,
});
const page: NoticePage = {
  items: [notice(3), notice(2), notice(1, true)],
  next_cursor: null,
  unread: 2,
  read_until: at(1),
};

describe('an event as its owner is told of it', () => {
  const visitors = new Map([['vis_1', 'Visitor 1']]);

  it('names the visitor as the host did', () => {
    const opened = { type: 'lock.unlocked', detail: { visitor_id: 'vis_1' } };
    expect(activityWords(opened, visitors)).toEqual({
      title: 'Visitor 1, your visitor, opened',
      more: '',
      tone: 'good',
    });
    expect(activityWords(opened, new Map()).title).toBe('A visitor of yours opened');
  });

  it('is no opening where the host has invited the visitor', () => {
    const invited = { type: 'person.visitor_invited', detail: { visitor_id: 'vis_1' } };
    expect(activityWords(invited, visitors)).toMatchObject({ title: 'A visitor was invited', tone: 'quiet' });
  });

  it('is worded as in every other list otherwise', () => {
    expect(activityWords({ type: 'lock.tamper', detail: {} }, visitors)).toMatchObject({
      title: 'The lock was tampered with',
      tone: 'bad',
    });
  });
});

describe('notices', () => {
  it('are read until the newest that was shown', () => {
    expect(newestOf(page)).toBe(at(3));
    expect(newestOf({ ...page, items: [] })).toBeUndefined();
    expect(readUntil(page, at(3))).toEqual({ ...page, unread: 0, read_until: at(3) });
    expect(readUntil(page, at(2)).unread).toBe(1);
  });

  it('are shown by the device when they come, the oldest first, and never those read elsewhere', () => {
    expect(cameAfter(page, 'evt_1').map(({ id }) => id)).toEqual(['evt_2', 'evt_3']);
    expect(cameAfter(page, 'evt_3')).toEqual([]);
    expect(cameAfter({ ...page, items: [notice(4, true), ...page.items] }, 'evt_3')).toEqual([]);
  });
});
