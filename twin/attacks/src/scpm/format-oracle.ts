import { nodePrimitives, seededRandom } from '@cardea/kit-node';
import { concat, toHex } from '@cardea/kit-octets';
import { type Random, Secret } from '@cardea/kit-runtime';
import {
  type DeviceState,
  decodeSecureFrame,
  isSecure,
  openFrame,
  sealFrame,
  stepDevice,
  suiteOf,
} from '@cardea/wire-scpm';
import type { Trial } from '../attack.ts';
import { Domain } from './domain.ts';
import { draw, flipped } from './meddle.ts';

const SA = Uint8Array.of(0x02, 0, 0, 0, 0, 1);
const DA = Uint8Array.of(0x02, 0, 0, 0, 0, 2);
const SPLICES_MOST = 1_000_000;
const TRIES_AT_LOCK = 6_000;
/** Of PADATA of 30 octets there is no PDG in two blocks; of 29 there is one octet of it. */
const [NO_PDG, ONE_PDG] = [30, 29];

/** What the service that asks for no authentication says to a body under the key of frames with both services. */
function standardService(random: Random) {
  const key = random.octets(16);
  const direction = { sa: SA, da: DA, response: false, dh: false };
  const suite = suiteOf(nodePrimitives, { profile: 'standard', algorithm: 1, key }, direction);
  const verdict = (snf: number, body: Uint8Array) =>
    openFrame(suite, decodeSecureFrame(withoutAuthentication(snf, body), 6)).verdict;
  const sealed = (padata: Uint8Array, snf: number) =>
    decodeSecureFrame(sealFrame(suite, { ...direction, keyIndex: 1, services: 'auth+enc', snf }, padata), 6);
  return { verdict, sealed };
}

/** HD SA DA BC SHD SNF and a body, for confidentiality only under the user key. */
function withoutAuthentication(
  snf: number,
  body: Uint8Array,
  da: Uint8Array = DA,
  sa: Uint8Array = SA,
  keyIndex = 1,
): Uint8Array {
  const [bc, number] = [new Uint8Array(2), new Uint8Array(4)];
  new DataView(bc.buffer).setUint16(0, 6 + body.length);
  new DataView(number.buffer).setUint32(0, snf);
  return concat(Uint8Array.of(0x80), sa, da, bc, Uint8Array.of(0x40 | keyIndex, 0), number, body);
}

/** A block out of an authenticated frame, spliced into one that is not, under one SNF after the other. */
export function splicedBlocks(seed: number): Trial {
  const random = seededRandom(`attack 9 splices ${seed}`);
  const { verdict, sealed } = standardService(random);
  const { body } = sealed(random.octets(40), 7);
  for (let tries = 1; tries <= SPLICES_MOST; tries++) {
    const at = 16 * draw(random, body.length / 16);
    const snf = draw(random, 2 ** 32);
    if (verdict(snf, body.subarray(at, at + 16)) === 'ok') {
      return { name: `a spliced block is accepted after ${tries} tries`, through: true, tried: tries };
    }
  }
  return { name: 'a spliced block is accepted', through: false, tried: SPLICES_MOST };
}

/** The last octet of a block of an authenticated frame, by the errors that its changes make. */
export function readByErrors(seed: number): Trial {
  const random = seededRandom(`attack 9 errors ${seed}`);
  const { verdict, sealed } = standardService(random);
  const secret = random.octets(30);
  const { body } = sealed(secret, 9);
  const [before, target] = [body.subarray(0, 16), body.subarray(16, 32)];
  let tried = 0;
  // PBC is the first octet of what `made` deciphers to, and the top octet of the SNF goes over it.
  const isShaped = (made: Uint8Array, top: number): boolean => {
    tried++;
    return verdict((top << 24) >>> 0, concat(made, target)) !== 'decrypt';
  };
  for (;;) {
    const made = random.octets(16);
    const shaped = Array.from({ length: 256 }, (_, top) => top).filter((top) => isShaped(made, top));
    const whole = shaped.find((top) => shaped.includes(top ^ NO_PDG ^ ONE_PDG));
    if (shaped.length !== 2 || whole === undefined) continue;
    // Twice shaped: the last octet of the text is zero, so deciphered it is the last octet of what was made.
    const read = (made[15] as number) ^ (before[15] as number);
    // The second block ends with the BCC; of 30 octets that is the octet after the last of PADATA.
    const text = bccOf(secret, 9, body.length);
    return { name: `the last octet of a block is read by ${tried} errors`, through: read === text, tried };
  }
}

/** The BCC of a frame with both services, as its sender worked it out. */
function bccOf(padata: Uint8Array, snf: number, bodyOctets: number): number {
  const bc = 6 + bodyOctets + 16;
  const parts = [...SA, ...DA, bc >> 8, bc & 0xff, 0x01, 0, 0, 0, 0, snf, padata.length, ...padata];
  return parts.reduce((sum, octet) => sum ^ octet, 0);
}

/** The same against the product: it says nothing at all, so there is nothing to be told apart. */
export function atTheLock(seed: number, effort: number): readonly Trial[] {
  const random = seededRandom(`attack 9 lock ${seed}`);
  const domain = new Domain({ seed: `attack 9 ${seed}` });
  domain.join();
  for (const from of ['ksn', 'lock'] as const) domain.reaches(from, from === 'ksn' ? 'lock' : 'ksn');
  const captured = domain.heard
    .filter(({ from, octets }) => from === 'ksn' && isSecure(octets))
    .map(({ octets }) => ({ octets, frame: decodeSecureFrame(octets, 6) }))
    .filter(({ frame }) => frame.services === 'auth+enc');
  const bodies = captured.map(({ frame }) => frame.body);
  const any = (): Uint8Array => bodies[draw(random, bodies.length)] as Uint8Array;
  const [ksn, lock] = [domain.addressOf('ksn'), domain.addressOf('lock')];
  const count = TRIES_AT_LOCK * effort;
  const spliced = Array.from({ length: count }, () => {
    const body = any();
    const at = 16 * draw(random, body.length >> 4);
    return withoutAuthentication(draw(random, 2 ** 32), body.subarray(at, at + 16), lock, ksn);
  });
  const stripped = captured.flatMap(({ frame }) =>
    Array.from({ length: 256 }, (_, top) => withoutAuthentication((top << 24) >>> 0, frame.body, lock, ksn)),
  );
  // From SA on: with another HD a frame is an ordinary one, which is anybody's.
  const changed = captured.flatMap(({ octets }) =>
    Array.from({ length: 8 * octets.length }, (_, bit) => flipped(octets, bit)).slice(8),
  );
  return [
    silence(domain, 'spliced blocks without authentication under the key of authenticated frames', spliced),
    silence(domain, 'authenticated frames stripped of their authentication', stripped),
    silence(domain, 'authenticated frames with any one bit turned: MDAS, padding and BCC alike', changed),
    ...underItsOwnKey(domain, random, count),
  ];
}

/** Gives each to the lock's machine; anything but silence tells something. */
function silence(domain: Domain, name: string, frames: readonly Uint8Array[]): Trial {
  const reactions = frames.filter((octets) => {
    const { effects, state } = stepLock(domain, octets);
    return effects.some(({ kind }) => kind !== 'wake') || state.peers !== domain.lock().peers;
  });
  return { name: `${name}: the lock reacts`, through: reactions.length > 0, tried: frames.length };
}

function stepLock(domain: Domain, octets: Uint8Array, state = domain.lock(), atMs = domain.nowMs) {
  const now = { unixMs: Date.UTC(2026, 0, 5) + atMs, monotonicMs: atMs };
  return stepDevice({ primitives: domain.primitives, now }, state, { kind: 'frame', octets });
}

/** A key for confidentiality only: one failure a second, all alike, and what fits by chance is nobody's word. */
function underItsOwnKey(domain: Domain, random: Random, count: number): readonly Trial[] {
  const key = new Secret(random.octets(16));
  const own = {
    keyIndex: 9,
    version: 1,
    algorithm: 1,
    key,
    state: 'active',
    use: 'confidential',
    isOfThisRun: true,
  } as const;
  const lock = domain.lock();
  let state: DeviceState = { ...lock, keys: [...lock.keys, own] };
  const [sa, da] = [domain.addressOf('ksn'), domain.addressOf('lock')];
  const answers = new Set<string>();
  let told = 0;
  let moved = 0;
  for (let i = 0; i < count; i++) {
    const body = random.octets(16);
    const snf = draw(random, 2 ** 32);
    const step = stepLock(domain, withoutAuthentication(snf, body, da, sa, 9), state, domain.nowMs + i);
    state = step.state;
    for (const effect of step.effects) {
      if (effect.kind === 'deliver' || effect.kind === 'key') moved++;
      if (effect.kind !== 'transmit') continue;
      const answer = decodeSecureFrame(effect.octets, 6);
      if (answer.failure === undefined) continue;
      told++;
      // What it copies is the asker's own; all else has to be one and the same.
      answers.add(`${answer.failure} ${answer.body.length} ${toHex(answer.body) === toHex(body)}`);
    }
  }
  return [
    {
      name: 'under a key for confidentiality only: errors that differ, or none',
      through: answers.size !== 1,
      tried: count,
    },
    {
      name: 'under a key for confidentiality only: more than one error a second',
      through: told > Math.ceil(count / 1000) + 1,
    },
    { name: 'under a key for confidentiality only: a message is delivered, or a key changed', through: moved > 0 },
  ];
}
