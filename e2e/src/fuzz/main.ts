// `npm run fuzz -- [--target T] [--seconds N] [--quiet N] [--seed S] [--json] [--missing]`: every parser of octets from
// outside until its coverage stops growing (docs/fuzzing.md); inputs that reach something are kept in vectors/corpus.
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { encodeInput, readCorpus, writeCorpus } from './corpus.ts';
import { Coverage } from './coverage.ts';
import { type FuzzReport, fuzz } from './fuzz.ts';
import { TARGETS } from './targets/list.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
/** Optimised code does not tell V8's counters everything: one process a target, which only interprets. */
const INTERPRET = ['--no-opt', '--no-maglev'];

interface Line {
  readonly target: string;
  readonly report: Omit<FuzzReport, 'corpus' | 'broken'> & { readonly inputs: number };
  readonly broken: readonly { readonly what: string; readonly input: string }[];
}
const HEAD = ['TARGET', 'EXECUTIONS', 'BLOCKS', 'SINCE LAST NEW', 'PLATEAU', 'KEPT', 'BROKEN', 'SECONDS'];

const USAGE = 'usage: npm run fuzz -- [--target T] [--seconds N] [--quiet N] [--seed S] [--missing] [--json]';

const values = options();
if (values.help) {
  process.stdout.write(`${USAGE}\ntargets: ${Object.keys(TARGETS).join(', ')}\n`);
  process.exit(0);
}
for (const name of ['seconds', 'quiet', 'seed'] as const) {
  if (!/^\d{1,15}$/.test(values[name])) wrong(`--${name} must be a whole number`);
}
const names = values.target ?? Object.keys(TARGETS);
const unknown = names.filter((name) => !Object.hasOwn(TARGETS, name));
if (unknown.length > 0) wrong(`no --target ${unknown.join(', ')}; there are: ${Object.keys(TARGETS).join(', ')}`);
process.exitCode = values.here ? await here(names) : await each(names);

function options() {
  try {
    return parseArgs({
      options: {
        target: { type: 'string', multiple: true },
        seconds: { type: 'string', default: '3600' },
        quiet: { type: 'string', default: '200000' },
        seed: { type: 'string', default: '1' },
        json: { type: 'boolean', default: false },
        missing: { type: 'boolean', default: false },
        here: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    return wrong(error instanceof Error ? error.message : String(error));
  }
}

function wrong(what: string): never {
  process.stderr.write(`fuzz: ${what}\n${USAGE}\n`);
  process.exit(2);
}

/** Fuzzes in this process and writes one line of JSON. */
async function here([name = '']: readonly string[]): Promise<number> {
  const load = TARGETS[name];
  if (load === undefined) return 2;
  const file = join(root, 'vectors', 'corpus', `${name}.json`);
  const coverage = new Coverage(root);
  const target = await load();
  coverage.watch(target.covers);
  const { kept, found } = readCorpus(file);
  const { corpus, broken, ...report } = await fuzz(target, coverage, {
    seed: Number(values.seed),
    quietAtLeast: Number(values.quiet),
    secondsMax: Number(values.seconds),
    kept: [...found, ...kept],
  });
  target.end?.();
  writeCorpus(file, { kept: corpus, found: [...found, ...broken.map(({ input }) => input)] });
  const line: Line = {
    target: name,
    report: { ...report, inputs: corpus.length },
    broken: broken.map(({ what, input }) => ({ what, input: encodeInput(input) })),
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
  return broken.length === 0 ? 0 : 4;
}

/** Fuzzes each target in a process of its own and prints a table, or a line of JSON each. */
async function each(targets: readonly string[]): Promise<number> {
  let exitCode = 0;
  if (!values.json) process.stdout.write(`${row(HEAD)}\n`);
  for (const name of targets) {
    const { output, code } = await run(name);
    let line: Line;
    try {
      line = JSON.parse(output);
    } catch {
      process.stdout.write(`${name} ended with exit code ${code} and without a report\n`);
      exitCode = 4;
      continue;
    }
    if (line.broken.length > 0) exitCode = 4;
    process.stdout.write(values.json ? `${JSON.stringify(line)}\n` : `${row(cells(line))}\n`);
    if (values.json) continue;
    for (const { what, input } of line.broken) process.stdout.write(`  BROKEN ${what}\n    ${input.slice(0, 2000)}\n`);
    if (values.missing) for (const place of line.report.missing) process.stdout.write(`    not reached ${place}\n`);
  }
  return exitCode;
}

function run(name: string): Promise<{ readonly output: string; readonly code: number | null }> {
  const { seconds, quiet, seed } = values;
  const options = ['--here', '--target', name, '--seconds', seconds, '--quiet', quiet, '--seed', seed];
  const child = spawn(process.execPath, [...INTERPRET, fileURLToPath(import.meta.url), ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  // A batch may not end even for the limit of time, where a regular expression holds it: then the process goes.
  const patience = setTimeout(() => child.kill('SIGKILL'), (Number(seconds) + 120) * 1000);
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output += text;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      clearTimeout(patience);
      resolve({ output, code });
    });
  });
}

function cells({ target, report, broken }: Line): readonly string[] {
  const { executions, blocks, quiet, plateau, inputs, seconds } = report;
  return [
    target,
    String(executions),
    `${blocks.covered}/${blocks.total}`,
    String(quiet),
    plateau ? 'yes' : 'no',
    String(inputs),
    String(broken.length),
    seconds.toFixed(0),
  ];
}

function row(columns: readonly string[]): string {
  return columns.map((column, i) => (i === 0 ? column.padEnd(20) : column.padStart(15))).join('');
}
