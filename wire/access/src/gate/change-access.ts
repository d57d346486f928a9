import { equal } from '@cardea/kit-octets';
import type { AccessChange, OnlinePin, Order } from '@cardea/wire-profile';
import { AccessError } from '../errors.ts';
import { decodeScheduleTable } from '../schedule/table.ts';
import { type AccessDelta, applyDelta, deny, raise } from './delta.ts';
import {
  type AccessRecord,
  DENIED_KEPT_MAX,
  SCHEDULES_KEPT_MAX,
  SCHEDULES_SIZE_MAX_OCTETS,
  SERIES_KEPT_MAX,
  tablesSize,
} from './record.ts';

/**
 * What becomes of a change: `done`; `superseded`, an order that is not higher than one taken; `full`, no room, and
 * nothing was taken or overwritten; `unsupported`, a schedule table that this lock cannot read.
 */
export type ChangeResult = 'done' | 'superseded' | 'full' | 'unsupported';

/** The decision over a change: what is to be stored before it is answered. `done` may store nothing: it was so already. */
export interface ChangeDecision {
  readonly result: ChangeResult;
  readonly deltas: readonly AccessDelta[];
}

/**
 * Decides a change of access at the lock. `floorS`: the durable time floor, Unix seconds; what is over by it makes room,
 * and nothing else ever does. `keypad-reopened` also needs a fresh keypad: {@link bootKeypad} with 0.
 */
export function decideChange(record: AccessRecord, change: AccessChange, floorS: number): ChangeDecision {
  switch (change.kind) {
    case 'order':
      return decideOrder(record, change.order, floorS);
    case 'place':
    case 'pin-removed':
    case 'mode':
      return done(change);
    case 'schedule':
      return decideSchedule(record, change.number, change.table);
    case 'pin':
      return decidePin(record, change.pin, floorS);
    case 'keypad-reopened':
      return done({ kind: 'keypad', wrong: 0 });
    case 'forget':
      return done({ kind: 'forget', floorS });
  }
}

/**
 * An order adds, so one that is lower than the last taken may hold what the lock has never seen: `superseded`, and the RAS
 * says it again under a higher number. The same number again has been taken: `done`.
 */
export function decideOrder(record: AccessRecord, order: Order, floorS: number): ChangeDecision {
  if (order.orderNo === record.orderNo) return { result: 'done', deltas: [] };
  if (order.orderNo < record.orderNo) return { result: 'superseded', deltas: [] };
  const hasRoom =
    deny(record.denied, order.denied, floorS).length <= DENIED_KEPT_MAX &&
    order.series.reduce(raise, record.series).length <= SERIES_KEPT_MAX;
  return hasRoom ? done({ kind: 'order', order, floorS }) : { result: 'full', deltas: [] };
}

function decideSchedule(record: AccessRecord, number: number, table: Uint8Array | undefined): ChangeDecision {
  const delta = { kind: 'schedule', number, table } as const;
  if (table !== undefined && !isTableOf(number, table)) return { result: 'unsupported', deltas: [] };
  const { schedules } = applyDelta(record, delta);
  const hasRoom = schedules.length <= SCHEDULES_KEPT_MAX && tablesSize(schedules) <= SCHEDULES_SIZE_MAX_OCTETS;
  return hasRoom ? done(delta) : { result: 'full', deltas: [] };
}

/** A slot is never taken from a PIN that may still open: it has to be removed first. */
function decidePin(record: AccessRecord, pin: OnlinePin, floorS: number): ChangeDecision {
  const before = record.pins.find((each) => each.pin.slot === pin.slot)?.pin;
  const isFree = before === undefined || equal(before.verifier, pin.verifier) || before.notAfterS <= floorS;
  return isFree ? done({ kind: 'pin', pin }) : { result: 'full', deltas: [] };
}

function isTableOf(number: number, octets: Uint8Array): boolean {
  try {
    return decodeScheduleTable(octets).number === number;
  } catch (error) {
    if (error instanceof AccessError) return false;
    throw error;
  }
}

function done(delta: AccessDelta): ChangeDecision {
  return { result: 'done', deltas: [delta] };
}
