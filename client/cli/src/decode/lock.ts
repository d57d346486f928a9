import { nodePrimitives } from '@cardea/kit-node';
import { toHex } from '@cardea/kit-octets';
import {
  CHAIN_PART_ID,
  decodeAnswer,
  decodeChainPart,
  decodeEvent,
  decodeFrameMessage,
  decodeM1Head,
  decodeRefusal,
  decodeRequest,
  decodeUnbound,
  EVENT_ID,
  FRAME_SIZE_OCTETS,
  frameCounter,
  frameKeys,
  type KeyKind,
  LockError,
  MESSAGE,
  messageKind,
  openBeacon,
  openFrame,
  recogniseBound,
  SEALED_FRAME_SIZE_OCTETS,
} from '@cardea/wire-lock';
import { type DecodedField, describe, type Meanings } from './describe.ts';
import type { DecodeKeys } from './keys.ts';

/** What the fields mean; docs/lock.md says more. */
const MEANINGS: Meanings = {
  message: 'kind of the message (first octet)',
  counter: 'never used twice under the same keys; the receipt carries that of its command',
  ciphertext: 'one block of AES-128-CBC under the key of its kind',
  tag: 'first 8 octets of AES-CMAC over version, direction, kind, counter and ciphertext',
  sealed: 'opened only with --keys',
  classOctet: 'who may send it: 1 operate, 2 manage, 3 own',
  name: 'the instruction',
  timeToLiveS: 'seconds after the stamp in which the lock may act',
  stampS: "the lock's time, Unix seconds, when the server sealed it",
  nonce: 'issued by the lock, used once',
  result: 'how the command ended',
  batteryPercent: 'percent',
  eventSequence: "newest event in the lock's ring",
  lockTimeS: "the lock's clock, Unix seconds; 0 when unset",
  sequence: "the lock's own number of this event, without gaps",
  keyVersion: 'counts the binding runs of this lock',
  resetCount: 'counts the resets of this lock; it never goes down',
  suite: 'hardened or legacy',
  run: 'bind: a new key; session: keys for commands',
  pskKind: 'key that the agreement starts from',
  lockId: "the lock's MAC address",
  windowOpen: 'whether the lock may be bound now',
  r: 'random, new every 15 minutes',
  authentic: 'whether the tag fits the keys given',
};

const KINDS = new Map<number, string>(Object.entries(MESSAGE).map(([name, octet]) => [octet, name]));

/** A message, a sealed or plain frame, told apart by kind octet and length. @throws LockError */
export function decodeLock(octets: Uint8Array, keys: DecodeKeys | undefined): DecodedField[] {
  if (octets.length === FRAME_SIZE_OCTETS) return describe({ frame: plainFrame(octets) }, MEANINGS);
  if (octets.length === SEALED_FRAME_SIZE_OCTETS) return describe(sealedFrame(octets, undefined, keys), MEANINGS);
  const kind = messageKind(octets);
  const message = KINDS.get(kind) ?? kind;
  switch (kind) {
    case MESSAGE.command:
      return describe({ message, ...sealedFrame(decodeFrameMessage('command', octets), 'command', keys) }, MEANINGS);
    case MESSAGE.receipt:
      return describe({ message, ...sealedFrame(decodeFrameMessage('receipt', octets), 'receipt', keys) }, MEANINGS);
    case MESSAGE.event:
      return describe({ message, ...sealedFrame(decodeFrameMessage('event', octets), 'event', keys) }, MEANINGS);
    case MESSAGE.refusal:
      return describe({ message, ...decodeRefusal(octets) }, MEANINGS);
    case MESSAGE.m1:
      return describe({ message, ...decodeM1Head(octets), sealed: octets.subarray(13) }, MEANINGS);
    case MESSAGE.m2:
    case MESSAGE.confirmS:
      return describe({ message, sealed: octets.subarray(1) }, MEANINGS);
  }
}

/** Manufacturer data of an advertisement; a bound one is opened with the keys `advertisement` and `beacon`. @throws LockError */
export function decodeLockAdvertisement(octets: Uint8Array, keys: DecodeKeys | undefined): DecodedField[] {
  const unbound = decodeUnbound(octets);
  if (unbound !== undefined) return describe({ form: 'unbound', ...unbound }, MEANINGS);
  if (octets[0] !== 0x01 || octets.length !== 23)
    throw new LockError('length', 'neither 10 octets (unbound) nor 23 (bound)');
  const parts = {
    form: 'bound',
    r: octets.slice(1, 7),
    hash: octets.slice(7, 13),
    sequence: octets.slice(13, 17),
    sealed: octets.slice(17),
  };
  const advertisement = keys?.key('advertisement', 16);
  const beacon = keys?.key('beacon', 16);
  if (advertisement === undefined || beacon === undefined) return describe(parts, MEANINGS);
  const state = recogniseBound(nodePrimitives, advertisement, octets);
  const opened = state === undefined ? undefined : openBeacon(nodePrimitives, beacon, state);
  return describe({ ...parts, authentic: opened !== undefined, opened }, MEANINGS);
}

function plainFrame(octets: Uint8Array): object {
  if (octets[0] === EVENT_ID) return { event: decodeEvent(octets) };
  if (octets[0] === CHAIN_PART_ID) return { chainPart: decodeChainPart(octets) };
  if (((octets[0] ?? 0) & 0x80) !== 0) return { answer: decodeAnswer(octets) };
  const decoded = decodeRequest(octets);
  return decoded.kind === 'request'
    ? { request: { id: decoded.id, classOctet: decoded.request.classOctet, ...decoded.request.body } }
    : { unsupported: { id: decoded.id } };
}

function sealedFrame(frame: Uint8Array, kind: KeyKind | undefined, keys: DecodeKeys | undefined): object {
  const parts = { counter: frameCounter(frame), ciphertext: frame.slice(4, 20), tag: frame.slice(20) };
  const kinds: readonly KeyKind[] = kind === undefined ? ['command', 'receipt', 'event'] : [kind];
  let tried = false;
  for (const each of kinds) {
    const [enc, mac, iv] = ['enc', 'mac', 'iv'].map((part) => keys?.key(`${each}.${part}`, 16));
    if (enc === undefined || mac === undefined || iv === undefined) continue;
    tried = true;
    const plaintext = openFrame(frameKeys(nodePrimitives, each, { enc, mac, iv }), frame);
    if (plaintext !== undefined)
      return { ...parts, authentic: true, plaintext: toHex(plaintext), ...plainFrame(plaintext) };
  }
  return tried ? { ...parts, authentic: false } : parts;
}
