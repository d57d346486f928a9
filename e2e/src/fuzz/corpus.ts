import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Octets as a line of the corpus: `t:` and the text where they are printable, else `x:` and hex. */
export function encodeInput(octets: Uint8Array): string {
  const text = Buffer.from(octets).toString('utf8');
  const printable = /^[\x20-\x7e\n]*$/.test(text);
  return printable ? `t:${text}` : `x:${Buffer.from(octets).toString('hex')}`;
}

/** The inverse of {@link encodeInput}. @throws RangeError for a line of another kind */
export function decodeInput(line: string): Uint8Array {
  const content = line.slice(2);
  if (line.startsWith('t:')) return new Uint8Array(Buffer.from(content, 'utf8'));
  if (line.startsWith('x:') && /^(?:[0-9a-f]{2})*$/.test(content)) return new Uint8Array(Buffer.from(content, 'hex'));
  throw new RangeError('a line of a corpus begins with t: or x:');
}

/** What is kept for one target. */
export interface Corpus {
  /** The fewest inputs that reach what was ever reached. */
  readonly kept: readonly Uint8Array[];
  /** Inputs that once broke something: they stay, whatever they reach. */
  readonly found: readonly Uint8Array[];
}

/** The corpus in `file`: empty when that does not exist. @throws RangeError */
export function readCorpus(file: string): Corpus {
  if (!existsSync(file)) return { kept: [], found: [] };
  const { kept, found }: { kept?: unknown; found?: unknown } = JSON.parse(readFileSync(file, 'utf8'));
  return { kept: inputsOf(kept), found: inputsOf(found) };
}

/** Writes a corpus, an input a line, the shortest first. */
export function writeCorpus(file: string, { kept, found }: Corpus): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify({ kept: linesOf(kept), found: linesOf(found) }, null, 2)}\n`);
}

function linesOf(inputs: readonly Uint8Array[]): readonly string[] {
  const sorted = [...inputs].sort((a, b) => a.length - b.length || Buffer.compare(a, b));
  return [...new Set(sorted.map(encodeInput))];
}

function inputsOf(lines: unknown): readonly Uint8Array[] {
  if (!Array.isArray(lines)) throw new RangeError('a corpus is {kept, found}, each a list of lines');
  return lines.map((line) => decodeInput(String(line)));
}
