import { createECDH } from 'node:crypto';
import { importP256, nodePrimitives as primitives } from '@cardea/kit-node';
import { fromHex, toHex } from '@cardea/kit-octets';
import {
  advertisementKey,
  beaconKey,
  CLASS_OCTET,
  chainNext,
  chainSigned,
  chainStart,
  EVENT_OCTET,
  encodeAnswer,
  encodeBound,
  encodeChainParts,
  encodeConfirmS,
  encodeEvent,
  encodeFrameMessage,
  encodeM1,
  encodeM2,
  encodeRefusal,
  encodeRequest,
  frameKeys,
  INSTRUCTIONS,
  type KeyKind,
  keySchedule,
  legacyKeys,
  lockIdOf,
  METHOD,
  OPERATION_OCTET,
  REFUSAL,
  RESULT,
  type RequestBody,
  sealFrame,
  sealLegacyFrame,
  sealLegacyM1,
  sealM1,
  sealM2,
  stageAKeys,
  stageBKey,
  transcriptHash,
} from '@cardea/wire-lock';

const SOURCE = 'docs/lock.md; ISO/IEC 14543-5-104:2024 names the stages and the 16-octet frame, the rest is ours';
const IDENTIFIER = 'C0FFEE00112A';
const STAMP_S = 1_800_000_000;

/** `sizeOctets` octets that grow from `from`: fixed keys and randomness of the vectors, never used elsewhere. */
const rising = (from: number, sizeOctets: number): Uint8Array =>
  Uint8Array.from({ length: sizeOctets }, (_, i) => (from + i) & 0xff);

function pair(from: number): {
  readonly privateKey: Uint8Array;
  readonly publicKey: Uint8Array;
  z(peer: Uint8Array): Uint8Array;
} {
  const ecdh = createECDH('prime256v1');
  ecdh.setPrivateKey(rising(from, 32));
  return {
    privateKey: rising(from, 32),
    publicKey: new Uint8Array(ecdh.getPublicKey()),
    z: (peer) => new Uint8Array(ecdh.computeSecret(peer)),
  };
}

const flip = (octets: Uint8Array, at: number): Uint8Array => octets.map((octet, i) => (i === at ? octet ^ 1 : octet));

/** The generated files of the lock protocol, by path from the root of the repository. */
export function files(): Record<string, string> {
  return {
    'vectors/lock.json': `${JSON.stringify(vectors(), undefined, 2)}\n`,
    'docs/reference/lock-instructions.md': reference(),
  };
}

function vectors(): unknown {
  return {
    source: SOURCE,
    note: 'All octets in hex. `accept` must give exactly what is said; `refuse` must not.',
    agreement: agreementVectors(),
    frames: frameVectors(),
    refusals: Object.keys(REFUSAL).map((code) => ({
      code,
      keyVersion: 2,
      resetCount: 1,
      message: toHex(encodeRefusal({ code: code as keyof typeof REFUSAL, keyVersion: 2, resetCount: 1 })),
    })),
    advertisement: advertisementVectors(),
    chain: chainVectors(),
    legacy: legacyVectors(),
  };
}

function agreementVectors(): unknown {
  const lockId = lockIdOf(IDENTIFIER);
  const runs = (['bind', 'session'] as const).map((run, i) => {
    const psk = rising(0x10 * i, 16);
    const ras = pair(0x21);
    const lock = pair(0x61);
    const seed = rising(0x90, 16);
    const m1 = {
      suite: 'hardened',
      run,
      pskKind: run === 'bind' ? 'factory' : 'binding',
      lockId,
      keyVersion: 1,
      resetCount: 0,
      rs: rising(0xa0, 16),
      epkS: ras.publicKey,
    } as const;
    const m2 = { rl: rising(0xb0, 16), epkL: lock.publicKey, capabilities: 0 };
    const { ka, kba } = stageAKeys(primitives, psk);
    const kb = stageBKey(primitives, psk, seed);
    const z = ras.z(lock.publicKey);
    const transcript = transcriptHash(primitives, m1, m2);
    const keys = keySchedule(primitives, { psk, z, transcript, run });
    const m1Octets = sealM1(primitives, psk, m1, seed, rising(0xc0, 16));
    return {
      m1Octets,
      vector: {
        run,
        psk: toHex(psk),
        identifier: IDENTIFIER,
        lockId: toHex(lockId),
        privateS: toHex(ras.privateKey),
        privateL: toHex(lock.privateKey),
        rs: toHex(m1.rs),
        rl: toHex(m2.rl),
        seed: toHex(seed),
        ka: toHex(ka),
        kba: toHex(kba),
        kb: toHex(kb),
        z: toHex(z),
        transcriptM1: toHex(encodeM1(m1)),
        transcriptM2: toHex(encodeM2(m2)),
        transcriptHash: toHex(transcript),
        m1: toHex(m1Octets),
        m2: toHex(sealM2(primitives, kb, m1.rs, m2, rising(0xd0, 16), keys.confirmL)),
        confirmL: toHex(keys.confirmL),
        confirmS: toHex(encodeConfirmS(keys.confirmS)),
        bindingKey: keys.bindingKey === undefined ? null : toHex(keys.bindingKey.reveal()),
        command1: toHex(
          encodeFrameMessage(
            'command',
            sealFrame(keys.frames.command, 1, encodeRequest('operate', { name: 'get_nonce' })),
          ),
        ),
      },
    };
  });
  const [bind] = runs;
  if (bind === undefined) throw new Error('no runs');
  const refused = (why: string, m1: Uint8Array, id = IDENTIFIER): unknown => ({
    why,
    psk: bind.vector.psk,
    lockId: toHex(lockIdOf(id)),
    m1: toHex(m1),
  });
  return {
    accept: runs.map((each) => each.vector),
    refuse: [
      refused('binder of another lock', bind.m1Octets, 'C0FFEE00112B'),
      refused('key version changed', flip(bind.m1Octets, 8)),
      refused('reset count changed', flip(bind.m1Octets, 12)),
      refused('stage A changed', flip(bind.m1Octets, 40)),
      refused('epkS changed', flip(bind.m1Octets, 70)),
      refused('binder changed', flip(bind.m1Octets, 141)),
      refused('unknown version', flip(bind.m1Octets, 1)),
      refused('cut off', bind.m1Octets.slice(0, -1)),
    ],
  };
}

function frameVectors(): unknown {
  const raw = { enc: rising(0x00, 16), mac: rising(0x10, 16), iv: rising(0x20, 16) };
  const keys = { enc: toHex(raw.enc), mac: toHex(raw.mac), iv: toHex(raw.iv) };
  const sealed = (kind: KeyKind, counter: number, plaintext: Uint8Array): Uint8Array =>
    sealFrame(frameKeys(primitives, kind, raw), counter, plaintext);
  const accept = (name: string, kind: KeyKind, counter: number, plaintext: Uint8Array): unknown => ({
    name,
    kind,
    keys,
    counter,
    plaintext: toHex(plaintext),
    frame: toHex(sealed(kind, counter, plaintext)),
  });
  const nonce = rising(0xe0, 8);
  const requests: readonly RequestBody[] = [
    { name: 'lock_control', operation: 'unlock', timeToLiveS: 10, stampS: STAMP_S },
    { name: 'lock_control', operation: 'lock', timeToLiveS: 10, stampS: STAMP_S },
    { name: 'lock_control', operation: 'status', timeToLiveS: 10, stampS: STAMP_S },
    { name: 'nonce_fresh_lock_control', operation: 'unlock', nonce, timeToLiveS: 10 },
    { name: 'get_nonce' },
    { name: 'set_time', nonce, stepBack: true, timeS: STAMP_S },
    { name: 'event_ack', sequence: 42, stampS: STAMP_S },
    { name: 'configure', autoRelockS: 5, heldOpenS: 60, stampS: STAMP_S },
    { name: 'reset', stampS: STAMP_S },
    { name: 'lock_control', operation: 'override', timeToLiveS: 10, stampS: STAMP_S },
    { name: 'apply', digest: nonce, stampS: STAMP_S },
  ];
  const bits = { boltOut: false, jammed: false, doorOpen: false, tamper: false, privacy: false };
  const receipt = (result: keyof typeof RESULT): Uint8Array =>
    encodeAnswer({
      kind: 'receipt',
      id: 3,
      result,
      bits: { ...bits, boltOut: result !== 'done', jammed: result === 'jammed' },
      batteryPercent: 87,
      eventSequence: 42,
      clock: 'valid',
      detail: 0,
      lockTimeS: STAMP_S,
    });
  const unlock = encodeRequest('operate', {
    name: 'lock_control',
    operation: 'unlock',
    timeToLiveS: 10,
    stampS: STAMP_S,
  });
  const frame = sealed('command', 1, unlock);
  const refuse = (why: string, octets: Uint8Array, kind: KeyKind = 'command'): unknown => ({
    why,
    kind,
    keys,
    frame: toHex(octets),
  });
  return {
    accept: [
      ...requests.map((body, i) => {
        const row = INSTRUCTIONS.find((each) => each.name === body.name);
        return accept(body.name, 'command', i + 1, encodeRequest(row?.class ?? 'own', body));
      }),
      ...(Object.keys(RESULT) as (keyof typeof RESULT)[]).map((result, i) =>
        accept(`receipt: ${result}`, 'receipt', i + 1, receipt(result)),
      ),
      accept('time answer', 'receipt', 20, encodeAnswer({ kind: 'time', id: 5, clock: 'unset', nonce, lockTimeS: 0 })),
      accept(
        'event: tamper',
        'event',
        1,
        encodeEvent({ sequence: 43, code: 'tamper', actor: 0, detail: 1, lockTimeS: STAMP_S }),
      ),
      accept('the highest counter', 'command', 0xffff_ffff, unlock),
    ],
    refuse: [
      refuse('counter changed', flip(frame, 3)),
      refuse('ciphertext changed', flip(frame, 4)),
      refuse('tag changed', flip(frame, 27)),
      refuse('sent back as a receipt', frame, 'receipt'),
      refuse('cut off', frame.slice(0, 27)),
      refuse('one octet too many', Uint8Array.from([...frame, 0])),
      refuse('a valid tag over a wrong XOR check', sealed('command', 2, flip(unlock, 11))),
    ],
  };
}

function advertisementVectors(): unknown {
  const bindingKey = rising(0x30, 16);
  const keys = {
    advertisement: advertisementKey(primitives, bindingKey),
    beacon: beaconKey(primitives, bindingKey),
  };
  const r = rising(0x01, 6);
  const bits = { boltOut: true, jammed: false, doorOpen: false, tamper: false, privacy: false };
  return {
    bindingKey: toHex(bindingKey),
    kadv: toHex(keys.advertisement),
    kbeacon: toHex(keys.beacon),
    r: toHex(r),
    sequence: 7,
    bits: 1,
    batteryPercent: 87,
    data: toHex(encodeBound(primitives, keys, r, { sequence: 7, bits, eventsWait: false, batteryPercent: 87 })),
  };
}

function chainVectors(): unknown {
  const serial = importP256(rising(0x01, 32));
  let hash = chainStart(primitives, IDENTIFIER);
  const events = (['booted', 'bound', 'unlocked', 'relocked'] as const).map((code, at) => {
    const plaintext = encodeEvent({ sequence: at + 1, code, actor: 0, detail: 0, lockTimeS: STAMP_S + at });
    hash = chainNext(primitives, hash, plaintext);
    return { plaintext: toHex(plaintext), h: toHex(hash) };
  });
  const head = { day: Math.floor(STAMP_S / 86_400), sequence: events.length, hash };
  const signed = chainSigned(IDENTIFIER, head);
  return {
    identifier: IDENTIFIER,
    serialPrivateKey: toHex(rising(0x01, 32)),
    serialPublicKey: toHex(serial.publicKey),
    start: toHex(chainStart(primitives, IDENTIFIER)),
    events,
    day: head.day,
    sequence: head.sequence,
    signed: toHex(signed),
    parts: encodeChainParts({ ...head, signature: CHAIN_SIGNATURE }).map((part) => toHex(part)),
  };
}

/** ES256 over the vector's head, made once: ECDSA draws a nonce, so that each signing gives another one. */
const CHAIN_SIGNATURE = fromHex(
  '285fd9603608393c30eabe9ec8227563bfa98bc23d6aabd223128cd2f322a437d04701286e17a1db3d8afd5985cfa54294867bfb9d0a4beea91fdadb9ebdce14',
);

function legacyVectors(): unknown {
  const psk = rising(0x00, 16);
  const rs = rising(0xa0, 16);
  const rl = rising(0xb0, 16);
  const head = { suite: 'legacy', run: 'bind', pskKind: 'factory', keyVersion: 1, resetCount: 0 } as const;
  const keys = legacyKeys(primitives, psk, rs, rl, IDENTIFIER);
  const plaintext = encodeRequest('operate', {
    name: 'lock_control',
    operation: 'unlock',
    timeToLiveS: 0,
    stampS: STAMP_S,
  });
  return {
    note: 'Weak: nothing is authenticated but by an 8-bit XOR.',
    psk: toHex(psk),
    identifier: IDENTIFIER,
    rs: toHex(rs),
    rl: toHex(rl),
    m1: toHex(sealLegacyM1(primitives, psk, head, rs, rising(0x90, 16), rising(0xc0, 16))),
    sessionKey: toHex(keys.session),
    bindingKey: toHex(keys.bind),
    counter: 1,
    plaintext: toHex(plaintext),
    frame: toHex(sealLegacyFrame(primitives.aes(keys.session), 1, plaintext)),
  };
}

function reference(): string {
  const hex = (octet: number): string => `0x${octet.toString(16).padStart(2, '0').toUpperCase()}`;
  const codes = (title: string, table: Readonly<Record<string, number>>): string[] => [
    `## ${title}`,
    '',
    '| code | name |',
    '|---|---|',
    ...Object.entries(table).map(([name, code]) => `| ${code} | \`${name}\` |`),
    '',
  ];
  return [
    '# The lock protocol: instructions and codes',
    '',
    '<!-- Generated from wire/lock/src/instructions.ts and its neighbours by `npm run generate`. Do not edit. -->',
    '',
    'A request is id(1) class(1) value(9) check(1: XOR of octets 0..10) word(4). Its answer carries id | 0x80.',
    `Classes: ${Object.entries(CLASS_OCTET)
      .map(([name, octet]) => `${hex(octet)} ${name}`)
      .join(', ')}; a higher class may do what a lower one may.`,
    `Operations: ${Object.entries(OPERATION_OCTET)
      .map(([name, octet]) => `${octet} ${name}`)
      .join(', ')}.`,
    '',
    '| id | name | class | what | value | word | answer | freshness |',
    '|---|---|---|---|---|---|---|---|',
    ...INSTRUCTIONS.map(
      (row) =>
        `| ${hex(row.id)} | \`${row.name}\` | ${row.class} | ${row.operation} | ${row.value} | ${row.word} | ${row.answer} | ${row.time} |`,
    ),
    '',
    ...codes('Results of a receipt', RESULT),
    ...codes('Refusals', REFUSAL),
    ...codes('Events', EVENT_OCTET),
    ...codes(
      'Methods: detail of `unlocked`, `locked`, `override_unlocked`; 128 is added while the clock is not valid',
      METHOD,
    ),
  ].join('\n');
}
