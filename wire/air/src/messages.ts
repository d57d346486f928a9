import { OctetsError, Reader, Writer } from '@cardea/kit-octets';
import { APDU_LIMIT_OCTETS } from '@cardea/kit-radio';
import { AirError } from './errors.ts';
import { address, flag, list, octets, signed, struct, text, uint, uuid, type ValueOf, word } from './field.ts';
import {
  ADVERTISEMENT_LIMIT_OCTETS,
  CHARACTERISTICS_LIMIT,
  NAME_LIMIT,
  PERIPHERALS_LIMIT,
  SCAN_SERVICES_LIMIT,
  TEXT_LIMIT,
  VALUE_LIMIT_OCTETS,
} from './limits.ts';

const id = uint(4);
const value = octets(VALUE_LIMIT_OCTETS);
const apdu = octets(APDU_LIMIT_OCTETS);
const name = text(NAME_LIMIT);
const bluetooth = word(['4.2', '5.0']);
const failure = word(['out-of-range', 'timeout', 'disconnected', 'busy', 'unsupported', 'closed']);
const characteristic = struct({ uuid, write: flag, notify: flag });

/**
 * Every message, by its octet: from the process that joins (01 to 0F), from the hub (81 to 8F), from either (41 to 44).
 * Ids are chosen by whoever asks; `link` numbers are the hub's.
 */
const MESSAGES = {
  // Who joins. The first message, and the only one before `welcome`.
  hello: { octet: 0x01, shape: { version: uint(1), token: octets(64), name } },
  // A peripheral; not on the air before `advertise`.
  serve: {
    octet: 0x02,
    shape: {
      id,
      name,
      bluetooth,
      mtu: uint(2),
      service: uuid,
      characteristics: list(characteristic, CHARACTERISTICS_LIMIT),
    },
  },
  advertise: { octet: 0x03, shape: { id, address, data: octets(ADVERTISEMENT_LIMIT_OCTETS) } },
  'stop-advertising': { octet: 0x04, shape: { id } },
  unserve: { octet: 0x05, shape: { id } },
  scan: { octet: 0x06, shape: { id, services: list(uuid, SCAN_SERVICES_LIMIT) } },
  unscan: { octet: 0x07, shape: { id } },
  connect: { octet: 0x08, shape: { id, address, timeoutMs: uint(4) } },
  write: { octet: 0x09, shape: { id, link: id, characteristic: uuid, value } },
  subscribe: { octet: 0x0a, shape: { link: id, characteristic: uuid } },
  // By a peripheral, over one of its links.
  notify: { octet: 0x0b, shape: { link: id, characteristic: uuid, value } },
  disconnect: { octet: 0x0c, shape: { link: id, end: word(['central', 'peripheral']) } },
  list: { octet: 0x0d, shape: { id } },
  // A card is held to the reader of the lock with this name; answered by `answer`. And it is taken away.
  present: { octet: 0x0e, shape: { id, reader: name } },
  withdraw: { octet: 0x0f, shape: { id } },

  // A simulation command for the lock with this identifier; answered by `answer`. To the hub, and on to a lock's process.
  control: { octet: 0x41, shape: { id, fault: text(32), identifier: name, value: text(TEXT_LIMIT) } },
  answer: { octet: 0x42, shape: { id, ok: flag, detail: text(TEXT_LIMIT) } },

  // From the reader's process to the hub, and on to the card's; the response the other way. To and from the card's process
  // `card` is the id of its `present`, to and from the reader's the hub's number.
  apdu: { octet: 0x43, shape: { card: id, value: apdu } },
  'apdu-response': { octet: 0x44, shape: { card: id, value: apdu } },

  welcome: { octet: 0x81, shape: { version: uint(1) } },
  // Why the hub hangs up.
  refused: { octet: 0x82, shape: { detail: text(TEXT_LIMIT) } },
  report: {
    octet: 0x83,
    shape: { id, address, service: uuid, data: octets(ADVERTISEMENT_LIMIT_OCTETS), rssiDbm: signed, connectable: flag },
  },
  // To the central: its `connect` succeeded or failed.
  connected: { octet: 0x84, shape: { id, link: id, mtu: uint(2) } },
  'connect-failed': { octet: 0x85, shape: { id, code: failure, detail: text(TEXT_LIMIT) } },
  'write-acknowledged': { octet: 0x86, shape: { id } },
  'write-failed': { octet: 0x87, shape: { id, code: failure, detail: text(TEXT_LIMIT) } },
  notified: { octet: 0x88, shape: { link: id, characteristic: uuid, value } },
  // To the peripheral `id`.
  accepted: { octet: 0x89, shape: { id, link: id, mtu: uint(2) } },
  written: { octet: 0x8a, shape: { link: id, characteristic: uuid, value } },
  // To the end of a link that is over.
  'link-ended': { octet: 0x8b, shape: { link: id, end: word(['central', 'peripheral']) } },
  peripherals: {
    octet: 0x8c,
    shape: {
      id,
      peripherals: list(
        struct({ name, bluetooth, mtu: uint(2), advertising: flag, connected: flag }),
        PERIPHERALS_LIMIT,
      ),
    },
  },
  // To the process that serves the lock of this name: a card is at its reader.
  'card-held': { octet: 0x8d, shape: { card: id, reader: name } },
  // The card left the reader's field, or the card's field is gone.
  'card-gone': { octet: 0x8e, shape: { card: id, end: word(['card', 'reader']) } },
} as const;

type Kind = keyof typeof MESSAGES;

/** A message of the air protocol (docs/air.md). */
export type AirMessage = { [K in Kind]: { readonly kind: K } & ValueOf<(typeof MESSAGES)[K]['shape']> }[Kind];
/** One kind of message. */
export type AirMessageOf<K extends Kind> = Extract<AirMessage, { kind: K }>;

const LAYOUTS = new Map(
  Object.entries(MESSAGES).map(([kind, { octet, shape }]) => [kind, { kind, octet, layout: struct(shape) }]),
);
const BY_OCTET: ReadonlyMap<number, NonNullable<ReturnType<typeof LAYOUTS.get>>> = new Map(
  [...LAYOUTS.values()].map((layout) => [layout.octet, layout]),
);

/** Octets of a message, without the length before it: kind(1), fields. @throws AirError `malformed`, `too_long` */
export function encodeAirMessage(message: AirMessage): Uint8Array {
  return refusing(() => {
    const layout = LAYOUTS.get(message.kind);
    if (layout === undefined) throw new AirError('malformed', `no message ${message.kind}`);
    const writer = new Writer().uint('kind', layout.octet, 1);
    layout.layout.write(writer, message.kind, message as never);
    return writer.done();
  });
}

/** The message in exactly these octets. @throws AirError `malformed`, `too_long` */
export function decodeAirMessage(input: Uint8Array): AirMessage {
  return refusing(() => {
    const reader = new Reader(input);
    const octet = reader.uint('kind', 1);
    const layout = BY_OCTET.get(octet);
    if (layout === undefined) throw new AirError('malformed', `no message of kind ${octet}`);
    const fields = layout.layout.read(reader, layout.kind);
    reader.end(layout.kind);
    return { kind: layout.kind, ...fields } as AirMessage;
  });
}

function refusing<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof OctetsError) throw new AirError('malformed', error.message);
    throw error;
  }
}
