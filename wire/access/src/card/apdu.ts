import { concat, fromAscii } from '@cardea/kit-octets';
import { AccessError, inRange, reading, writing } from '../errors.ts';

/**
 * The application of a card: category F (unregistered, ISO/IEC 7816-5 8.2), "CARDEA", version 1. What answers to no
 * SELECT of it, as a card that has only a unique identifier, is nobody.
 */
export const CARD_AID: Uint8Array = concat(Uint8Array.of(0xf0), fromAscii('CARDEA'), Uint8Array.of(1));

/** What a card answers to SELECT: the version of this protocol. */
export const CARD_VERSION = 1;

/** Data of one short APDU, and of one response (ISO/IEC 7816-4 5.1). */
export const APDU_DATA_MAX_OCTETS = 255;
const RESPONSE_DATA_MAX_OCTETS = 256;

/** Instructions of the reader. EXCHANGE is of the proprietary class, the rest of the interindustry one. */
export const INS = { select: 0xa4, getResponse: 0xc0, exchange: 0x5a } as const;

/** Classes: interindustry, proprietary, and the bit that says that more of the command follows. */
export const CLA = { interindustry: 0x00, proprietary: 0x80, chained: 0x10 } as const;

/** P1 of EXCHANGE: `begin`, P2 the operation and data the lockId(6); `message`, data a message of the lock. */
export const EXCHANGE_P1 = { begin: 0, message: 1 } as const;

/** Status words (ISO/IEC 7816-4 5.6). 61xx: xx octets more are there. */
export const STATUS = {
  done: 0x9000,
  more: 0x6100,
  wrongLength: 0x6700,
  notProved: 0x6982,
  notNow: 0x6985,
  wrongData: 0x6a80,
  noKey: 0x6a82,
  wrongParameters: 0x6a86,
  unknownInstruction: 0x6d00,
  unknownClass: 0x6e00,
  failed: 0x6f00,
} as const;

/** A command APDU of the short form: CLA INS P1 P2 [Lc data] [Le]. */
export interface CommandApdu {
  readonly cla: number;
  readonly ins: number;
  readonly p1: number;
  readonly p2: number;
  /** 0 to 255 octets. */
  readonly data: Uint8Array;
  /** Octets that are expected back, 1 to 256; undefined: none. */
  readonly le: number | undefined;
}

/** A response APDU: data(0 to 256) SW1 SW2. */
export interface ResponseApdu {
  readonly data: Uint8Array;
  readonly status: number;
}

/** The octets of a command. @throws AccessError `range` */
export function encodeCommand({ cla, ins, p1, p2, data, le }: CommandApdu): Uint8Array {
  inRange(le === undefined || (le >= 1 && le <= RESPONSE_DATA_MAX_OCTETS), 'Le is 1 to 256');
  inRange(data.length <= APDU_DATA_MAX_OCTETS, 'a short APDU carries at most 255 octets');
  return writing((writer) => {
    writer.uint('CLA', cla, 1).uint('INS', ins, 1).uint('P1', p1, 1).uint('P2', p2, 1);
    if (data.length > 0) writer.uint('Lc', data.length, 1).octets('data', data);
    return le === undefined ? writer : writer.uint('Le', le % RESPONSE_DATA_MAX_OCTETS, 1);
  });
}

/** The command in its octets; the extended form is refused. @throws AccessError `length` */
export function decodeCommand(octets: Uint8Array): CommandApdu {
  return reading('a command APDU', octets, (reader) => {
    const head = {
      cla: reader.uint('CLA', 1),
      ins: reader.uint('INS', 1),
      p1: reader.uint('P1', 1),
      p2: reader.uint('P2', 1),
    };
    const none = new Uint8Array(0);
    if (reader.left === 0) return { ...head, data: none, le: undefined };
    const first = reader.uint('Lc or Le', 1);
    if (reader.left === 0) return { ...head, data: none, le: first === 0 ? RESPONSE_DATA_MAX_OCTETS : first };
    // 00 before more octets would begin the extended form.
    if (first === 0) throw new AccessError('length', 'an APDU of the extended form');
    const data = reader.octets('data', first);
    if (reader.left === 0) return { ...head, data, le: undefined };
    const le = reader.uint('Le', 1);
    return { ...head, data, le: le === 0 ? RESPONSE_DATA_MAX_OCTETS : le };
  });
}

/** The octets of a response. @throws AccessError `range` */
export function encodeResponse({ data, status }: ResponseApdu): Uint8Array {
  inRange(data.length <= RESPONSE_DATA_MAX_OCTETS, 'a response carries at most 256 octets');
  return writing((writer) => writer.octets('data', data).uint('status', status, 2));
}

/** The response in its octets. @throws AccessError `length` */
export function decodeResponse(octets: Uint8Array): ResponseApdu {
  if (octets.length < 2 || octets.length > RESPONSE_DATA_MAX_OCTETS + 2) {
    throw new AccessError('length', 'a response has 2 to 258 octets');
  }
  return reading('a response APDU', octets, (reader) => ({
    data: reader.octets('data', octets.length - 2),
    status: reader.uint('status', 2),
  }));
}

/** The commands that carry `data` as one: chained above 255 octets (ISO/IEC 7816-4 5.3.3), the last expecting an answer. */
export function exchangeCommands(p1: number, p2: number, data: Uint8Array): readonly Uint8Array[] {
  const commands: Uint8Array[] = [];
  for (let at = 0; at === 0 || at < data.length; at += APDU_DATA_MAX_OCTETS) {
    const piece = data.slice(at, at + APDU_DATA_MAX_OCTETS);
    const isLast = at + piece.length >= data.length;
    const cla = isLast ? CLA.proprietary : CLA.proprietary | CLA.chained;
    const le = isLast ? RESPONSE_DATA_MAX_OCTETS : undefined;
    commands.push(encodeCommand({ cla, ins: INS.exchange, p1, p2, data: piece, le }));
  }
  return commands;
}
