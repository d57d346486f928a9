import { equal, type Writer } from '@cardea/kit-octets';
import type { LockMode, LockPlace, OnlinePin, Order } from '@cardea/wire-profile';
import { decodeChange, encodeChange, type TableChange } from '../change.ts';
import { AccessError, inRange, reading, writing } from '../errors.ts';
import { decodeOrder, encodeOrder } from '../order.ts';
import { WRONG_ENTRIES_MAX } from '../pin/keypad.ts';
import {
  type AccessRecord,
  type DeniedGrant,
  type GrantUses,
  readUses,
  type SeriesGeneration,
  writeUses,
} from './record.ts';

/**
 * A small durable change of an {@link AccessRecord}: what a lock writes to its flash before it acts. `floorS` is the
 * lock's durable time floor when it was decided: what is over by it, whatever the clock says, makes room.
 */
export type AccessDelta =
  | { readonly kind: 'order'; readonly order: Order; readonly floorS: number }
  | { readonly kind: 'place'; readonly place: LockPlace }
  | { readonly kind: 'schedule'; readonly number: number; readonly table: Uint8Array | undefined }
  | { readonly kind: 'pin'; readonly pin: OnlinePin }
  | { readonly kind: 'pin-removed'; readonly slot: number }
  | { readonly kind: 'mode'; readonly mode: LockMode; readonly untilS: number }
  | { readonly kind: 'forget'; readonly floorS: number }
  | { readonly kind: 'keypad'; readonly wrong: number }
  | { readonly kind: 'used'; readonly uses: GrantUses; readonly floorS: number }
  | { readonly kind: 'pin-used'; readonly slot: number; readonly used: number }
  | { readonly kind: 'raised'; readonly series: number; readonly generation: number };

/** The record after a delta. The one who decided the delta has seen that it fits. */
export function applyDelta(record: AccessRecord, delta: AccessDelta): AccessRecord {
  switch (delta.kind) {
    case 'order':
      return {
        ...record,
        orderNo: delta.order.orderNo,
        series: delta.order.series.reduce(raise, record.series),
        denied: deny(record.denied, delta.order.denied, delta.floorS),
      };
    case 'place':
      return { ...record, place: delta.place };
    case 'schedule': {
      const { number, table } = delta;
      const rest = record.schedules.filter((each) => each.number !== number);
      const schedules = table === undefined ? rest : [...rest, { number, table }].sort((a, b) => a.number - b.number);
      return { ...record, schedules };
    }
    case 'pin': {
      const before = record.pins.find(({ pin }) => pin.slot === delta.pin.slot);
      // A PIN whose window alone changes keeps what it has used up.
      const used = before !== undefined && equal(before.pin.verifier, delta.pin.verifier) ? before.used : 0;
      const rest = record.pins.filter((each) => each !== before);
      return { ...record, pins: [...rest, { pin: delta.pin, used }].sort((a, b) => a.pin.slot - b.pin.slot) };
    }
    case 'pin-removed':
      return { ...record, pins: record.pins.filter(({ pin }) => pin.slot !== delta.slot) };
    case 'mode':
      return { ...record, mode: { mode: delta.mode, untilS: delta.untilS } };
    case 'forget':
      return {
        ...record,
        denied: deny(record.denied, [], delta.floorS),
        uses: liveUses(record.uses, delta.floorS),
        pins: record.pins.filter(({ pin }) => pin.notAfterS > delta.floorS),
      };
    case 'keypad':
      return { ...record, keypadWrong: delta.wrong };
    case 'used': {
      const rest = liveUses(record.uses, delta.floorS).filter((each) => !equal(each.grantId, delta.uses.grantId));
      return { ...record, uses: [...rest, delta.uses] };
    }
    case 'pin-used':
      return {
        ...record,
        pins: record.pins.map((each) => (each.pin.slot === delta.slot ? { ...each, used: delta.used } : each)),
      };
    case 'raised':
      return { ...record, series: raise(record.series, delta) };
  }
}

/** The record after deltas, in order. */
export function applyDeltas(record: AccessRecord, deltas: readonly AccessDelta[]): AccessRecord {
  return deltas.reduce(applyDelta, record);
}

/** Series after one is raised; never lowered. */
export function raise(series: readonly SeriesGeneration[], to: SeriesGeneration): readonly SeriesGeneration[] {
  const before = series.find((each) => each.series === to.series)?.generation ?? 0;
  if (to.generation <= before) return series;
  const raised = { series: to.series, generation: to.generation };
  return [...series.filter((each) => each.series !== to.series), raised].sort((a, b) => a.series - b.series);
}

/** The denied after more are added; those whose lease is over by the floor go. */
export function deny(
  denied: readonly DeniedGrant[],
  more: readonly DeniedGrant[],
  floorS: number,
): readonly DeniedGrant[] {
  const all = [...denied];
  for (const each of more) {
    const at = all.findIndex(({ grantId }) => equal(grantId, each.grantId));
    const before = all[at];
    if (before === undefined) all.push({ grantId: each.grantId, leaseEndS: each.leaseEndS });
    else all[at] = { ...before, leaseEndS: Math.max(before.leaseEndS, each.leaseEndS) };
  }
  return all.filter(({ leaseEndS }) => leaseEndS > floorS);
}

/** Counters that something may still need. */
export function liveUses(uses: readonly GrantUses[], floorS: number): readonly GrantUses[] {
  return uses.filter(({ notAfterS }) => notAfterS > floorS);
}

/** Deltas that one write holds. */
export const DELTAS_MAX = 4;

const KIND = { change: 1, order: 2, forget: 3, keypad: 4, used: 5, 'pin-used': 6, raised: 7 } as const;

/**
 * Deltas as a lock writes them, whole or not at all: n(1), then of each length(2) kind(1) body.
 *
 *     1 change     as in message 25: place, schedule, pin, pin-removed, mode
 *     2 order      floor(4) and as in message 24
 *     3 forget     floor(4)
 *     4 keypad     wrong(1)
 *     5 used       grantId(16) used(2) notAfter(4) floor(4)
 *     6 pin-used   slot(1) used(2)
 *     7 raised     series(1) generation(4)
 *
 * @throws AccessError `range`
 */
export function encodeDeltas(deltas: readonly AccessDelta[]): Uint8Array {
  inRange(deltas.length >= 1 && deltas.length <= DELTAS_MAX, `a write holds 1 to ${DELTAS_MAX} deltas`);
  return writing((writer) => {
    writer.uint('deltas', deltas.length, 1);
    for (const delta of deltas) {
      const octets = writing((body) => writeDelta(body, delta));
      writer.uint('length', octets.length, 2).octets('delta', octets);
    }
    return writer;
  });
}

/** The inverse of {@link encodeDeltas}. @throws AccessError `length`, `kind`, `range` */
export function decodeDeltas(octets: Uint8Array): readonly AccessDelta[] {
  return reading('deltas', octets, (reader) => {
    const count = reader.uint('deltas', 1);
    inRange(count >= 1 && count <= DELTAS_MAX, `a write holds 1 to ${DELTAS_MAX} deltas`);
    return Array.from({ length: count }, () => readDelta(reader.octets('delta', reader.uint('length', 2))));
  });
}

function writeDelta(writer: Writer, delta: AccessDelta): Writer {
  switch (delta.kind) {
    case 'place':
    case 'schedule':
    case 'pin':
    case 'pin-removed':
    case 'mode':
      return writer.uint('kind', KIND.change, 1).octets('change', encodeChange(delta));
    case 'order':
      return writer
        .uint('kind', KIND.order, 1)
        .uint('floor', delta.floorS, 4)
        .octets('order', encodeOrder(delta.order));
    case 'forget':
      return writer.uint('kind', KIND.forget, 1).uint('floor', delta.floorS, 4);
    case 'keypad':
      inRange(delta.wrong <= WRONG_ENTRIES_MAX, 'too many wrong entries');
      return writer.uint('kind', KIND.keypad, 1).uint('wrong', delta.wrong, 1);
    case 'used':
      return writeUses(writer.uint('kind', KIND.used, 1), delta.uses).uint('floor', delta.floorS, 4);
    case 'pin-used':
      return writer.uint('kind', KIND['pin-used'], 1).uint('slot', delta.slot, 1).uint('used', delta.used, 2);
    case 'raised':
      return writer
        .uint('kind', KIND.raised, 1)
        .uint('series', delta.series, 1)
        .uint('generation', delta.generation, 4);
  }
}

function readDelta(octets: Uint8Array): AccessDelta {
  return reading('a delta', octets, (reader) => {
    const kind = reader.uint('kind', 1);
    switch (kind) {
      case KIND.change:
        return deltaOf(decodeChange(reader.rest()));
      case KIND.order: {
        const floorS = reader.uint('floor', 4);
        return { kind: 'order', order: decodeOrder(reader.rest()), floorS };
      }
      case KIND.forget:
        return { kind: 'forget', floorS: reader.uint('floor', 4) };
      case KIND.keypad: {
        const wrong = reader.uint('wrong', 1);
        inRange(wrong <= WRONG_ENTRIES_MAX, 'too many wrong entries');
        return { kind: 'keypad', wrong };
      }
      case KIND.used: {
        const uses = readUses(reader);
        return { kind: 'used', uses, floorS: reader.uint('floor', 4) };
      }
      case KIND['pin-used']:
        return { kind: 'pin-used', slot: reader.uint('slot', 1), used: reader.uint('used', 2) };
      case KIND.raised:
        return { kind: 'raised', series: reader.uint('series', 1), generation: reader.uint('generation', 4) };
      default:
        throw new AccessError('kind', `no delta of kind ${kind}`);
    }
  });
}

/** What of message 25 is a delta as it stands; the rest depends on the moment and is decided first. */
function deltaOf(change: TableChange): AccessDelta {
  if (change.kind === 'forget' || change.kind === 'keypad-reopened') {
    throw new AccessError('kind', `${change.kind} is decided before it is written`);
  }
  return change;
}
