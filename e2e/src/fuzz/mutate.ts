import type { Prng } from './prng.ts';

/** What mutations draw from. */
export interface Material {
  /** Inputs that each reached something of their own. */
  readonly corpus: readonly Uint8Array[];
  /** Words of the protocol: texts and numbers of its source. */
  readonly dictionary: readonly Uint8Array[];
  readonly maxOctets: number;
}

const INTERESTING = [0, 1, 2, 4, 8, 16, 31, 32, 63, 64, 100, 127, 128, 192, 224, 240, 254, 255];
const NUMBERS = ['0', '1', '-1', '255', '65536', '4294967295', '4294967296', '9007199254740993', '1e309', '0.5', '-0'];
/** Where text falls into tokens: XML, JSON, lists and lines. */
const TOKEN = /([<>{}[\]",:;=&'/\s\\]+)/;

type Mutation = (input: Uint8Array, random: Prng, material: Material) => Uint8Array;

/** An input made of one of the corpus by one to eight mutations, or by one that knows the shape of text. */
export function mutate(random: Prng, material: Material): Uint8Array {
  let input = random.pick(material.corpus);
  for (let left = 1 << random.below(4); left > 0; left--) input = random.pick(MUTATIONS)(input, random, material);
  return input.length > material.maxOctets ? input.slice(0, material.maxOctets) : input;
}

const flipBit: Mutation = (input, random) =>
  changed(input, random, (octets, at) => {
    octets[at] = (octets[at] ?? 0) ^ (1 << random.below(8));
  });

const setOctet: Mutation = (input, random) =>
  changed(input, random, (octets, at) => {
    octets[at] = random.chance(2) ? random.pick(INTERESTING) : random.below(256);
  });

const addToOctet: Mutation = (input, random) =>
  changed(input, random, (octets, at) => {
    octets[at] = (octets[at] ?? 0) + random.below(17) - 8;
  });

const setWord: Mutation = (input, random) =>
  changed(input, random, (octets, at) => {
    const value = random.chance(2) ? 0xffff_ffff : random.pick(INTERESTING);
    for (let i = 0; i < 1 << random.below(3); i++) octets[at + i] = value >>> (8 * i);
  });

const insert: Mutation = (input, random) => {
  const added = new Uint8Array(1 + random.below(8)).map(() => random.below(256));
  return splice(input, random.below(input.length + 1), 0, added);
};

const remove: Mutation = (input, random) => {
  const at = random.below(input.length);
  return splice(input, at, 1 + random.below(Math.min(32, input.length - at)));
};

const truncate: Mutation = (input, random) => input.slice(0, random.below(input.length + 1));

const duplicate: Mutation = (input, random) => {
  const at = random.below(input.length);
  const part = input.slice(at, at + 1 + random.below(32));
  return splice(input, random.below(input.length + 1), 0, part);
};

/** One part many times over: depth, long lists, long words. */
const repeat: Mutation = (input, random, { maxOctets }) => {
  const at = random.below(input.length);
  const part = input.slice(at, at + 1 + random.below(16));
  if (part.length === 0) return input;
  const times = Math.min(2 ** random.below(11), Math.floor(maxOctets / part.length));
  const all = new Uint8Array(part.length * times);
  for (let i = 0; i < times; i++) all.set(part, i * part.length);
  return splice(input, at, 0, all);
};

const word: Mutation = (input, random, { dictionary }) => {
  if (dictionary.length === 0) return input;
  const at = random.below(input.length + 1);
  const one = random.pick(dictionary);
  return splice(input, at, random.chance(2) ? one.length : 0, one);
};

const crossOver: Mutation = (input, random, { corpus }) => {
  const other = random.pick(corpus);
  const from = random.below(other.length + 1);
  // At the same place of both: fields of a fixed layout stay where they are.
  const at = random.chance(2) ? Math.min(from, input.length) : random.below(input.length + 1);
  return splice(input, at, random.chance(2) ? input.length : 0, other.slice(from));
};

/** Adds or takes away octets inside an element and corrects an octet before it that may be its length. */
const resize: Mutation = (input, random) => {
  if (input.length < 3) return input;
  const lengthAt = random.below(input.length - 1);
  const at = lengthAt + 1 + random.below(Math.min(16, input.length - lengthAt - 1));
  const by = 1 + random.below(4);
  const grown = random.chance(2)
    ? splice(input, at, 0, new Uint8Array(by).fill(random.below(256)))
    : splice(input, at, Math.min(by, input.length - at));
  grown[lengthAt] = (grown[lengthAt] ?? 0) + grown.length - input.length;
  return grown;
};

const decimal: Mutation = (input, random) =>
  onText(input, (text) => {
    const runs = [...text.matchAll(/-?\d+/g)];
    if (runs.length === 0) return text;
    const run = random.pick(runs);
    const number = random.chance(3) ? String(Number(run[0]) + (random.chance(2) ? 1 : -1)) : random.pick(NUMBERS);
    return text.slice(0, run.index) + number + text.slice(run.index + run[0].length);
  });

/** Tokens taken out, doubled, exchanged, or put round others. */
const tokens: Mutation = (input, random, { corpus, dictionary }) =>
  onText(input, (text) => {
    const parts = text.split(TOKEN);
    const at = random.below(parts.length);
    const to = Math.min(parts.length, at + 1 + random.below(6));
    const part = parts.slice(at, to);
    switch (random.below(6)) {
      case 0:
        parts.splice(at, to - at);
        break;
      case 1:
        parts.splice(random.below(parts.length + 1), 0, ...part);
        break;
      case 2:
        parts.splice(at, to - at, ...part.reverse());
        break;
      case 3: {
        const others = latin(random.pick(corpus)).split(TOKEN);
        const from = random.below(others.length);
        parts.splice(at, random.below(3), ...others.slice(from, from + 1 + random.below(6)));
        break;
      }
      case 4:
        if (dictionary.length > 0) parts.splice(at, 1, latin(random.pick(dictionary)));
        break;
      default:
        parts.splice(at, 0, ...Array<string>(1 + random.below(3)).fill(part.join('')));
    }
    return parts.join('');
  });

const MUTATIONS: readonly Mutation[] = [
  flipBit,
  setOctet,
  addToOctet,
  setWord,
  insert,
  remove,
  truncate,
  duplicate,
  repeat,
  word,
  word,
  crossOver,
  resize,
  decimal,
  tokens,
  tokens,
  tokens,
];

function changed(input: Uint8Array, random: Prng, change: (octets: Uint8Array, at: number) => void): Uint8Array {
  if (input.length === 0) return Uint8Array.of(random.below(256));
  const octets = input.slice();
  change(octets, random.below(octets.length));
  return octets;
}

function splice(input: Uint8Array, at: number, removed: number, added: Uint8Array = new Uint8Array(0)): Uint8Array {
  const tail = input.subarray(Math.min(input.length, at + removed));
  const octets = new Uint8Array(Math.min(at, input.length) + added.length + tail.length);
  octets.set(input.subarray(0, at));
  octets.set(added, Math.min(at, input.length));
  octets.set(tail, Math.min(at, input.length) + added.length);
  return octets;
}

/** One character an octet, so that nothing is lost of what is no text. */
function latin(octets: Uint8Array): string {
  return Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength).toString('latin1');
}

function onText(input: Uint8Array, change: (text: string) => string): Uint8Array {
  return new Uint8Array(Buffer.from(change(latin(input)), 'latin1'));
}
