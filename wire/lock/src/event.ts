import { Reader, Writer } from '@cardea/kit-octets';
import type { EventCode, LockEvent } from '@cardea/wire-profile';
import { EVENT_ID } from './answer.ts';
import { decodeCommandFrame, encodeCommandFrame } from './command-frame.ts';
import { LockError, writing } from './errors.ts';

/**
 * Octet 1 of an event. `events_lost`: the ring was full; everything up to the sequence in `actor` that has not arrived
 * never will, `detail` of them (255: or more).
 */
export const EVENT_OCTET: Readonly<Record<EventCode, number>> = {
  unlocked: 1,
  locked: 2,
  relocked: 3,
  refused: 4,
  door_opened: 5,
  door_closed: 6,
  door_forced: 7,
  door_held_open: 8,
  jammed: 9,
  battery_low: 10,
  tamper: 11,
  clock_set: 12,
  booted: 13,
  bound: 14,
  reset: 15,
  manual_unlocked: 16,
  manual_locked: 17,
  events_lost: 18,
  refusals: 19,
  order_taken: 20,
  generation_raised: 21,
  access_changed: 22,
  keypad_closed: 23,
  override_unlocked: 24,
};

/** The 16 octets of an event: id 0xF0, type = code, value = sequence(4) actor(4) detail(1), word = lock time. @throws LockError `range` */
export function encodeEvent(event: LockEvent): Uint8Array {
  const value = writing(() =>
    new Writer()
      .uint('sequence', event.sequence, 4)
      .uint('actor', event.actor, 4)
      .uint('detail', event.detail, 1)
      .done(),
  );
  return encodeCommandFrame({ id: EVENT_ID, type: EVENT_OCTET[event.code], value, word: event.lockTimeS });
}

/** The event in 16 octets. @throws LockError `length`, `check`, `kind`, `range` */
export function decodeEvent(octets: Uint8Array): LockEvent {
  const frame = decodeCommandFrame(octets);
  if (frame.id !== EVENT_ID) throw new LockError('kind', 'not the id of an event');
  const found = Object.entries(EVENT_OCTET).find(([, octet]) => octet === frame.type);
  if (found === undefined) throw new LockError('range', `no event ${frame.type}`);
  const reader = new Reader(frame.value);
  const sequence = reader.uint('sequence', 4);
  if (sequence === 0) throw new LockError('range', 'events count from 1');
  return {
    sequence,
    code: found[0] as EventCode,
    actor: reader.uint('actor', 4),
    detail: reader.uint('detail', 1),
    lockTimeS: frame.word,
  };
}
