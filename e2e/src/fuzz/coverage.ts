import { readFileSync } from 'node:fs';
import { Session } from 'node:inspector';
import { fileURLToPath } from 'node:url';

/*
 * V8's own block coverage as feedback. V8 reports, for each function that ran since the last report, ranges of its
 * source with how often they ran; a range inside another one is told only where its count differs. So blocks are not
 * taken from one report: each report is painted on the source, character by character, and a block is what no border
 * of any report has ever divided.
 */

interface Range {
  readonly startOffset: number;
  readonly endOffset: number;
  readonly count: number;
}

interface ScriptReport {
  readonly url: string;
  readonly functions: readonly { readonly ranges: readonly Range[] }[];
}

/** One source file: which function each character belongs to, which borders were seen, what ran. */
interface Source {
  readonly text: string;
  readonly owner: Int32Array;
  readonly border: Uint8Array;
  readonly ran: Uint8Array;
  /** Known functions by `start:end`, to their number. */
  readonly functions: Map<string, number>;
}

/** What one report said. */
export interface Taken {
  /** Places that ran for the first time: `file index * 2^24 + offset`, one for each newly painted stretch. */
  readonly fresh: readonly number[];
  /** How often blocks ran, all together: a measure of work that knows no clock. */
  readonly steps: number;
}

export interface Blocks {
  readonly covered: number;
  readonly total: number;
}

const FILE = 2 ** 24;

/** Block coverage of source files under `root`, of what is imported from now on. */
export class Coverage {
  readonly #session = new Session();
  readonly #root: string;
  #prefixes: readonly string[] = [];
  readonly #sources: Source[] = [];
  readonly #byUrl = new Map<string, number | undefined>();

  constructor(root: string) {
    this.#root = root;
    this.#session.connect();
    this.#post('Profiler.enable');
    this.#post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  /** Says which files count, by prefixes of their paths from the root. Before the first reading. */
  watch(prefixes: readonly string[]): void {
    this.#prefixes = prefixes;
  }

  /** The source texts of the files seen so far. */
  get texts(): readonly string[] {
    return this.#sources.map(({ text }) => text);
  }

  /** Reads and resets V8's counts; `hit` is told each place that ran at all. */
  take(hit?: (place: number) => void): Taken {
    const fresh: number[] = [];
    let steps = 0;
    for (const { url, functions } of this.#post<{ result: ScriptReport[] }>('Profiler.takePreciseCoverage').result) {
      const index = this.#indexOf(url);
      const source = index === undefined ? undefined : this.#sources[index];
      if (index === undefined || source === undefined) continue;
      learnFunctions(source, functions);
      for (const { ranges } of functions) {
        steps += paint(source, ranges, (offset, isFresh) => {
          const place = index * FILE + offset;
          if (isFresh) fresh.push(place);
          hit?.(place);
        });
      }
    }
    return { fresh, steps };
  }

  /** Forgets what ran, but not what blocks there are. */
  forget(): void {
    for (const { ran } of this.#sources) ran.fill(0);
  }

  /** Blocks with anything in them but brackets and space. */
  blocks(): Blocks {
    let covered = 0;
    let total = 0;
    for (const source of this.#sources) {
      for (const block of blocksOf(source)) {
        total++;
        if (source.ran[block.from] === 1) covered++;
      }
    }
    return { covered, total };
  }

  /** `file:line` of each block that never ran. */
  missing(): readonly string[] {
    const places: string[] = [];
    for (const [url, index] of this.#byUrl) {
      const source = index === undefined ? undefined : this.#sources[index];
      if (source === undefined) continue;
      for (const { from, to } of blocksOf(source)) {
        if (source.ran[from] === 1) continue;
        const line = source.text.slice(0, from).split('\n').length;
        const text = source.text.slice(from, to).trim().replace(/\s+/g, ' ').slice(0, 60);
        places.push(`${fileURLToPath(url).slice(this.#root.length + 1)}:${line} ${text}`);
      }
    }
    return places;
  }

  stop(): void {
    this.#session.disconnect();
  }

  #indexOf(url: string): number | undefined {
    if (this.#byUrl.has(url)) return this.#byUrl.get(url);
    const index = this.#wanted(url) ? this.#sources.push(newSource(fileURLToPath(url))) - 1 : undefined;
    this.#byUrl.set(url, index);
    return index;
  }

  #wanted(url: string): boolean {
    if (!url.startsWith('file://')) return false;
    const path = fileURLToPath(url);
    return (
      path.startsWith(`${this.#root}/`) &&
      this.#prefixes.some((prefix) => path.slice(this.#root.length + 1).startsWith(prefix))
    );
  }

  /** The inspector answers in the same turn when it is in the same process. */
  #post<T>(method: string, parameters: object = {}): T {
    let answer: T | undefined;
    this.#session.post(method, parameters, (error: Error | null, result?: object) => {
      if (error !== null) throw new Error(`${method} failed`, { cause: error });
      answer = result as T;
    });
    if (answer === undefined) throw new Error(`${method} gave no answer`);
    return answer;
  }
}

function newSource(path: string): Source {
  const text = readFileSync(path, 'utf8');
  return {
    text,
    owner: new Int32Array(text.length).fill(-1),
    border: new Uint8Array(text.length + 1),
    ran: new Uint8Array(text.length),
    functions: new Map(),
  };
}

/** The innermost known function owns a character: what an outer one runs does not cover a closure that it made. */
function learnFunctions(source: Source, functions: ScriptReport['functions']): void {
  const known = source.functions.size;
  for (const { ranges } of functions) {
    const [whole] = ranges;
    if (whole === undefined) continue;
    const key = `${whole.startOffset}:${whole.endOffset}`;
    if (!source.functions.has(key)) source.functions.set(key, source.functions.size);
  }
  if (source.functions.size === known) return;
  const widestFirst = [...source.functions].map(([key, number]) => {
    const [from = 0, to = 0] = key.split(':').map(Number);
    return { from, to, number };
  });
  widestFirst.sort((a, b) => b.to - b.from - (a.to - a.from));
  for (const { from, to, number } of widestFirst) {
    source.owner.fill(number, from, to);
    source.border[from] = 1;
    source.border[to] = 1;
  }
}

/** Paints one function's ranges, outer before inner, and returns how often its blocks ran. */
function paint(source: Source, ranges: readonly Range[], hit: (offset: number, fresh: boolean) => void): number {
  const [whole] = ranges;
  if (whole === undefined) return 0;
  const number = source.functions.get(`${whole.startOffset}:${whole.endOffset}`);
  let steps = 0;
  const { startOffset: start, endOffset: end } = whole;
  const runs = new Uint8Array(end - start);
  for (const { startOffset, endOffset, count } of ranges) {
    steps += count;
    source.border[startOffset] = 1;
    source.border[endOffset] = 1;
    runs.fill(count > 0 ? 1 : 0, startOffset - start, endOffset - start);
  }
  // One place a stretch: where it begins, or where a border of an earlier report divides it.
  let told = false;
  let toldFresh = false;
  for (let offset = start; offset < end; offset++) {
    const own = runs[offset - start] === 1 && source.owner[offset] === number;
    if (!own || source.border[offset] === 1) {
      told = false;
      toldFresh = false;
    }
    if (!own) continue;
    const fresh = source.ran[offset] === 0;
    if (fresh) source.ran[offset] = 1;
    if (!told || (fresh && !toldFresh)) {
      hit(offset, fresh);
      told = true;
      toldFresh ||= fresh;
    }
  }
  return steps;
}

function* blocksOf(source: Source): Generator<{ readonly from: number; readonly to: number }> {
  let from = 0;
  for (let offset = 1; offset <= source.text.length; offset++) {
    const divided =
      offset === source.text.length ||
      source.border[offset] === 1 ||
      source.owner[offset] !== source.owner[offset - 1] ||
      source.ran[offset] !== source.ran[offset - 1];
    if (!divided) continue;
    if (source.owner[from] !== -1 && /[^\s{}();,]/.test(source.text.slice(from, offset))) yield { from, to: offset };
    from = offset;
  }
}
