import { parseArgs } from 'node:util';
import { FAULT_KINDS, type FaultKind } from '@cardea/twin-faults';
import { type ChaosReport, runChaos } from './run.ts';

const USAGE = `usage: npm run chaos -- [--rounds N] [--seed S] [--what ${FAULT_KINDS.join(',')}] [--together] [--keep] [--json]`;

/** `npm run chaos`: exit code 0 when nothing was found, 4 when something was, 2 for what it does not understand. */
async function main(): Promise<number> {
  let values: ReturnType<typeof options>;
  try {
    values = options();
  } catch (error) {
    return wrong(error instanceof Error ? error.message : String(error));
  }
  if (values.help) {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  const [rounds, seed] = [Number(values.rounds), Number(values.seed)];
  if (!Number.isSafeInteger(rounds) || rounds < 1) return wrong('--rounds must be a whole number from 1');
  if (!Number.isSafeInteger(seed)) return wrong('--seed must be a whole number');
  const named = values.what.split(',');
  const what = named.filter((kind): kind is FaultKind => FAULT_KINDS.some((one) => one === kind));
  if (what.length < named.length) return wrong(`--what must be of ${FAULT_KINDS.join(', ')}, separated by commas`);
  process.stderr.write(`seed ${seed}\n`);
  const report = await runChaos({
    rounds,
    seed,
    what,
    together: values.together,
    keep: values.keep,
    onRound: (line) => void process.stderr.write(`${line}\n`),
  });
  process.stdout.write(values.json ? `${JSON.stringify(report)}\n` : describe(report));
  return report.findings.length === 0 ? 0 : 4;
}

function options() {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '10' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      what: { type: 'string', default: 'kill' },
      together: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  return values;
}

function wrong(what: string): number {
  process.stderr.write(`chaos: ${what}\n${USAGE}\n`);
  return 2;
}

function describe(report: ChaosReport): string {
  const { counts, recovery, findings } = report;
  const of = (rule: string): number => findings.filter((finding) => finding.rule === rule).length;
  return [
    `seed ${report.seed}, ${counts.faults} faults in ${report.lastedS} s`,
    ...report.faults.map(({ what, count, worstMs }) => `  ${count} x ${what}, worst recovery ${worstMs} ms`),
    `${counts.facts} acknowledged facts: ${of('lost')} lost, ${of('doubled')} doubled, ${of('gap')} left out of the stream`,
    `${counts.attempts} attempts (${counts.succeeded} with a receipt), ${counts.events} events, ${counts.motions} motions of bolts`,
    `${of('late')} late commands acted on, ${of('unasked')} motions that nobody asked for, ${of('lie')} lies of the record`,
    `recovery to the next receipt: p50 ${recovery.p50Ms} ms, p99 ${recovery.p99Ms} ms, worst ${recovery.worstMs} ms`,
    ...findings.slice(0, 40).map(({ rule, detail }) => `FOUND ${rule}: ${detail}`),
    ...(report.folder === undefined ? [] : [`the run's folder: ${report.folder}`]),
    findings.length === 0 ? 'nothing found' : `${findings.length} found; the same plan again: --seed ${report.seed}`,
    '',
  ].join('\n');
}

process.exitCode = await main();
// A socket that was reset while it was being opened may keep its handle for ever.
process.stdout.write('', () => process.exit());
