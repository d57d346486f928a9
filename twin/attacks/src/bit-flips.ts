import { nodePrimitives, seededRandom } from '@cardea/kit-node';
import {
  CHANNEL,
  encodeFrameMessage,
  FRAME_MESSAGE_SIZE_OCTETS,
  frameKeys,
  openFrame,
  SEALED_FRAME_SIZE_OCTETS,
} from '@cardea/wire-lock';
import { type Attack, type AttackResult, resultOf } from './attack.ts';
import { boundLock } from './bench-lock.ts';
import { LiteralLock } from './literal-lock.ts';

const RANDOM_FRAMES = 1_000_000;
const NOW_S = 1_767_225_600;

/**
 * Attack 2: in the literal frame the IV travels in the clear, so flipping its bits flips the same bits of the command.
 * LOCK (2) becomes UNLOCK (1) by flipping 3 in octet 2 and, to keep the XOR check, 3 in octet 11; octets 12 to 15 choose
 * the time.
 */
export const bitFlips: Attack = {
  id: 2,
  title: "flipping IV bits of the legacy profile's literal frame turns LOCK into UNLOCK without the key",
  weakDouble: 'a lock that takes the literal frame, IV(16) | block',
  async run({ weak, seed, effort }) {
    return weak ? flipLiteralFrame(seed) : flipHardenedFrame(seed, effort);
  },
};

function flipLiteralFrame(seed: number): AttackResult {
  const random = seededRandom(`attack 2 ${seed}`);
  const key = random.octets(16);
  const recorded = new LiteralLock(key, NOW_S).ask('lock', random.octets(16));
  const laterS = NOW_S + 86_400;
  const flipped = recorded.slice();
  flip(flipped, 2, 3);
  flip(flipped, 11, 3);
  const difference = (NOW_S ^ laterS) >>> 0;
  for (let i = 0; i < 4; i++) flip(flipped, 12 + i, (difference >>> (24 - 8 * i)) & 0xff);
  const today = new LiteralLock(key, laterS);
  return resultOf([
    { name: 'the recorded LOCK, a day later', through: today.act(recorded) !== 'refused' },
    { name: 'the same with 2 + n octets of its IV flipped: UNLOCK, now', through: today.act(flipped) === 'unlock' },
  ]);
}

function flipHardenedFrame(seed: number, effort: number): AttackResult {
  const lock = boundLock(seed);
  const before = lock.opened;
  let tried = 0;
  const attempt = (message: Uint8Array) => {
    tried++;
    lock.give(CHANNEL.lock, message);
  };
  const recorded = lock.operate('lock');
  for (let bit = 8; bit < 8 * FRAME_MESSAGE_SIZE_OCTETS; bit++) attempt(flippedBits(recorded, bit));
  for (let one = 8; one < 8 * FRAME_MESSAGE_SIZE_OCTETS; one++) {
    for (let other = one + 1; other < 8 * FRAME_MESSAGE_SIZE_OCTETS; other++)
      attempt(flippedBits(recorded, one, other));
  }
  const afterFlips = lock.opened - before;
  const flips = tried;

  // The lock itself for a sample, the check that it makes first for the rest.
  const random = seededRandom(`attack 2 random ${seed}`);
  for (let i = 0; i < 20_000; i++)
    attempt(encodeFrameMessage('command', withCounter(random.octets(SEALED_FRAME_SIZE_OCTETS), 100 + i)));
  const keys = frameKeys(nodePrimitives, 'command', {
    enc: random.octets(16),
    mac: random.octets(16),
    iv: random.octets(16),
  });
  let verified = 0;
  const frames = RANDOM_FRAMES * effort;
  for (let i = 0; i < frames; i += 1000) {
    const noise = random.octets(1000 * SEALED_FRAME_SIZE_OCTETS);
    for (let at = 0; at < noise.length; at += SEALED_FRAME_SIZE_OCTETS) {
      if (openFrame(keys, noise.subarray(at, at + SEALED_FRAME_SIZE_OCTETS)) !== undefined) verified++;
    }
  }
  const stillObeys = lock.ask(lock.operate('unlock'))?.kind === 'receipt' && lock.opened === before + 1;
  return resultOf([
    { name: 'every single and double bit flip of a recorded LOCK, at the lock', through: afterFlips > 0, tried: flips },
    { name: 'random frames, at the lock', through: lock.opened > before + 1, tried: 20_000 },
    { name: 'random frames, at the tag', through: verified > 0, tried: frames },
    { name: 'its owner is locked out by the noise', through: !stillObeys },
  ]);
}

function flippedBits(message: Uint8Array, ...bits: readonly number[]): Uint8Array {
  const copy = message.slice();
  for (const bit of bits) flip(copy, bit >> 3, 1 << (bit & 7));
  return copy;
}

function flip(octets: Uint8Array, at: number, mask: number): void {
  octets[at] = (octets[at] ?? 0) ^ mask;
}

function withCounter(frame: Uint8Array, counter: number): Uint8Array {
  new DataView(frame.buffer, frame.byteOffset).setUint32(0, counter);
  return frame;
}
