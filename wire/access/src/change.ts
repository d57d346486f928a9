import { type Primitives, sivOpen, sivSeal } from '@cardea/kit-crypto';
import { concat, type Reader, type Writer } from '@cardea/kit-octets';
import type { AccessChange, LockMode, LockPlace, OnlinePin } from '@cardea/wire-profile';
import { AccessError, inRange, reading, writing } from './errors.ts';
import { ACCESS_MESSAGE } from './messages.ts';
import { sealOrder } from './order.ts';

/** What message 25 carries: every change but an order, which has a message of its own. */
export type TableChange = Exclude<AccessChange, { kind: 'order' }>;

/** Slots for online PINs, from 1. */
export const PIN_SLOTS = 100;
/** Octets of the longest schedule table: a message of the link is 1,024 at most. */
export const TABLE_SIZE_MAX_OCTETS = 1000;

const KIND_OCTET: Readonly<Record<TableChange['kind'], number>> = {
  place: 1,
  schedule: 2,
  pin: 3,
  'pin-removed': 4,
  'keypad-reopened': 5,
  mode: 6,
  forget: 7,
};

/** The detail of `access_changed`: what kind of change it was. 0: an order. */
export const CHANGE_DETAIL: Readonly<Record<AccessChange['kind'], number>> = { order: 0, ...KIND_OCTET };

const MODES: readonly LockMode[] = ['normal', 'passage', 'lockdown'];

/**
 * A change in the clear: kind(1), then
 *
 *     1 place           hotelId(16) floor(4) room(4) grantKey(65)
 *     2 schedule        number(2) table(0 to 1000; none removes it)
 *     3 pin             slot(1) verifier(32) notBefore(4) notAfter(4) schedule(2) uses(2)
 *     4 pin-removed     slot(1)
 *     5 keypad-reopened
 *     6 mode            mode(1: 0 normal, 1 passage, 2 lockdown) until(4)
 *     7 forget
 *
 * @throws AccessError `range`
 */
export function encodeChange(change: TableChange): Uint8Array {
  return writing((writer) => {
    writer.uint('kind', KIND_OCTET[change.kind], 1);
    switch (change.kind) {
      case 'place':
        return writePlace(writer, change.place);
      case 'schedule':
        checkTable(change.number, change.table);
        return writer.uint('number', change.number, 2).octets('table', change.table ?? new Uint8Array(0));
      case 'pin':
        return writePin(writer, change.pin);
      case 'pin-removed':
        checkSlot(change.slot);
        return writer.uint('slot', change.slot, 1);
      case 'mode':
        return writer.uint('mode', MODES.indexOf(change.mode), 1).uint('until', change.untilS, 4);
      case 'keypad-reopened':
      case 'forget':
        return writer;
    }
  });
}

/** The inverse of {@link encodeChange}; a schedule's table is not looked into. @throws AccessError `length`, `kind`, `range` */
export function decodeChange(octets: Uint8Array): TableChange {
  return reading('a change', octets, (reader) => {
    const kind = reader.uint('kind', 1);
    switch (kind) {
      case KIND_OCTET.place:
        return { kind: 'place', place: readPlace(reader) };
      case KIND_OCTET.schedule: {
        const number = reader.uint('number', 2);
        const table = reader.left > 0 ? reader.rest() : undefined;
        checkTable(number, table);
        return { kind: 'schedule', number, table };
      }
      case KIND_OCTET.pin:
        return { kind: 'pin', pin: readPin(reader) };
      case KIND_OCTET['pin-removed']: {
        const slot = reader.uint('slot', 1);
        checkSlot(slot);
        return { kind: 'pin-removed', slot };
      }
      case KIND_OCTET['keypad-reopened']:
        return { kind: 'keypad-reopened' };
      case KIND_OCTET.mode:
        return { kind: 'mode', mode: modeOf(reader.uint('mode', 1)), untilS: reader.uint('until', 4) };
      case KIND_OCTET.forget:
        return { kind: 'forget' };
      default:
        throw new AccessError('kind', `no change of kind ${kind}`);
    }
  });
}

/** Message 25: 25 | AES-SIV({@link tableKey}, kind(1) body). @throws AccessError `range` */
export function sealChange(primitives: Primitives, key: Uint8Array, change: TableChange): Uint8Array {
  return concat(Uint8Array.of(ACCESS_MESSAGE.change), sivSeal(primitives.aes, key, [], encodeChange(change)));
}

/** The change in a message 25; undefined when it is not sealed by this key. @throws AccessError `kind`, `length`, `range` */
export function openChange(primitives: Primitives, key: Uint8Array, octets: Uint8Array): TableChange | undefined {
  if (octets[0] !== ACCESS_MESSAGE.change) throw new AccessError('kind', 'not a change');
  const plain = sivOpen(primitives.aes, key, [], octets.subarray(1));
  return plain === undefined ? undefined : decodeChange(plain);
}

/** Message 24 or 25, whichever carries `change`. @throws AccessError `range` */
export function sealAccessChange(
  primitives: Primitives,
  keys: { readonly order: Uint8Array; readonly table: Uint8Array },
  change: AccessChange,
): Uint8Array {
  return change.kind === 'order'
    ? sealOrder(primitives, keys.order, change.order)
    : sealChange(primitives, keys.table, change);
}

/** Octets of the digest by which APPLY names a message. */
export const CHANGE_DIGEST_SIZE_OCTETS = 8;

/** The first 8 octets of SHA-256 of a message 24 or 25, whole: APPLY's value. Its first 4 are an event's actor. */
export function changeDigest(primitives: Primitives, message: Uint8Array): Uint8Array {
  return primitives.sha256(message).slice(0, CHANGE_DIGEST_SIZE_OCTETS);
}

/** hotelId(16) floor(4) room(4) grantKey(65). @throws OctetsError, AccessError `range` */
export function writePlace(writer: Writer, place: LockPlace): Writer {
  inRange(place.grantKey[0] === 0x04, 'a grant key is an uncompressed point');
  return writer
    .octets('hotel id', place.hotelId, 16)
    .uint('floor', place.floor, 4)
    .uint('room', place.room, 4)
    .octets('grant key', place.grantKey, 65);
}

/** The inverse of {@link writePlace}. @throws OctetsError, AccessError `range` */
export function readPlace(reader: Reader): LockPlace {
  const place = {
    hotelId: reader.octets('hotel id', 16),
    floor: reader.uint('floor', 4),
    room: reader.uint('room', 4),
    grantKey: reader.octets('grant key', 65),
  };
  inRange(place.grantKey[0] === 0x04, 'a grant key is an uncompressed point');
  return place;
}

/** slot(1) verifier(32) notBefore(4) notAfter(4) schedule(2) uses(2): 45 octets. @throws OctetsError, AccessError `range` */
export function writePin(writer: Writer, pin: OnlinePin): Writer {
  checkPin(pin);
  return writer
    .uint('slot', pin.slot, 1)
    .octets('verifier', pin.verifier, 32)
    .uint('not before', pin.notBeforeS, 4)
    .uint('not after', pin.notAfterS, 4)
    .uint('schedule', pin.scheduleNumber, 2)
    .uint('uses', pin.uses, 2);
}

/** The inverse of {@link writePin}. @throws OctetsError, AccessError `range` */
export function readPin(reader: Reader): OnlinePin {
  const pin = {
    slot: reader.uint('slot', 1),
    verifier: reader.octets('verifier', 32),
    notBeforeS: reader.uint('not before', 4),
    notAfterS: reader.uint('not after', 4),
    scheduleNumber: reader.uint('schedule', 2),
    uses: reader.uint('uses', 2),
  };
  checkPin(pin);
  return pin;
}

/** The mode of its octet. @throws AccessError `range` */
export function modeOf(octet: number): LockMode {
  const mode = MODES[octet];
  if (mode === undefined) throw new AccessError('range', `no mode ${octet}`);
  return mode;
}

/** The octet of a mode. */
export function modeOctet(mode: LockMode): number {
  return MODES.indexOf(mode);
}

function checkPin(pin: OnlinePin): void {
  checkSlot(pin.slot);
  inRange(pin.notBeforeS < pin.notAfterS, 'a window ends after its beginning');
}

function checkSlot(slot: number): void {
  inRange(slot >= 1 && slot <= PIN_SLOTS, `a PIN slot is 1 to ${PIN_SLOTS}`);
}

function checkTable(number: number, table: Uint8Array | undefined): void {
  inRange(number >= 1, 'schedules count from 1');
  inRange(table === undefined || table.length > 0, 'an empty table removes nothing');
  inRange((table?.length ?? 0) <= TABLE_SIZE_MAX_OCTETS, `a table has at most ${TABLE_SIZE_MAX_OCTETS} octets`);
}
