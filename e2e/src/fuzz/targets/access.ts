import { importP256, nodePrimitives as primitives, signP256 } from '@cardea/kit-node';
import { toHex } from '@cardea/kit-octets';
import { Secret } from '@cardea/kit-runtime';
import {
  AccessError,
  type AccessRecord,
  admitPin,
  applyDeltas,
  bootKeypad,
  CARD_AID,
  type CardEffect,
  type CardInput,
  type CardState,
  CLA,
  carryKey,
  decideChange,
  decodeAccessRecord,
  decodeChange,
  decodeCommand,
  decodeDeltas,
  decodeGrant,
  decodeHello,
  decodeKeyAnswer,
  decodeLevelGrant,
  decodeOrder,
  decodePresentation,
  decodeProof,
  decodeResponse,
  decodeScheduleTable,
  decodeSignedLevelGrant,
  EMPTY_ACCESS,
  EXCHANGE_P1,
  encodeAccessRecord,
  encodeChange,
  encodeCommand,
  encodeDeltas,
  encodeGrant,
  encodeHello,
  encodeKeyAnswer,
  encodeLevelGrant,
  encodeOrder,
  encodePresentation,
  encodeProof,
  encodeResponse,
  encodeScheduleTable,
  encodeSignedLevelGrant,
  grantKey,
  IDLE_CARD,
  INS,
  offlinePin,
  onlinePinVerifier,
  openAt,
  openCarried,
  openChange,
  openGrant,
  openOrder,
  orderKey,
  presentationKey,
  proofTag,
  sealGrant,
  stepCard,
  tableKey,
} from '@cardea/wire-access';
import type { AccessChange, LevelGrant, OfflineGrant } from '@cardea/wire-profile';
import { foreseen, must, octetsOf, type Target } from '../target.ts';
import { pieces } from './lock.ts';

const rising = (from: number, sizeOctets: number): Uint8Array =>
  Uint8Array.from({ length: sizeOctets }, (_, i) => (from + i) & 0xff);
const point = (from: number): Uint8Array => Uint8Array.of(4, ...rising(from, 64));
const source = (...files: readonly string[]): readonly string[] => files.map((file) => `wire/access/src/${file}`);
const LOCK_ID = Uint8Array.of(0xc0, 0xff, 0xee, 0x00, 0x11, 0x2a);
const BINDING_KEY = rising(0x10, 16);
const NOW_S = 1_800_000_000;

const GRANT: OfflineGrant = {
  noClock: false,
  grantId: rising(0x30, 16),
  phoneKey: point(0x40),
  operations: ['unlock', 'override'],
  notBeforeS: NOW_S,
  notAfterS: NOW_S + 86_400,
  leaseEndS: NOW_S + 3_600,
  issuedAtS: NOW_S,
  series: 1,
  generation: 3,
  uses: 2,
  scheduleNumber: 7,
};
const LEVEL_GRANT: LevelGrant = { ...GRANT, level: 'room', hotelId: rising(0x70, 16), floor: 2, room: 204 };
const ORDER = {
  orderNo: 3,
  series: [{ series: 1, generation: 4 }],
  denied: [{ grantId: rising(1, 16), leaseEndS: NOW_S }],
};
const TABLE = encodeScheduleTable({
  number: 7,
  validUntilS: NOW_S + 34_000_000,
  baseOffsetMin: -570,
  transitions: [{ atS: NOW_S + 5, offsetMin: 60 }],
  weekly: [{ days: 0x1f, startMin: 480, endMin: 1080 }],
  special: [
    { day: 1110, windows: [{ startMin: 1320, endMin: 1800 }] },
    { day: 1111, windows: [] },
  ],
});
const PIN = {
  ...{ slot: 5, verifier: onlinePinVerifier(primitives, BINDING_KEY, '482913'), notBeforeS: NOW_S - 60 },
  ...{ notAfterS: NOW_S + 3_600, scheduleNumber: 0, uses: 3 },
};
const CHANGES: readonly AccessChange[] = [
  { kind: 'order', order: ORDER },
  { kind: 'place', place: { hotelId: rising(0x70, 16), floor: 2, room: 204, grantKey: point(1) } },
  { kind: 'schedule', number: 7, table: TABLE },
  { kind: 'schedule', number: 8, table: undefined },
  { kind: 'pin', pin: PIN },
  { kind: 'pin-removed', slot: 9 },
  { kind: 'keypad-reopened' },
  { kind: 'mode', mode: 'passage', untilS: NOW_S },
  { kind: 'forget' },
];

/** Reads octets; where that was possible, what is written again must be the same octets. */
function checked<T>(
  what: string,
  input: Uint8Array,
  decode: (octets: Uint8Array) => T,
  encode: (value: T) => Uint8Array,
): void {
  const value = foreseen(AccessError, () => ({ read: decode(input) }));
  if (value !== undefined) must(toHex(encode(value.read)) === toHex(input), `${what} comes back`);
}

/** Grants, the messages of the exchange, orders and changes, in the clear and as they stand on the air. */
export async function accessMessagesTarget(): Promise<Target> {
  const keys = {
    grant: grantKey(primitives, BINDING_KEY),
    order: orderKey(primitives, BINDING_KEY),
    table: tableKey(primitives, BINDING_KEY),
    carry: carryKey(primitives, BINDING_KEY),
  };
  return {
    name: 'access-messages',
    covers: source('grant', 'level-grant', 'order', 'change.ts', 'carried', 'exchange/messages', 'errors'),
    seeds: [
      encodeGrant(LOCK_ID, GRANT),
      encodeLevelGrant(LEVEL_GRANT),
      encodeSignedLevelGrant({ ...LEVEL_GRANT, level: 'hotel', floor: 0, room: 0 }, rising(2, 64)),
      encodeOrder(ORDER),
      encodeHello({ grantId: rising(0, 16), nonceP: rising(1, 16) }),
      encodeProof({ nonceL: rising(0, 16), epkL: point(1), tag: rising(2, 32) }),
      encodePresentation({ operation: 'lock', epkP: point(1), signature: rising(2, 64), grant: rising(3, 133) }),
      encodeKeyAnswer({ frame: rising(1, 28), carried: rising(2, 36) }),
      ...CHANGES.filter((change) => change.kind !== 'order').map(encodeChange),
    ],
    maxOctets: 600,
    run(input) {
      checked('a grant', input, decodeGrant, ({ lockId, grant }) => encodeGrant(lockId, grant));
      checked('a level grant', input, decodeLevelGrant, encodeLevelGrant);
      checked('a signed level grant', input, decodeSignedLevelGrant, ({ grant, signature }) =>
        encodeSignedLevelGrant(grant, signature),
      );
      checked('an order', input, decodeOrder, encodeOrder);
      checked('a change', input, decodeChange, encodeChange);
      checked('message 20', input, decodeHello, encodeHello);
      checked('message 21', input, decodeProof, encodeProof);
      checked('message 22', input, decodePresentation, encodePresentation);
      checked('message 23', input, decodeKeyAnswer, encodeKeyAnswer);
      must(
        foreseen(AccessError, () => openGrant(primitives, keys.grant, LOCK_ID, input)) === undefined,
        'no grant is forged',
      );
      must(foreseen(AccessError, () => openOrder(primitives, keys.order, input)) === undefined, 'no order is forged');
      must(foreseen(AccessError, () => openChange(primitives, keys.table, input)) === undefined, 'no change is forged');
      must(openCarried(primitives, keys.carry, LOCK_ID, input) === undefined, 'no event is forged');
    },
  };
}

/** Schedule tables, and whether they are open at moments around their edges. */
export async function accessTableTarget(): Promise<Target> {
  return {
    name: 'access-table',
    covers: source('schedule/'),
    seeds: [TABLE],
    maxOctets: 600,
    run(input) {
      checked('a table', input, decodeScheduleTable, encodeScheduleTable);
      const table = foreseen(AccessError, () => decodeScheduleTable(input));
      if (table === undefined) return;
      for (const atS of [0, NOW_S, 0xffff_ffff, ...table.transitions.slice(0, 4).flatMap(({ atS: t }) => [t - 1, t])]) {
        must(!openAt(table, atS) || atS < table.validUntilS, 'nothing opens past the end');
      }
    },
  };
}

/** What a lock keeps: an image, or the deltas of one write. */
export async function accessFlashTarget(): Promise<Target> {
  let record: AccessRecord = { ...EMPTY_ACCESS, keypadWrong: 3 };
  const writes = CHANGES.map((change) => {
    const { deltas } = decideChange(record, change, NOW_S - 600);
    record = applyDeltas(record, deltas);
    return encodeDeltas(deltas);
  });
  const uses = { grantId: rising(1, 16), used: 2, notAfterS: NOW_S };
  writes.push(
    encodeDeltas([
      { kind: 'raised', series: 1, generation: 4 },
      { kind: 'used', uses, floorS: 5 },
      { kind: 'pin-used', slot: 5, used: 2 },
    ]),
  );
  return {
    name: 'access-flash',
    covers: source('gate/record', 'gate/delta', 'gate/change-access'),
    seeds: [encodeAccessRecord(EMPTY_ACCESS), encodeAccessRecord({ ...record, uses: [uses] }), ...writes],
    maxOctets: 1_024,
    run(input) {
      checked('a record', input, decodeAccessRecord, encodeAccessRecord);
      checked('deltas', input, decodeDeltas, encodeDeltas);
      // The same octets as a change or an order that was sealed: decided first, it always fits.
      for (const decode of [
        decodeChange,
        (octets: Uint8Array) => ({ kind: 'order', order: decodeOrder(octets) }) as const,
      ]) {
        const change = foreseen(AccessError, () => decode(input));
        if (change === undefined) continue;
        const after = applyDeltas(record, decideChange(record, change, NOW_S).deltas);
        must(
          toHex(encodeAccessRecord(decodeAccessRecord(encodeAccessRecord(after)))) !== '',
          'a record fits its bounds',
        );
      }
    },
  };
}

/** APDUs to a chip; each piece is a command. */
export async function accessCardTarget(): Promise<Target> {
  const phone = importP256(rising(0x21, 32));
  const ephemeral = importP256(rising(0x41, 32));
  const grant = { ...GRANT, phoneKey: phone.publicKey };
  const kg = presentationKey(primitives, BINDING_KEY, grant.grantId);
  const sealed = sealGrant(primitives, grantKey(primitives, BINDING_KEY), LOCK_ID, grant);
  const keys = [{ lockId: LOCK_ID, grantId: grant.grantId, grant: sealed, presentationKey: new Secret(kg) }];
  const context = { primitives, keys, openReceipt: () => undefined };
  const hello = { grantId: grant.grantId, nonceP: rising(0xa0, 16) };
  const said = { nonceL: rising(0xb0, 16), epkL: ephemeral.publicKey };
  const proof = encodeProof({ ...said, tag: proofTag(primitives, kg, LOCK_ID, hello, said) });
  const none = new Uint8Array(0);
  const select = encodeCommand({ cla: CLA.interindustry, ins: INS.select, p1: 4, p2: 0, data: CARD_AID, le: 256 });
  const exchange = (p1: number, p2: number, data: Uint8Array, cla: number = CLA.proprietary): Uint8Array =>
    encodeCommand({ cla, ins: INS.exchange, p1, p2, data, le: cla === CLA.proprietary ? 256 : undefined });
  const fetch = encodeCommand({ cla: CLA.interindustry, ins: INS.getResponse, p1: 0, p2: 0, data: none, le: 8 });
  const begin = exchange(EXCHANGE_P1.begin, 1, LOCK_ID);
  const joined = (...commands: readonly Uint8Array[]): Uint8Array =>
    Uint8Array.from(commands.flatMap((command) => [command.length, ...command]));

  const runCard = (commands: readonly Uint8Array[]): boolean => {
    let state: CardState = IDLE_CARD;
    let presented = false;
    let answers = 0;
    const input = (one: CardInput): void => {
      const stepped = stepCard<never>(context, state, one);
      state = stepped.state;
      for (const effect of stepped.effects) perform(effect);
    };
    const perform = (effect: CardEffect<never>): void => {
      if (effect.kind === 'respond') {
        answers++;
        presented ||= effect.octets[0] === 0x22;
      } else if (effect.kind === 'make-ephemeral') input({ kind: 'ephemeral', random: rising(0xa0, 16), ...ephemeral });
      else if (effect.kind === 'sign') input({ kind: 'signed', signature: signP256(phone.privateKey, effect.message) });
      else if (effect.kind === 'agree') input({ kind: 'agreed', z: rising(1, 32) });
    };
    for (const [at, octets] of commands.entries()) {
      input({ kind: 'command', octets });
      must(answers === at + 1, 'each command is answered once');
    }
    return presented;
  };
  return {
    name: 'access-card',
    covers: source('card/card', 'card/apdu', 'exchange/phone'),
    seeds: [
      joined(
        select,
        begin,
        exchange(EXCHANGE_P1.message, 0, proof),
        fetch,
        exchange(EXCHANGE_P1.message, 0, rising(0x23, 31)),
      ),
      joined(
        select,
        begin,
        exchange(EXCHANGE_P1.message, 0, proof),
        exchange(EXCHANGE_P1.message, 0, Uint8Array.of(0x1f)),
      ),
      joined(select, begin, exchange(1, 0, proof.slice(0, 60), 0x90), exchange(1, 0, proof.slice(60))),
      joined(select, exchange(EXCHANGE_P1.begin, 1, rising(1, 6)), exchange(2, 0, none), fetch),
      encodeResponse({ data: rising(1, 20), status: 0x9000 }),
    ],
    maxOctets: 1_024,
    run(input) {
      checked('a command', input, decodeCommand, encodeCommand);
      checked('a response', input, decodeResponse, encodeResponse);
      const commands = pieces(input).slice(0, 16);
      const carriesProof = toHex(Uint8Array.from(commands.flatMap((command) => [...command]))).includes(
        toHex(proof.slice(-32)),
      );
      must(!runCard(commands) || carriesProof, 'a chip presents itself to its lock alone');
    },
  };
}

/** Entries at a keypad, one a line. */
export async function accessKeypadTarget(): Promise<Target> {
  const clock = { state: 'valid', timeS: NOW_S, floorS: NOW_S - 600 } as const;
  const context = { primitives, bindingKey: BINDING_KEY, lockId: LOCK_ID, nowMs: 0, clock, privacy: false };
  const right = new Set([
    '482913',
    ...[0, 1].map((generation) =>
      offlinePin(primitives, BINDING_KEY, LOCK_ID, { generation, kind: 0, startS: NOW_S - (NOW_S % 3_600) }),
    ),
  ]);
  const held = applyDeltas(EMPTY_ACCESS, [{ kind: 'pin', pin: PIN }]);
  return {
    name: 'access-keypad',
    covers: source('pin/', 'gate/admit-pin', 'gate/clock'),
    seeds: [octetsOf([...right].join('\n')), octetsOf('0000\n1234567890\n9990000000\n000000')],
    maxOctets: 200,
    run(input) {
      let record = held;
      let keypad = bootKeypad(0, 0);
      let entered = 0;
      for (const entry of Buffer.from(input).toString('latin1').split('\n').slice(0, 12)) {
        const admission = admitPin(context, record, keypad, entry);
        must(admission.kind !== 'admitted' || right.has(entry), 'only a PIN of this lock opens');
        if (admission.kind === 'admitted' || admission.kind === 'wrong') record = applyDeltas(record, admission.deltas);
        if (admission.kind === 'wrong') {
          keypad = admission.keypad;
          entered++;
        }
      }
      must(entered <= 5, 'five wrong entries, and nothing more is looked at');
    },
  };
}
