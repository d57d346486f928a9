import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type EstateProcess, startEstate } from './estate-process.ts';

const PIN = '246810';

let estate: EstateProcess;
let secrets: readonly string[];

beforeAll(async () => {
  estate = await startEstate();
  const file = (name: string, text: string): string => {
    const path = join(estate.dataDir, name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  };
  secrets = ['--data', estate.dataDir, '--pin-file', file('pin', PIN)];
  file('passphrase', 'four words of a rhyme');
}, 180_000);

afterAll(async () => {
  await estate?.remove();
}, 60_000);

interface Shown {
  readonly keys: readonly { readonly generation: number; readonly renewal: unknown }[];
  readonly locks: readonly {
    readonly lock: string;
    readonly standing: string;
    readonly keys: readonly { readonly index: number; readonly version: number }[];
  }[];
}

async function domain(...args: string[]): Promise<{ domain: Shown }> {
  const ran = await estate.cardea('domain', ...args, '--json');
  expect(ran.code, ran.err).toBe(0);
  return JSON.parse(ran.out);
}

/** Looks at the domain until it is so. */
async function until(isSo: (shown: Shown) => boolean): Promise<Shown> {
  for (;;) {
    const { domain: shown } = await domain('status', '--data', estate.dataDir);
    if (isSo(shown)) return shown;
  }
}

async function opens(door: string): Promise<void> {
  const ran = await estate.cardea('unlock', door, '--json');
  expect(ran.out, ran.err).not.toBe('');
  expect(JSON.parse(ran.out)).toMatchObject({ state: 'succeeded', receipt: { bolt: 'unlocked' } });
}

const areJoined = ({ locks }: Shown): boolean =>
  locks.length > 0 && locks.every(({ standing }) => standing === 'joined');

it('the locks of a hotel join a domain made beside the running gateway, and doors open through it', async () => {
  await domain('create', ...secrets);
  const shown = await until(areJoined);
  expect(new Set(shown.locks.map(({ lock }) => lock)).size).toBe(shown.locks.length);
  for (const door of ['101', '102', '103']) await opens(door);
}, 180_000);

it('every lock gets a new key, and doors open before, meanwhile and after', async () => {
  const before = await until(areJoined);
  await domain('rotate', ...secrets);
  await opens('101');
  const after = await until((shown) => areJoined(shown) && shown.keys[0]?.generation === 2 && !shown.keys[0].renewal);
  for (const { lock, keys } of before.locks) {
    const now = after.locks.find((one) => one.lock === lock)?.keys[0]?.version ?? 0;
    expect(now).toBeGreaterThan(keys[0]?.version ?? 0);
  }
  await opens('101');
}, 180_000);

it('a gateway that is killed comes back with its domain; no secret of it is in a log', async () => {
  const gateways = JSON.parse((await estate.cardea('gateway', 'list', '--json')).out) as { items: { id: string }[] };
  const [gateway] = gateways.items;
  await estate.cardea('sim', 'gateway', gateway?.id ?? '', 'kill');
  expect((await estate.cardea('sim', 'gateway', gateway?.id ?? '', 'on')).code).toBe(0);
  await until(areJoined);
  await opens('102');
  const log = readFileSync(join(estate.dataDir, 'logs', 'gateway.log'), 'utf8');
  expect(log).toContain('SCPM key');
  expect(log).not.toContain(PIN);
  expect(log).not.toMatch(/[0-9a-f]{32}/);
}, 180_000);
