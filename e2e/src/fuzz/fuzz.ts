import { createContext, Script } from 'node:vm';
import type { Blocks, Coverage } from './coverage.ts';
import { dictionaryOf } from './dictionary.ts';
import { mutate } from './mutate.ts';
import { createPrng } from './prng.ts';
import { Finding, type Target } from './target.ts';

/** What the fuzzer needs of {@link Coverage}. */
export type Feedback = Pick<Coverage, 'texts' | 'take' | 'forget' | 'blocks' | 'missing'>;

export interface FuzzOptions {
  readonly seed: number;
  /** Executions without a new block before a target may count as exhausted. */
  readonly quietAtLeast: number;
  /** Ends earlier, exhausted or not. */
  readonly secondsMax: number;
  /** Inputs kept by earlier runs. */
  readonly kept: readonly Uint8Array[];
}

/** An input that broke something, and how. */
export interface Broken {
  readonly input: Uint8Array;
  readonly what: string;
}

export interface FuzzReport {
  readonly executions: number;
  readonly blocks: Blocks;
  /** Executions before the last new block was seen, and since. */
  readonly lastNewAt: number;
  readonly quiet: number;
  /** Whether coverage stopped growing, by {@link isPlateau}. */
  readonly plateau: boolean;
  readonly seconds: number;
  /** The smallest inputs that together reach every block reached. */
  readonly corpus: readonly Uint8Array[];
  readonly broken: readonly Broken[];
  readonly missing: readonly string[];
}

const BATCH_MIN = 32;
const BATCH_MAX = 1024;
/** Findings of one kind kept: the first is the one to repair. */
const BROKEN_MAX = 10;
/** Block executions that one input may cost: a constant, and some for each octet. More is a hang in the making. */
const STEPS_BASE = 200_000;
const STEPS_PER_OCTET = 4_000;
/** A batch that is still running after this holds an input that does not end. */
const BATCH_TIMEOUT_MS = 30_000;

/**
 * Coverage has stopped growing when nothing new was seen for at least `quietAtLeast` executions, and for at least twice
 * as many as it took to see the last new block.
 */
export function isPlateau(executions: number, lastNewAt: number, quietAtLeast: number): boolean {
  return executions - lastNewAt >= Math.max(quietAtLeast, 2 * lastNewAt);
}

/**
 * Fuzzes one target: inputs are tried in batches, V8's counts are read once a batch, and where a batch reached a new
 * block the batch is halved until the inputs that did are found. They join the corpus, cut down as far as they still
 * reach it.
 */
export async function fuzz(target: Target, coverage: Feedback, options: FuzzOptions): Promise<FuzzReport> {
  const random = createPrng(options.seed);
  const began = performance.now();
  const execute = createExecutor(target);
  const corpus: Uint8Array[] = [];
  const broken = new Map<string, Broken>();
  let executions = 0;
  let lastNewAt = 0;

  const tryAll = async (inputs: readonly Uint8Array[]): Promise<void> => {
    for (const found of await execute(inputs)) {
      const kind = found.what.split('\n')[0] ?? '';
      if (broken.size < BROKEN_MAX && !broken.has(kind)) broken.set(kind, found);
    }
  };
  /** What `inputs` reach together of `wanted`. */
  const reached = async (inputs: readonly Uint8Array[], wanted: ReadonlySet<number>): Promise<readonly number[]> => {
    await tryAll(inputs);
    const hits: number[] = [];
    coverage.take((place) => {
      if (wanted.has(place)) hits.push(place);
    });
    return hits;
  };
  const keepThose = async (inputs: readonly Uint8Array[], wanted: Set<number>): Promise<void> => {
    if (wanted.size === 0 || inputs.length === 0) return;
    const hits = await reached(inputs, wanted);
    if (hits.length === 0) return;
    const [only] = inputs;
    if (inputs.length === 1 && only !== undefined) {
      corpus.push(await shrink(only, new Set(hits)));
      for (const hit of hits) wanted.delete(hit);
      return;
    }
    const middle = inputs.length >> 1;
    await keepThose(inputs.slice(0, middle), wanted);
    await keepThose(inputs.slice(middle), wanted);
  };
  /** Takes pieces out, large ones first, as long as everything wanted is still reached. */
  const shrink = async (input: Uint8Array, wanted: ReadonlySet<number>): Promise<Uint8Array> => {
    let best = input;
    for (let piece = best.length >> 1; piece >= 1 && piece * 32 >= best.length; piece >>= 1) {
      for (let at = 0; at < best.length; ) {
        const shorter = new Uint8Array([...best.subarray(0, at), ...best.subarray(at + piece)]);
        if ((await reached([shorter], wanted)).length === wanted.size) best = shorter;
        else at += piece;
      }
    }
    return best;
  };
  const batch = async (inputs: readonly Uint8Array[]): Promise<boolean> => {
    await tryAll(inputs);
    executions += inputs.length;
    const { fresh, steps } = coverage.take();
    const octets = inputs.reduce((sum, { length }) => sum + length, 0);
    if (steps > inputs.length * STEPS_BASE + octets * STEPS_PER_OCTET) await findCostly(inputs);
    if (fresh.length === 0) return false;
    lastNewAt = executions;
    await keepThose(inputs, new Set(fresh));
    return true;
  };
  const findCostly = async (inputs: readonly Uint8Array[]): Promise<void> => {
    for (const input of inputs) {
      await tryAll([input]);
      const { steps } = coverage.take();
      if (steps <= STEPS_BASE + input.length * STEPS_PER_OCTET) continue;
      const what = `cost ${steps} block executions for ${input.length} octets`;
      broken.set('cost', { input, what });
      return;
    }
  };

  coverage.take();
  for (const input of [...target.seeds, ...options.kept, new Uint8Array(0)]) await batch([input]);
  if (corpus.length === 0) corpus.push(...target.seeds, new Uint8Array(0));
  const material = { corpus, dictionary: dictionaryOf(coverage.texts), maxOctets: target.maxOctets };
  let size = BATCH_MIN;
  const secondsSpent = (): number => (performance.now() - began) / 1000;
  while (!isPlateau(executions, lastNewAt, options.quietAtLeast) && secondsSpent() < options.secondsMax) {
    const inputs = Array.from({ length: size }, () => {
      const mutated = mutate(random, material);
      return target.repair !== undefined && random.chance(2) ? target.repair(mutated) : mutated;
    });
    size = (await batch(inputs)) ? BATCH_MIN : Math.min(BATCH_MAX, size * 2);
    if (broken.size >= BROKEN_MAX) break;
  }
  const blocks = coverage.blocks();
  const missing = coverage.missing();
  return {
    executions,
    blocks,
    missing,
    lastNewAt,
    quiet: executions - lastNewAt,
    plateau: isPlateau(executions, lastNewAt, options.quietAtLeast),
    seconds: secondsSpent(),
    corpus: await fewest([...corpus, ...options.kept], coverage, execute),
    broken: [...broken.values()],
  };
}

/** The inputs of `corpus`, shortest first, that each still add something. */
async function fewest(
  corpus: readonly Uint8Array[],
  coverage: Feedback,
  execute: (inputs: readonly Uint8Array[]) => Promise<readonly Broken[]>,
): Promise<readonly Uint8Array[]> {
  coverage.forget();
  const kept: Uint8Array[] = [];
  for (const input of [...corpus].sort((a, b) => a.length - b.length || Buffer.compare(a, b))) {
    await execute([input]);
    if (coverage.take().fresh.length > 0) kept.push(input);
  }
  return kept;
}

/** Runs inputs and tells which of them broke something. Those that do not end are found by a limit of time. */
function createExecutor(target: Target): (inputs: readonly Uint8Array[]) => Promise<readonly Broken[]> {
  const sandbox = createContext({ runAll: () => {} });
  const script = new Script('runAll()');
  return async (inputs) => {
    const broken: Broken[] = [];
    const waiting: Promise<void>[] = [];
    const prototypes = prototypeKeys();
    let at = 0;
    const runAll = (): void => {
      for (; at < inputs.length; at++) {
        const input = inputs[at] as Uint8Array;
        try {
          const ended = target.run(input);
          if (ended !== undefined) {
            waiting.push(ended.catch((error: unknown) => void broken.push({ input, what: describe(error) })));
          }
        } catch (error) {
          broken.push({ input, what: describe(error) });
        }
      }
    };
    sandbox.runAll = runAll;
    try {
      script.runInContext(sandbox, { timeout: BATCH_TIMEOUT_MS });
    } catch (error) {
      broken.push({ input: inputs[at] ?? new Uint8Array(0), what: `did not end: ${describe(error)}` });
    }
    await Promise.all(waiting);
    if (prototypeKeys() !== prototypes && inputs[0] !== undefined) {
      broken.push({ input: inputs[0], what: 'a prototype was changed by an input of this batch' });
    }
    return broken;
  };
}

/** How many members the prototypes of everything have. */
function prototypeKeys(): number {
  return [Object.prototype, Array.prototype, Function.prototype, String.prototype, Number.prototype, Map.prototype]
    .map((prototype) => Reflect.ownKeys(prototype).length)
    .reduce((sum, keys) => sum + keys);
}

function describe(error: unknown): string {
  if (error instanceof Finding) return error.message;
  return error instanceof Error ? `${error.name}: ${error.message}\n${error.stack}` : String(error);
}

/** Runs the inputs kept for a target, as the tests do. */
export async function replay(target: Target, inputs: readonly Uint8Array[]): Promise<readonly Broken[]> {
  const broken = await createExecutor(target)([...target.seeds, ...inputs]);
  target.end?.();
  return broken;
}
