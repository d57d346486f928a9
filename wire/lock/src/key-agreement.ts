import { cbcDecrypt, cbcEncrypt, cmac, hkdf, type Primitives } from '@cardea/kit-crypto';
import { concat, equalSecret, fromAscii, Reader, Writer } from '@cardea/kit-octets';
import { LockError, reading, writing } from './errors.ts';
import { MESSAGE } from './messages.ts';

/** Octets of the messages, the kind included. */
export const M1_SIZE_OCTETS = 142;
/** See {@link M1_SIZE_OCTETS}. */
export const M2_SIZE_OCTETS = 148;
/** See {@link M1_SIZE_OCTETS}. */
export const CONFIRM_S_SIZE_OCTETS = 33;

/** Protocol version of M1. */
export const VERSION = 1;

/** Suite of M1: 0 legacy (no binder, ECDH or confirmation), 1 hardened. */
export type Suite = 'legacy' | 'hardened';

/** What a run is for: 1 binds, 2 makes a session. */
export type Run = 'bind' | 'session';

/** Whose key the pre-shared key is: 0 factory, 1 binding, 2 room, 3 floor, 4 hotel. */
export type PskKind = 'factory' | 'binding' | 'room' | 'floor' | 'hotel';

const SUITES: readonly Suite[] = ['legacy', 'hardened'];
const RUNS: readonly (Run | undefined)[] = [undefined, 'bind', 'session'];
const PSK_KINDS: readonly PskKind[] = ['factory', 'binding', 'room', 'floor', 'hotel'];

/** The head of M1, in the clear on the wire but for lockId: version(1) suite(1) run(1) keyKind(1) keyVersion(4) resetCount(4). */
export interface M1Head {
  readonly suite: Suite;
  readonly run: Run;
  readonly pskKind: PskKind;
  /** Bind: the version that the new key will have; session: of the key that is used. */
  readonly keyVersion: number;
  readonly resetCount: number;
}

/** M1 of the hardened suite. */
export interface M1 extends M1Head {
  /** 6 octets; bound in, not on the wire. */
  readonly lockId: Uint8Array;
  /** Randomness of the RAS, 16 octets. */
  readonly rs: Uint8Array;
  /** Ephemeral P-256 key of the RAS, uncompressed, 65 octets. */
  readonly epkS: Uint8Array;
}

/** M2 of the hardened suite. */
export interface M2 {
  /** Randomness of the lock, 16 octets. */
  readonly rl: Uint8Array;
  /** Ephemeral P-256 key of the lock, uncompressed, 65 octets. */
  readonly epkL: Uint8Array;
  /** 16 bits, all zero so far. */
  readonly capabilities: number;
}

/** Ka | Kba = HKDF(PSK, "stage-a", 32): Ka seals stage A, Kba makes its binder. */
export function stageAKeys(
  primitives: Primitives,
  psk: Uint8Array,
): { readonly ka: Uint8Array; readonly kba: Uint8Array } {
  const both = hkdf(primitives, psk, 'stage-a', 32);
  return { ka: both.slice(0, 16), kba: both.slice(16) };
}

/** Kb = HKDF(PSK, "stage-b" | seed, 16): seals stage B. */
export function stageBKey(primitives: Primitives, psk: Uint8Array, seed: Uint8Array): Uint8Array {
  return hkdf(primitives, psk, ['stage-b', seed], 16);
}

/** The head of M1 as it stands on the wire and, with lockId after keyKind, in the transcript. */
export function encodeM1Head(head: M1Head, lockId: Uint8Array = new Uint8Array(0)): Uint8Array {
  return writing(() =>
    new Writer()
      .uint('version', VERSION, 1)
      .uint('suite', SUITES.indexOf(head.suite), 1)
      .uint('run', RUNS.indexOf(head.run), 1)
      .uint('key kind', PSK_KINDS.indexOf(head.pskKind), 1)
      .octets('lock id', lockId)
      .uint('key version', head.keyVersion, 4)
      .uint('reset count', head.resetCount, 4)
      .done(),
  );
}

/** M1 as the transcript has it: 99 octets. @throws LockError `range` */
export function encodeM1(m1: M1): Uint8Array {
  return concat(encodeM1Head(m1, sized('lock id', m1.lockId, 6)), sized('RS', m1.rs, 16), sized('epkS', m1.epkS, 65));
}

/** M2 as the transcript has it: 83 octets. @throws LockError `range` */
export function encodeM2(m2: M2): Uint8Array {
  return writing(() =>
    new Writer().octets('RL', m2.rl, 16).octets('epkL', m2.epkL, 65).uint('capabilities', m2.capabilities, 2).done(),
  );
}

/** SHA-256(M1 | M2): what both sides have said. */
export function transcriptHash(primitives: Primitives, m1: M1, m2: M2): Uint8Array {
  return primitives.sha256(encodeM1(m1), encodeM2(m2));
}

/**
 * M1 on the wire: 10, head(12), IV(16), CBC(Ka, RS | seed)(32), epkS(65), binder(16) = CMAC(Kba, all before | lockId).
 * `seed` and `iv` are fresh, 16 octets each. @throws LockError `range`
 */
export function sealM1(primitives: Primitives, psk: Uint8Array, m1: M1, seed: Uint8Array, iv: Uint8Array): Uint8Array {
  const { ka, kba } = stageAKeys(primitives, psk);
  const stageA = concat(sized('RS', m1.rs, 16), sized('seed', seed, 16));
  const body = concat(
    Uint8Array.of(MESSAGE.m1),
    encodeM1Head(m1),
    sized('IV', iv, 16),
    cbcEncrypt(primitives.aes(ka), iv, stageA),
    sized('epkS', m1.epkS, 65),
  );
  return concat(body, cmac(primitives.aes(kba), body, sized('lock id', m1.lockId, 6)));
}

/** The head of an M1, read before any key is looked for. @throws LockError `length`, `kind`, `range` */
export function decodeM1Head(octets: Uint8Array): M1Head {
  if (octets.length < 13) throw new LockError('length', 'M1 is too short for its head');
  const reader = new Reader(octets);
  if (reader.uint('kind', 1) !== MESSAGE.m1) throw new LockError('kind', 'not an M1');
  if (reader.uint('version', 1) !== VERSION) throw new LockError('range', 'unknown version');
  const suite = SUITES[reader.uint('suite', 1)];
  const run = RUNS[reader.uint('run', 1)];
  const pskKind = PSK_KINDS[reader.uint('key kind', 1)];
  if (suite === undefined || run === undefined || pskKind === undefined) {
    throw new LockError('range', 'unknown suite, run or key kind');
  }
  return { suite, run, pskKind, keyVersion: reader.uint('key version', 4), resetCount: reader.uint('reset count', 4) };
}

/**
 * Opens an M1 of the hardened suite; undefined when its binder is not of this key and lock. The point is not checked
 * here: the agreement does. @throws LockError `length`, `kind`, `range`
 */
export function openM1(
  primitives: Primitives,
  psk: Uint8Array,
  lockId: Uint8Array,
  octets: Uint8Array,
): { readonly m1: M1; readonly seed: Uint8Array } | undefined {
  const head = decodeM1Head(octets);
  if (head.suite !== 'hardened') throw new LockError('range', 'M1 of another suite');
  if (octets.length !== M1_SIZE_OCTETS) throw new LockError('length', `M1 has 142 octets, not ${octets.length}`);
  const { ka, kba } = stageAKeys(primitives, psk);
  const body = octets.subarray(0, M1_SIZE_OCTETS - 16);
  if (!equalSecret(cmac(primitives.aes(kba), body, lockId), octets.subarray(M1_SIZE_OCTETS - 16))) return undefined;
  const stageA = cbcDecrypt(primitives.aes(ka), octets.slice(13, 29), octets.slice(29, 61));
  return {
    m1: { ...head, lockId, rs: stageA.slice(0, 16), epkS: octets.slice(61, 126) },
    seed: stageA.slice(16),
  };
}

/** M2 on the wire: 11, IV(16), CBC(Kb, RS | RL)(32), epkL(65), capabilities(2), confirmL(32). @throws LockError `range` */
export function sealM2(
  primitives: Primitives,
  kb: Uint8Array,
  rs: Uint8Array,
  m2: M2,
  iv: Uint8Array,
  confirmL: Uint8Array,
): Uint8Array {
  const stageB = concat(sized('RS', rs, 16), sized('RL', m2.rl, 16));
  return concat(
    Uint8Array.of(MESSAGE.m2),
    sized('IV', iv, 16),
    cbcEncrypt(primitives.aes(kb), iv, stageB),
    encodeM2(m2).slice(16),
    sized('confirmL', confirmL, 32),
  );
}

/**
 * Opens an M2; undefined when it does not carry this run's RS. What proves it is confirmL, after the key schedule.
 * @throws LockError `length`, `kind`
 */
export function openM2(
  primitives: Primitives,
  kb: Uint8Array,
  rs: Uint8Array,
  octets: Uint8Array,
): { readonly m2: M2; readonly confirmL: Uint8Array } | undefined {
  if (octets[0] !== MESSAGE.m2) throw new LockError('kind', 'not an M2');
  return reading('M2', octets, M2_SIZE_OCTETS, (reader) => {
    reader.uint('kind', 1);
    const iv = reader.octets('IV', 16);
    const stageB = cbcDecrypt(primitives.aes(kb), iv, reader.octets('stage B', 32));
    const epkL = reader.octets('epkL', 65);
    const capabilities = reader.uint('capabilities', 2);
    const confirmL = reader.octets('confirmL', 32);
    if (!equalSecret(stageB.slice(0, 16), rs)) return undefined;
    return { m2: { rl: stageB.slice(16), epkL, capabilities }, confirmL };
  });
}

/** 12 confirmS(32). @throws LockError `range` */
export function encodeConfirmS(confirmS: Uint8Array): Uint8Array {
  return concat(Uint8Array.of(MESSAGE.confirmS), sized('confirmS', confirmS, 32));
}

/** confirmS of its message. @throws LockError `length`, `kind` */
export function decodeConfirmS(octets: Uint8Array): Uint8Array {
  if (octets[0] !== MESSAGE.confirmS) throw new LockError('kind', 'not a confirmS');
  return reading('confirmS', octets, CONFIRM_S_SIZE_OCTETS, (reader) => reader.rest().slice(1));
}

/** 12 upper-case hex digits of a 6-octet lockId and back: the identifier in text. @throws LockError `range` */
export function lockIdOf(identifier: string): Uint8Array {
  if (!/^[0-9A-F]{12}$/.test(identifier)) throw new LockError('range', 'an identifier has 12 upper-case hex digits');
  return Uint8Array.from({ length: 6 }, (_, i) => Number.parseInt(identifier.slice(2 * i, 2 * i + 2), 16));
}

/** The identifier as its 12 ASCII octets. @throws LockError `range` */
export function identifierOctets(identifier: string): Uint8Array {
  lockIdOf(identifier);
  return fromAscii(identifier);
}

function sized(field: string, octets: Uint8Array, sizeOctets: number): Uint8Array {
  if (octets.length !== sizeOctets) {
    throw new LockError('range', `${field} has ${sizeOctets} octets, not ${octets.length}`);
  }
  return octets;
}
