import { agreeP256, importP256, nodePrimitives as primitives, verifyP256 } from '@cardea/kit-node';
import { concat, fromHex, toHex } from '@cardea/kit-octets';
import {
  CARD_AID,
  CLA,
  carryKey,
  changeDigest,
  EXCHANGE_P1,
  encodeChange,
  encodeCommand,
  encodeGrant,
  encodeHello,
  encodeKeyAnswer,
  encodeLevelGrant,
  encodeOrder,
  encodePresentation,
  encodeProof,
  encodeScheduleTable,
  encodeSignedLevelGrant,
  grantKey,
  INS,
  levelGrantSigned,
  OFFLINE_OPERATION_OCTET,
  offlinePin,
  offlinePinKey,
  onlinePinKey,
  onlinePinVerifier,
  openAt,
  orderKey,
  PIN_WINDOWS,
  presentationKey,
  presentationSigned,
  proofTag,
  receiptKeys,
  type ScheduleTable,
  sealCarried,
  sealChange,
  sealGrant,
  sealOrder,
  type TableChange,
  tableKey,
} from '@cardea/wire-access';
import {
  encodeAnswer,
  encodeEvent,
  frameKeys,
  KEY_RECEIPT_COUNTER,
  KEY_RECEIPT_ID,
  lockIdOf,
  sealFrame,
} from '@cardea/wire-lock';
import type { LevelGrant, OfflineGrant, Order } from '@cardea/wire-profile';

const IDENTIFIER = 'C0FFEE00112A';
const LOCK_ID = lockIdOf(IDENTIFIER);
const NOW_S = 1_800_000_000;

/** `sizeOctets` octets that grow from `from`: fixed keys and randomness of the vectors, never used elsewhere. */
const rising = (from: number, sizeOctets: number): Uint8Array =>
  Uint8Array.from({ length: sizeOctets }, (_, i) => (from + i) & 0xff);
const flip = (octets: Uint8Array, at: number): Uint8Array => octets.map((octet, i) => (i === at ? octet ^ 1 : octet));

const BINDING_KEY = rising(0x10, 16);
const PRIVATE = {
  phone: rising(0x21, 32),
  phoneEphemeral: rising(0x41, 32),
  lockEphemeral: rising(0x61, 32),
  property: rising(0x81, 32),
};
const phone = importP256(PRIVATE.phone);
const phoneEphemeral = importP256(PRIVATE.phoneEphemeral);
const lockEphemeral = importP256(PRIVATE.lockEphemeral);
const property = importP256(PRIVATE.property);

// ECDSA signs with fresh randomness: these were made once, and are checked against what the code would have signed.
const PHONE_SIGNATURE = fromHex(
  '0c229a4a2f7e78bed54cef950fe2eb2df35eb2f111b1cc87ad5348c5b1b919da85efe1692d4f71f5ad98e2872aa573a681009034b79623938f9ac546a463f29a',
);
const LEVEL_SIGNATURE = fromHex(
  '36203d472a16127b68b0ba8694c384b904cab27c044fca7b4f5a51e4ee597f99c350376eb4a160de8919f12252eb3827649c5b83f1964bf895f28e51ad725588',
);

const GRANT: OfflineGrant = {
  noClock: false,
  grantId: rising(0x30, 16),
  phoneKey: phone.publicKey,
  operations: ['unlock', 'lock'],
  notBeforeS: NOW_S - 3_600,
  notAfterS: NOW_S + 172_800,
  leaseEndS: NOW_S + 86_400,
  issuedAtS: NOW_S - 60,
  series: 1,
  generation: 3,
  uses: 0,
  scheduleNumber: 7,
};
const LEVEL_GRANT: LevelGrant = {
  ...GRANT,
  noClock: true,
  operations: ['unlock', 'lock', 'override'],
  series: 6,
  uses: 5,
  scheduleNumber: 0,
  level: 'floor',
  hotelId: rising(0x70, 16),
  floor: 2,
  room: 0,
};
const ORDER: Order = {
  orderNo: 12,
  series: [
    { series: 0, generation: 2 },
    { series: 1, generation: 4 },
  ],
  denied: [{ grantId: rising(0x50, 16), leaseEndS: NOW_S + 86_400 }],
};

/** `vectors/access.json`: grants, one exchange, orders, changes, schedules, PINs and APDUs, with fixed randomness. */
export function files(): Record<string, string> {
  const vectors = {
    source:
      'docs/access.md; all of it is ours, in the shape of SIGMA (RFC 9528), RFC 5297, RFC 4226 and ISO/IEC 7816-4',
    note: 'All octets in hex. `accept` must give exactly what is said; `refuse` must open nothing.',
    identifier: IDENTIFIER,
    bindingKey: toHex(BINDING_KEY),
    keys: {
      grant: toHex(grantKey(primitives, BINDING_KEY)),
      phone: toHex(presentationKey(primitives, BINDING_KEY, GRANT.grantId)),
      order: toHex(orderKey(primitives, BINDING_KEY)),
      table: toHex(tableKey(primitives, BINDING_KEY)),
      carry: toHex(carryKey(primitives, BINDING_KEY)),
      pinOfGeneration3: toHex(offlinePinKey(primitives, BINDING_KEY, 3)),
      onlinePin: toHex(onlinePinKey(primitives, BINDING_KEY)),
    },
    grant: grantVectors(),
    levelGrant: levelGrantVectors(),
    exchange: exchangeVectors(),
    orders: orderVectors(),
    changes: changeVectors(),
    schedules: scheduleVectors(),
    pins: pinVectors(),
    card: cardVectors(),
  };
  return { 'vectors/access.json': `${JSON.stringify(vectors, hexOctets, 2)}\n` };
}

function hexOctets(_: string, value: unknown): unknown {
  return value instanceof Uint8Array ? toHex(value) : value;
}

function grantVectors(): unknown {
  const key = grantKey(primitives, BINDING_KEY);
  const sealed = sealGrant(primitives, key, LOCK_ID, GRANT);
  return {
    accept: [{ grant: GRANT, plain: encodeGrant(LOCK_ID, GRANT), sealed }],
    refuse: [
      { why: 'of another lock', sealed: sealGrant(primitives, key, lockIdOf('C0FFEE00112B'), GRANT) },
      { why: 'its synthetic IV changed', sealed: flip(sealed, 0) },
      { why: 'its lease changed', sealed: flip(sealed, 16 + 103) },
      { why: 'its last octet changed', sealed: flip(sealed, sealed.length - 1) },
      { why: 'cut off', sealed: sealed.slice(0, -1) },
      {
        why: 'under the key of orders',
        sealed: sealGrant(primitives, orderKey(primitives, BINDING_KEY), LOCK_ID, GRANT),
      },
    ],
  };
}

function levelGrantVectors(): unknown {
  const plain = encodeLevelGrant(LEVEL_GRANT);
  const signed = levelGrantSigned(plain);
  mustVerify('level grant', property.publicKey, signed, LEVEL_SIGNATURE);
  const presented = encodeSignedLevelGrant(LEVEL_GRANT, LEVEL_SIGNATURE);
  return {
    grantKey: property.publicKey,
    accept: [{ grant: LEVEL_GRANT, plain, signed, signature: LEVEL_SIGNATURE, presented }],
    refuse: [
      { why: 'its floor changed', presented: flip(presented, 23) },
      { why: 'its signature changed', presented: flip(presented, 199) },
      { why: 'cut off', presented: presented.slice(0, -1) },
    ],
  };
}

function exchangeVectors(): unknown {
  const kg = presentationKey(primitives, BINDING_KEY, GRANT.grantId);
  const grant = sealGrant(primitives, grantKey(primitives, BINDING_KEY), LOCK_ID, GRANT);
  const hello = { grantId: GRANT.grantId, nonceP: rising(0xa0, 16) };
  const said = { nonceL: rising(0xb0, 16), epkL: lockEphemeral.publicKey };
  const proof = { ...said, tag: proofTag(primitives, kg, LOCK_ID, hello, said) };
  const operation = 'unlock';
  const bound = {
    lockId: LOCK_ID,
    grant,
    ...said,
    nonceP: hello.nonceP,
    epkP: phoneEphemeral.publicKey,
    operation,
  } as const;
  const signed = presentationSigned(primitives, bound);
  mustVerify('presentation', phone.publicKey, signed, PHONE_SIGNATURE);
  const presentation = { operation, epkP: phoneEphemeral.publicKey, signature: PHONE_SIGNATURE, grant } as const;
  const messages = [encodeHello(hello), encodeProof(proof), encodePresentation(presentation)] as const;
  const z = agreeP256(lockEphemeral.privateKey, phoneEphemeral.publicKey);
  if (z === undefined) throw new Error('the ephemeral keys are on the curve');
  const keys = receiptKeys(primitives, kg, z, messages);
  const event = encodeEvent({ sequence: 41, code: 'unlocked', actor: 0x30313233, detail: 1, lockTimeS: NOW_S });
  const receipt = encodeAnswer({
    ...{ kind: 'receipt', id: KEY_RECEIPT_ID, result: 'done', clock: 'valid', detail: 0, lockTimeS: NOW_S },
    bits: { boltOut: false, jammed: false, doorOpen: false, tamper: false, privacy: false },
    ...{ batteryPercent: 80, eventSequence: 41 },
  });
  const frame = sealFrame(frameKeys(primitives, 'receipt', keys), KEY_RECEIPT_COUNTER, receipt);
  const carried = sealCarried(primitives, carryKey(primitives, BINDING_KEY), LOCK_ID, 41, event);
  return {
    accept: [
      {
        private: PRIVATE,
        kg,
        grant,
        message20: messages[0],
        message21: messages[1],
        signed,
        message22: messages[2],
        z,
        keys,
        receipt,
        frame,
        event,
        carried,
        message23: encodeKeyAnswer({ frame, carried }),
      },
    ],
    refuse: [
      { why: 'the proof of a lock with another key', message21: flip(messages[1], 113) },
      { why: 'signed for another operation', message22: encodePresentation({ ...presentation, operation: 'lock' }) },
      { why: 'signed for another ephemeral key', message22: flip(messages[2], 60) },
      { why: 'signature changed', message22: flip(messages[2], 100) },
      { why: 'grant changed', message22: flip(messages[2], 200) },
      { why: 'cut off', message22: messages[2].slice(0, -1) },
    ],
  };
}

function orderVectors(): unknown {
  const sealed = sealOrder(primitives, orderKey(primitives, BINDING_KEY), ORDER);
  return {
    accept: [{ order: ORDER, plain: encodeOrder(ORDER), message24: sealed, digest: changeDigest(primitives, sealed) }],
    refuse: [
      { why: 'a generation changed', message24: flip(sealed, 27) },
      { why: 'cut off', message24: sealed.slice(0, -1) },
      { why: 'under the key of changes', message24: sealOrder(primitives, tableKey(primitives, BINDING_KEY), ORDER) },
    ],
  };
}

function changeVectors(): unknown {
  const key = tableKey(primitives, BINDING_KEY);
  const place = { hotelId: LEVEL_GRANT.hotelId, floor: 2, room: 204, grantKey: property.publicKey };
  const pin = {
    ...{ slot: 5, verifier: onlinePinVerifier(primitives, BINDING_KEY, '48291357'), notBeforeS: NOW_S },
    ...{ notAfterS: NOW_S + 86_400, scheduleNumber: 7, uses: 3 },
  };
  const changes: readonly TableChange[] = [
    { kind: 'place', place },
    { kind: 'schedule', number: 7, table: encodeScheduleTable(TABLE) },
    { kind: 'schedule', number: 7, table: undefined },
    { kind: 'pin', pin },
    { kind: 'pin-removed', slot: 5 },
    { kind: 'keypad-reopened' },
    { kind: 'mode', mode: 'passage', untilS: NOW_S + 3_600 },
    { kind: 'mode', mode: 'lockdown', untilS: 0 },
    { kind: 'forget' },
  ];
  return {
    accept: changes.map((change) => {
      const message25 = sealChange(primitives, key, change);
      return { change, plain: encodeChange(change), message25, digest: changeDigest(primitives, message25) };
    }),
  };
}

/** A cleaner in Vienna: working days and a night shift over the change to winter time; closed on one day. */
const TABLE: ScheduleTable = {
  number: 7,
  validUntilS: Date.UTC(2027, 8, 1) / 1000,
  baseOffsetMin: 120,
  transitions: [
    { atS: Date.UTC(2026, 9, 25, 1) / 1000, offsetMin: 60 },
    { atS: Date.UTC(2027, 2, 28, 1) / 1000, offsetMin: 120 },
  ],
  weekly: [
    { days: 0b001_1111, startMin: 480, endMin: 1080 },
    { days: 0b010_0000, startMin: 1320, endMin: 1800 },
  ],
  special: [{ day: 1_089, windows: [] }],
};

function scheduleVectors(): unknown {
  const moments = [
    '2026-10-19T05:59:59Z',
    '2026-10-19T06:00:00Z',
    '2026-10-19T16:00:00Z',
    '2026-10-24T19:59:59Z',
    '2026-10-24T20:00:00Z',
    '2026-10-25T00:30:00Z',
    '2026-10-25T01:30:00Z',
    '2026-10-25T04:59:59Z',
    '2026-10-25T05:00:00Z',
    '2026-12-24T10:00:00Z',
    '2026-12-25T10:00:00Z',
    '2027-03-28T00:59:59Z',
    '2027-03-28T04:00:00Z',
    '2027-09-01T08:00:00Z',
  ];
  const isOpen = moments.map((at) => ({ at, open: openAt(TABLE, Date.parse(at) / 1000) }));
  return { accept: [{ schedule: TABLE, table: encodeScheduleTable(TABLE), isOpen }] };
}

function pinVectors(): unknown {
  const offline = PIN_WINDOWS.map(({ stepS, lengthS }, k) => {
    const startS = NOW_S - (NOW_S % stepS);
    const kind = k as 0 | 1 | 2 | 3;
    return {
      generation: 3,
      kind,
      startS,
      endS: startS + lengthS,
      pin: offlinePin(primitives, BINDING_KEY, LOCK_ID, { generation: 3, kind, startS }),
    };
  });
  const online = ['4829', '482913', '482913576'].map((pin) => ({
    pin,
    verifier: onlinePinVerifier(primitives, BINDING_KEY, pin),
  }));
  return { offline, online };
}

function cardVectors(): unknown {
  const [p1, p2] = [EXCHANGE_P1.begin, OFFLINE_OPERATION_OCTET.unlock];
  return {
    select: encodeCommand({ cla: CLA.interindustry, ins: INS.select, p1: 4, p2: 0, data: CARD_AID, le: 256 }),
    selected: concat(Uint8Array.of(1), fromHex('9000')),
    begin: encodeCommand({ cla: CLA.proprietary, ins: INS.exchange, p1, p2, data: LOCK_ID, le: 256 }),
  };
}

function mustVerify(what: string, publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): void {
  if (!verifyP256(publicKey, message, signature)) {
    throw new Error(
      `the kept signature of the ${what} is not over ${toHex(message)}: sign that anew by its private key`,
    );
  }
}
