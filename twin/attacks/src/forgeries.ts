import { seededRandom } from '@cardea/kit-node';
import { CHANNEL, FRAME_MESSAGE_SIZE_OCTETS } from '@cardea/wire-lock';
import { type Attack, type AttackResult, resultOf } from './attack.ts';
import { type BenchLock, boundLock } from './bench-lock.ts';
import { LiteralLock } from './literal-lock.ts';

const NOW_S = 1_767_225_600;
const RANDOM_BLOCKS = 20_000;

/** Attack 3: an XOR octet is passed by one random block in about 256; a tag is not, whatever it is put together from. */
export const forgeries: Attack = {
  id: 3,
  title: 'random ciphertext passes the XOR check; structured forgeries from recorded frames',
  weakDouble: 'a lock that takes the literal frame and believes its 8-bit XOR check',
  async run({ weak, seed, effort }) {
    return weak ? randomBlocks(seed, effort) : structured(seed, effort);
  },
};

function randomBlocks(seed: number, effort: number): AttackResult {
  const random = seededRandom(`attack 3 ${seed}`);
  const lock = new LiteralLock(random.octets(16), NOW_S);
  let passed = 0;
  const tried = RANDOM_BLOCKS * effort;
  for (let i = 0; i < tried; i++) if (lock.passesCheck(random.octets(32))) passed++;
  return {
    succeeded: passed > 0,
    tried,
    through: passed,
    detail: [`one random block in ${Math.round(tried / Math.max(1, passed))} passes the check`],
  };
}

function structured(seed: number, effort: number): AttackResult {
  const lock = boundLock(seed);
  const stranger = boundLock(seed + 1, 'C0FFEE000002');
  const recorded = recordedFrames(lock, stranger);
  const asked = lock.opened;
  const random = seededRandom(`attack 3 splices ${seed}`);
  const counts = { fields: 0, cuts: 0, random: 0 };
  const give = (message: Uint8Array) => lock.give(CHANNEL.lock, message);

  // Each field of a frame from another frame: kind(1) counter(4) ciphertext(16) tag(8).
  const bounds = [0, 1, 5, 21, FRAME_MESSAGE_SIZE_OCTETS];
  for (const first of recorded) {
    for (const second of recorded) {
      for (let field = 0; field < 4; field++) {
        const forged = first.slice();
        forged.set(second.subarray(bounds[field], bounds[field + 1]), bounds[field]);
        if (isRecorded(recorded, forged)) continue;
        counts.fields++;
        give(forged);
      }
    }
  }
  // Each prefix of one frame with the rest of another, a fresh counter on it or not.
  for (const first of recorded.slice(0, 12)) {
    for (const second of recorded.slice(0, 12)) {
      for (let cut = 1; cut < FRAME_MESSAGE_SIZE_OCTETS; cut++) {
        const forged = new Uint8Array([...first.subarray(0, cut), ...second.subarray(cut)]);
        if (isRecorded(recorded, forged)) continue;
        counts.cuts++;
        give(forged);
      }
    }
  }
  // Random octets behind a kind and a counter that would be next.
  for (let i = 0; i < 20_000 * effort; i++) {
    const forged = random.octets(FRAME_MESSAGE_SIZE_OCTETS);
    forged.set([0x01, 0, 0, 1, i & 0xff]);
    counts.random++;
    give(forged);
  }
  const opened = lock.opened - asked;
  return resultOf([
    {
      name: 'fields of recorded frames swapped (commands, receipts, events, another lock, an earlier session)',
      through: opened > 0,
      tried: counts.fields,
    },
    { name: 'prefixes of recorded frames spliced', through: opened > 0, tried: counts.cuts },
    { name: 'random frames with the next counter', through: opened > 0, tried: counts.random },
  ]);
}

/** Frames that were on the air: of this session, of an earlier one, of another lock; and two never delivered. */
function recordedFrames(lock: BenchLock, stranger: BenchLock): readonly Uint8Array[] {
  lock.agree('session');
  for (const target of [lock, stranger]) {
    for (const operation of ['unlock', 'lock', 'status', 'unlock'] as const) target.ask(target.operate(operation));
  }
  const withheld = [lock.operate('lock'), stranger.operate('unlock')];
  const frames = [...lock.heard, ...stranger.heard].map((message) => message.octets);
  return [...frames.filter((octets) => octets.length === FRAME_MESSAGE_SIZE_OCTETS), ...withheld];
}

function isRecorded(recorded: readonly Uint8Array[], message: Uint8Array): boolean {
  return recorded.some((each) => each.every((octet, i) => octet === message[i]));
}
