import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ApiProblem, type Client } from '@cardea/client-sdk';
import { readTruthFile } from '@cardea/twin-building';
import {
  type Asked,
  check,
  describeFault,
  type Evidence,
  type Fault,
  type FaultKind,
  type Finding,
  overlapping,
  planFaults,
  type Recorded,
  type Recovery,
  type Verdict,
} from '@cardea/twin-faults';
import { canFailCalls } from './actor-process.ts';
import { inflict } from './inflict.ts';
import { type Load, startLoad } from './load.ts';
import { buildSite, type Site } from './site.ts';
import { verifyLog } from './verify-log.ts';

/** How a run is made. */
export interface ChaosOptions {
  readonly seed: number;
  /** Faults of each kind for each actor or link. */
  readonly rounds: number;
  readonly what: readonly FaultKind[];
  /** A fault of each actor and link at a time instead of one after the other: harder, and quicker. */
  readonly together?: boolean;
  /** Told of each fault and its recovery. */
  readonly onRound?: (line: string) => void;
  /** Keeps the folder of a run that found nothing, too. */
  readonly keep?: boolean;
}

/** What came of a run. */
export interface ChaosReport extends Verdict {
  readonly seed: number;
  readonly rounds: number;
  /** Faults by kind and actor: how many, and their worst recovery. */
  readonly faults: readonly { readonly what: string; readonly count: number; readonly worstMs: number }[];
  readonly lastedS: number;
  /** Kept when something was found. */
  readonly folder: string | undefined;
}

/** A receipt that has not come after this is not waited for. */
const RECEIPT_MOST_MS = 30_000;
/** After the load's end the last receipts and events come in. */
const SETTLE_MS = 12_000;
const PAGE = 100;

/** Runs the estate under load and faults, and judges it. @throws Error when the estate itself cannot be brought up */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const { seed, rounds, what } = options;
  const faulty = what.includes('disk') || what.includes('fsync');
  if (faulty && !canFailCalls()) throw new Error('disk and fsync need fiu-utils: apt-get install fiu-utils');
  const began = Date.now();
  const folder = mkdtempSync(join(tmpdir(), 'cardea-chaos-'));
  const say = (line: string): void => {
    appendFileSync(join(folder, 'run.log'), `${new Date().toISOString()} ${line}\n`);
    options.onRound?.(line);
  };
  const site = await buildSite(folder, { faulty });
  try {
    const load = startLoad(site, seed);
    const plan = planFaults(seed, rounds, what);
    const rows = options.together === true ? overlapping(plan) : plan.map((fault) => [fault]);
    const done = await suffer(site, load, rows, say);
    say('the load ends');
    await load.end();
    await delay(SETTLE_MS);
    const evidence = await gather(site, load, done.recoveries);
    const verdict = check(evidence);
    const findings: readonly Finding[] = [...verdict.findings, ...done.findings, ...(await verifyLog(folder))];
    writeFileSync(join(folder, 'evidence.json'), JSON.stringify({ ...evidence, findings }, replacer, 1));
    const report: ChaosReport = {
      ...verdict,
      findings,
      seed,
      rounds,
      faults: byKind(done.recoveries),
      lastedS: Math.round((Date.now() - began) / 1000),
      folder: findings.length > 0 || options.keep === true ? folder : undefined,
    };
    await site.stop();
    if (report.folder === undefined) rmSync(folder, { recursive: true, force: true });
    return report;
  } catch (error) {
    await site.stop();
    throw new Error(`the run of seed ${seed} broke off; what it left is in ${folder}`, { cause: error });
  }
}

async function suffer(site: Site, load: Load, rows: readonly (readonly Fault[])[], say: (line: string) => void) {
  const recoveries: Recovery[] = [];
  const findings: Finding[] = [];
  await load.receiptAfter(Date.now(), RECEIPT_MOST_MS);
  for (const [at, faults] of rows.entries()) {
    const all = await Promise.all(faults.map(async (fault) => ({ fault, ...(await inflict(site, fault)) })));
    const tookMs = await load.receiptAfter(Math.max(...all.map(({ sinceMs }) => sinceMs)), RECEIPT_MOST_MS);
    for (const { fault, ended } of all) {
      const what = describeFault(fault);
      if (fault.kind === 'fsync' && fault.actor === 'server' && !ended) {
        findings.push({ rule: 'lie', detail: `${what}: the server went on after an fsync that failed` });
      }
      recoveries.push({ what, actor: fault.kind === 'cut' ? undefined : fault.actor, tookMs });
      const itself = ended ? ' (it ended by itself)' : '';
      say(`${at + 1}/${rows.length} ${what}${itself}: receipt after ${tookMs ?? 'none in 30 000'} ms`);
    }
  }
  return { recoveries, findings };
}

/** Everything that the checker needs: the record twice, with a restart of the server in between, and each key once more. */
async function gather(site: Site, load: Load, recoveries: readonly Recovery[]): Promise<Evidence> {
  const asked = await askAgain(site.client, load.asked);
  const recorded = await readRecord(site, load);
  await site.actors.server.stop();
  await site.restart('server');
  return {
    asked,
    seenOver: load.seenOver,
    streamed: load.streamed,
    acknowledged: load.acknowledged,
    recorded,
    recordedAgain: await readRecord(site, load),
    truth: readTruthFile(site.truthFile),
    lockOf: site.lockOf,
    recoveries,
  };
}

/** A part of the acknowledged wishes is made once more under its key: the answer has to be the same. */
const REPEAT_EVERY = 5;
const REPEAT_MOST = 400;

async function askAgain(client: Client, asked: readonly Asked[]): Promise<readonly Asked[]> {
  const repeated: Asked[] = [];
  let left = REPEAT_MOST;
  for (const [at, one] of asked.entries()) {
    if (typeof one.answer === 'string' || at % REPEAT_EVERY !== 0 || left-- <= 0) {
      repeated.push(one);
      continue;
    }
    const { doorId, operation, timeToLiveS, key } = one;
    const answer = await client.doors
      .start(doorId, operation, { timeToLiveS, idempotencyKey: key })
      .catch((error: unknown) => (error instanceof ApiProblem ? ('refused' as const) : Promise.reject(error)));
    repeated.push({ ...one, repeated: answer });
  }
  return repeated;
}

async function readRecord(site: Site, load: Load): Promise<Recorded> {
  const { client } = site;
  const tokensGood = new Set<string>();
  for (const [id, secret] of load.secrets) {
    const good = await site
      .clientOf(secret)
      .me()
      .then(
        () => true,
        (error: unknown) => (error instanceof ApiProblem && error.status === 401 ? false : Promise.reject(error)),
      );
    if (good) tokensGood.add(id);
  }
  return {
    attempts: await everything(client.attempts.list({ limit: PAGE })),
    events: await everything(client.events.list({ limit: PAGE })),
    floors: await everything(client.floors.list({ limit: PAGE })),
    tokensGood,
  };
}

async function everything<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

function byKind(recoveries: readonly Recovery[]): ChaosReport['faults'] {
  const kinds = new Map<string, { count: number; worstMs: number }>();
  for (const { what, tookMs } of recoveries) {
    const name = what.replace(/ at \+.*/, '');
    const so = kinds.get(name) ?? { count: 0, worstMs: 0 };
    kinds.set(name, { count: so.count + 1, worstMs: Math.max(so.worstMs, tookMs ?? Number.POSITIVE_INFINITY) });
  }
  return [...kinds].sort().map(([what, one]) => ({ what, ...one }));
}

function replacer(_key: string, value: unknown): unknown {
  if (value instanceof Map) return [...value];
  return value instanceof Set ? [...value] : value;
}
