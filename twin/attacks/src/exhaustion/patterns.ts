import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openApi } from '@cardea/wire-api';
import type { Trial } from '../attack.ts';

/** A regular expression with where it stands. */
export interface Pattern {
  readonly where: string;
  readonly pattern: RegExp;
}

/** Longest text that a body brings to a pattern: what one of them costs, an attacker can ask for in every request. */
const LONGEST = 65_536;
/** More of the processor than this for one text is too much: a pattern that is linear takes a hundredth of it. */
const MOST_MS = 25;
/** Short ones first and in small steps, so that an exponential one is seen while it still ends. */
const LENGTHS = [12, 15, 18, 21, 24, 27, 30, 64, 256, 1024, 4096, 16_384, LONGEST];
/** What is repeated, besides the characters that the pattern itself names. */
const PUMPS = [
  'a',
  'A',
  '0',
  ' ',
  '\t',
  '\n',
  '-',
  '_',
  '.',
  '/',
  '@',
  ':',
  '=',
  '+',
  '"',
  '<',
  ',',
  'é',
  '\u0000',
  'a ',
  'a.',
  'a-',
  '0.',
];
const SUFFIXES = ['', '!', '\u0000', '\n'];
const PACKAGES = ['kit', 'wire', 'server', 'gateway', 'client'];

/** Every pattern of the API's schemas, and every one in the sources of what reads octets from outside. */
export function productPatterns(): readonly Pattern[] {
  const root = fileURLToPath(new URL('../../../../', import.meta.url));
  const files = PACKAGES.flatMap((folder) => sourcesIn(join(root, folder)));
  return [
    ...schemaPatterns(openApi('0'), 'OpenAPI'),
    ...files.flatMap((file) =>
      literalsOf(readFileSync(file, 'utf8')).map((pattern) => ({ where: file.slice(root.length), pattern })),
    ),
  ];
}

/** Patterns of a careless program, each a known shape of super-linear search. */
export const carelessPatterns: readonly Pattern[] = [
  { where: 'nested repetition', pattern: /^(a+)+$/ },
  { where: 'overlapping alternatives', pattern: /^(a|a)*$/ },
  { where: 'repetition next to repetition', pattern: /^\s*\s*\s*;$/ },
  { where: 'a search that begins anew everywhere', pattern: /\s+$/ },
  { where: 'an address as found in the field', pattern: /^([a-zA-Z0-9_.-]+)+@([a-zA-Z0-9-]+\.)+[a-z]+$/ },
];

/** Runs hostile texts of growing length through each pattern. */
export function tryPatterns(patterns: readonly Pattern[]): readonly Trial[] {
  let tried = 0;
  const slow: Trial[] = [];
  let worstMs = 0;
  for (const { where, pattern } of patterns) {
    const found = slowest(pattern);
    tried += found.tried;
    worstMs = Math.max(worstMs, found.worstMs);
    if (found.text !== undefined)
      slow.push({ name: `${where}: ${pattern} takes long for ${found.text}`, through: true });
  }
  const name = `${patterns.length} regular expressions, ${tried} hostile texts of up to ${LONGEST} characters: ${worstMs.toFixed(1)} ms at most`;
  return [{ name, through: slow.length > 0, tried }, ...slow];
}

function slowest(pattern: RegExp): { tried: number; worstMs: number; text: string | undefined } {
  const own = [...new Set(pattern.source.replace(/\\[a-zA-Z]|[\\^$()[\]{}|?*+]/g, ''))];
  const begin = /^\^?((?:[A-Za-z0-9 _:-](?![*+?{]))+)/.exec(pattern.source)?.[1] ?? '';
  let tried = 0;
  let worstMs = 0;
  for (const pump of new Set([...PUMPS, ...own])) {
    for (const prefix of new Set(['', begin])) {
      for (const suffix of SUFFIXES) {
        for (const length of LENGTHS) {
          const text = prefix + pump.repeat(Math.ceil(length / pump.length)) + suffix;
          tried++;
          const ms = least(() => new RegExp(pattern).test(text));
          worstMs = Math.max(worstMs, ms);
          if (ms > MOST_MS) {
            return {
              tried,
              worstMs,
              text: `${JSON.stringify(prefix + pump)} ${length} times and ${JSON.stringify(suffix)}: ${ms.toFixed(0)} ms`,
            };
          }
        }
      }
    }
  }
  return { tried, worstMs, text: undefined };
}

/** The least processor time of up to three runs: a collection of garbage falls into one of them, not into all. */
function least(run: () => void): number {
  let ms = Number.POSITIVE_INFINITY;
  for (let times = 0; times < 3 && ms > MOST_MS; times++) {
    const before = process.threadCpuUsage();
    run();
    const { user, system } = process.threadCpuUsage(before);
    ms = Math.min(ms, (user + system) / 1000);
  }
  return ms;
}

function schemaPatterns(value: unknown, where: string): readonly Pattern[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    name === 'pattern' && typeof inner === 'string'
      ? [{ where, pattern: new RegExp(inner, 'u') }]
      : schemaPatterns(inner, `${where}.${name}`),
  );
}

function sourcesIn(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'node_modules' || entry.name === 'test' ? [] : sourcesIn(path);
    return entry.name.endsWith('.ts') && !entry.name.endsWith('.test.ts') ? [path] : [];
  });
}

/** The regular expressions that a source holds as literals; comments, texts and divisions are passed over. */
export function literalsOf(source: string): readonly RegExp[] {
  const token =
    /\/\/[^\n]*|\/\*[^*]*\*+(?:[^/*][^*]*\*+)*\/|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|(?<=[(,=:[!&|?{};>\n]\s*|return\s+)\/((?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+)\/([dgimsuvy]*)/g;
  return [...source.matchAll(token)].flatMap(([, pattern, flags]) =>
    pattern === undefined ? [] : [new RegExp(pattern, flags?.replace(/[gy]/g, ''))],
  );
}
