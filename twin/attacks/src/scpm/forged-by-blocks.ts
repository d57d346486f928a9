import { nodePrimitives, seededRandom } from '@cardea/kit-node';
import { concat, fromAscii } from '@cardea/kit-octets';
import type { Random } from '@cardea/kit-runtime';
import { decodeSecureFrame, type FrameSuite, openFrame, type ScpmProfile, sealFrame, suiteOf } from '@cardea/wire-scpm';
import type { Trial } from '../attack.ts';

/** Who asks, with a MAC address, and who is asked. */
const SA = Uint8Array.of(0x3c, 0x5a, 0xb4, 0x10, 0x20, 0x30);
const DA = Uint8Array.of(0x3c, 0x5a, 0xb4, 0x40, 0x50, 0x60);
const DIRECTION = { sa: SA, da: DA, response: false, dh: false } as const;
/** Octets of PADATA that a first block takes whole; what is shorter shows BCC and PDG in it. */
const WHOLE = 15;
/** So many chosen frames for one forgery, and it is given up. */
const CHOSEN_MOST = 64;

/** A node that enciphers what it is given to send, as any that carries others' words does. */
class ChosenText {
  asked = 0;
  readonly #suite: FrameSuite;
  #snf: number;

  constructor(suite: FrameSuite, snf: number) {
    this.#suite = suite;
    this.#snf = snf;
  }

  get nextSnf(): number {
    return this.#snf;
  }

  /** What leaves the block cipher, in `standard`, for a block of the attacker's; `undefined` when it fits no text. */
  encryptBlock(block: Uint8Array): Uint8Array | undefined {
    const first = block.map((octet, i) => octet ^ (this.#snf >>> (24 - 8 * (i % 4))));
    const [pbc = 0] = first;
    if (pbc < WHOLE) return undefined;
    const padata = concat(first.subarray(1), new Uint8Array(pbc - WHOLE));
    const head = { ...DIRECTION, keyIndex: 1, services: 'auth+enc', snf: this.#snf++ } as const;
    this.asked++;
    return decodeSecureFrame(sealFrame(this.#suite, head, padata), 6).body.slice(0, 16);
  }
}

/** Authentication-only frames that say what the attacker wants, with an MDAS chained out of enciphered blocks. */
export function forgedByBlocks(profile: ScpmProfile, seed: number, count: number): Trial {
  const random = seededRandom(`attack 9 blocks ${seed}`);
  let through = 0;
  let asked = 0;
  for (let i = 0; i < count; i++) {
    const suite = suiteOf(nodePrimitives, { profile, algorithm: 1, key: random.octets(16) }, DIRECTION);
    const texts = new ChosenText(suite, 1 + new DataView(random.octets(4).buffer).getUint16(0));
    const frame = forge(suite, texts, random);
    asked += texts.asked;
    // The number that its receiver expects by now.
    if (frame && openFrame(suite, decodeSecureFrame(frame, 6), texts.nextSnf).verdict === 'ok') through++;
  }
  const each = (asked / count).toFixed(1);
  return {
    name: `authentication-only frames forged by ${each} chosen enciphered ones each: ${through} of ${count}`,
    through: through > 0,
    tried: count,
  };
}

function forge(suite: FrameSuite, texts: ChosenText, random: Random): Uint8Array | undefined {
  while (texts.asked < CHOSEN_MOST) {
    const filler = random.octets(8 + ((random.octets(1)[0] ?? 0) >> 5));
    const padata = concat(fromAscii('unlock ', 'padata'), filler);
    // How many numbers it takes is known: one a block.
    const snf = texts.nextSnf + Math.ceil((12 + 2 + 2 + 4 + padata.length + 2) / 16);
    const draft = sealFrame(untagged(suite), { ...DIRECTION, keyIndex: 1, services: 'auth', snf }, padata);
    const covered = draft.subarray(1, -16);
    const tag = chained(texts, covered);
    if (tag !== undefined && texts.nextSnf === snf) return concat(draft.subarray(0, -16), tag);
  }
  return undefined;
}

/** A frame as its writer lays it out, without the key: the MDAS is nothing yet. */
function untagged(suite: FrameSuite): FrameSuite {
  return { ...suite, tag: () => new Uint8Array(16) };
}

/** CBC-MAC over what is covered, each step by a chosen frame. */
function chained(texts: ChosenText, covered: Uint8Array): Uint8Array | undefined {
  let state: Uint8Array = new Uint8Array(16);
  for (let at = 0; at < covered.length; at += 16) {
    const block = state.map((octet, i) => octet ^ (covered[at + i] ?? 0));
    const next = texts.encryptBlock(block);
    if (next === undefined) return undefined;
    state = next;
  }
  return state;
}
