import { octetsOf } from './target.ts';

const WORDS_MAX = 512;

/** The words of a protocol, read off its source: its texts, and its numbers in one, two and four octets either way. */
export function dictionaryOf(sources: readonly string[]): readonly Uint8Array[] {
  const words = new Map<string, Uint8Array>();
  const add = (octets: Uint8Array): void => {
    if (octets.length > 0 && octets.length <= 64 && words.size < WORDS_MAX) words.set(octets.join(), octets);
  };
  for (const source of sources) {
    const code = source.replace(/\/\*[\s\S]*?\*\/|^import [^;]*;|\/\/.*$/gm, '');
    for (const [, text = ''] of code.matchAll(/'((?:[^'\\\n]|\\.)*)'/g)) add(octetsOf(text));
    for (const [, name = ''] of code.matchAll(/^\s*(?:readonly )?([A-Za-z_]{2,32})\??:/gm)) add(octetsOf(name));
    for (const [digits] of code.matchAll(/\b(?:0x[0-9a-f_]+|\d[\d_]*)\b/gi)) {
      const number = Number(digits.replaceAll('_', ''));
      if (!Number.isSafeInteger(number) || number > 0xffff_ffff) continue;
      if (number < 256) add(Uint8Array.of(number));
      else if (number < 65_536) add(Uint8Array.of(number >> 8, number & 255));
      add(octetsOf(String(number)));
      if (number > 255) add(Uint8Array.of(number >>> 24, (number >>> 16) & 255, (number >>> 8) & 255, number & 255));
    }
  }
  return [...words.values()];
}
