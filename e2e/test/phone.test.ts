import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readProfile } from '@cardea/client-cli';
import { readTruthFile } from '@cardea/twin-building';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildSite, type Site } from '../src/chaos/site.ts';

const CARDEA = fileURLToPath(new URL('../../app/bin/cardea.mjs', import.meta.url));
const EMAIL = 'ada@hotel.example';
const FIRST_PASSWORD = 'a first password for Ada';
const OWN_PASSWORD = 'a password of her own, Ada said';

let folder: string;
let site: Site;

interface Ran<T = Record<string, unknown>> {
  readonly code: number;
  readonly json: T;
  readonly err: string;
}

/** A command line of somebody: the operator's profile is the site's, the guest's one of her own. */
async function cardea<T = Record<string, unknown>>(
  who: 'operator' | 'guest',
  args: readonly string[],
  lines: readonly string[] = [],
): Promise<Ran<T>> {
  const profile = who === 'operator' ? join(folder, 'cli.json') : join(folder, 'ada', 'cli.json');
  const child = spawn(process.execPath, [CARDEA, ...args, '--json'], {
    env: { ...process.env, CARDEA_PROFILE: profile, NO_COLOR: '1' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  child.stdin.end(lines.map((line) => `${line}\n`).join(''));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code: code ?? -1, json: (out === '' ? {} : JSON.parse(out)) as T, err };
}

/** Ada holds her phone to a door. */
const hold = (door: string, ...more: string[]) =>
  cardea('guest', ['phone', 'open', door, '--hub', join(folder, 'twin', 'hub.json'), ...more]);

/** Openings of a door in the record. */
async function openings(door: string): Promise<number> {
  const lockId = (await doorOf(door)).lock_id;
  let count = 0;
  for await (const event of site.client.events.list({})) {
    if (event.type === 'lock.unlocked' && event.lock_id === lockId) count++;
  }
  return count;
}

async function doorOf(name: string) {
  for await (const door of site.client.doors.list()) if (door.name === name) return door;
  throw new Error(`there is no door ${name}`);
}

const inHours = (hours: number): string =>
  new Date(1_000 * Math.ceil(Date.now() / 1_000 + 3_600 * hours)).toISOString().replace('.000Z', 'Z');

let personId: string;
let enteredPin: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cardea-phone-'));
  site = await buildSite(folder, { faulty: false });
  const ada = await site.client.persons.add({ email: EMAIL, name: 'Ada', role: 'guest', password: FIRST_PASSWORD });
  personId = ada.id;
  const { url, caFile } = readProfile(join(folder, 'cli.json'));
  const login = await cardea(
    'guest',
    ['login', url, '--email', EMAIL, '--ca-file', caFile ?? ''],
    [FIRST_PASSWORD, OWN_PASSWORD],
  );
  expect(login.code, login.err).toBe(0);
}, 120_000);

afterAll(async () => {
  await site?.stop();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

describe('a guest with a phone', () => {
  it('is checked in and fetches her key, which stays in a file that only she can read', async () => {
    const stay = await site.client.stays.add({ person_id: personId, room: '102', until: inHours(48) });
    expect(stay.grants.length).toBeGreaterThan(0);
    const made = await cardea('guest', ['phone', 'new', '--name', "Ada's phone"]);
    expect(made.code, made.err).toBe(0);
    for (const file of ['key.json', 'phone.json']) {
      expect(statSync(join(folder, 'ada', 'phone', file)).mode & 0o777).toBe(0o600);
    }
    const keys = await cardea<{ items: { door: string }[] }>('guest', ['phone', 'keys']);
    expect(keys.code, keys.err).toBe(0);
    expect(keys.json.items.map(({ door }) => door)).toEqual(['102']);
  }, 60_000);

  it('opens her door after the server was killed, and no other', async () => {
    await site.actors.server.kill();
    const opened = await hold('102', '--offline');
    expect([opened.code, opened.json.state, opened.json.carried], opened.err).toEqual([0, 'succeeded', 1]);
    // A phone that does try to reach the server says so, and opens all the same.
    const tried = await hold('102');
    expect([tried.code, tried.json.state, tried.json.carried]).toEqual([0, 'succeeded', 2]);
    expect(tried.err).toContain('cannot be reached');
    const other = await hold('103', '--offline');
    expect([other.code, other.json.reason]).toEqual([3, 'no_key']);
  }, 60_000);

  it('opens her door from her sofa too, through the local endpoint of the gateway, which decides nothing', async () => {
    const through = (door: string) => cardea('guest', ['unlock', door, '--local', site.local]);
    const opened = await through('102');
    expect([opened.code, opened.json.state, opened.json.carried], opened.err).toEqual([0, 'succeeded', 3]);
    const other = await through('103');
    expect([other.code, other.json.reason]).toEqual([3, 'no_key']);
    const nowhere = await cardea('guest', ['unlock', '102', '--local', '127.0.0.1:1']);
    expect([nowhere.code, nowhere.json.state, nowhere.json.reason]).toEqual([4, 'failed', 'not_connected']);
  }, 60_000);

  it('hands the locks’ receipts in when the server is back: each opening is in the record once', async () => {
    await site.restart('server');
    const handed = await cardea<{ items: { result: string }[] }>('guest', ['phone', 'receipts']);
    expect(handed.code, handed.err).toBe(0);
    expect(handed.json.items).toHaveLength(3);
    for (const { result } of handed.json.items) expect(['recorded', 'known']).toContain(result);
    expect(await openings('102')).toBe(3);
    const again = await cardea<{ items: unknown[] }>('guest', ['phone', 'receipts']);
    expect(again.json.items).toEqual([]);
    // The lock brings the same events by its gateway, and nothing is there twice.
    const door = await doorOf('102');
    await expect
      .poll(async () => (await site.client.status(door.id)).state, { timeout: 60_000, interval: 500 })
      .toBe('succeeded');
    expect(await openings('102')).toBe(3);
    expect((await cardea('operator', ['audit', 'verify'])).code).toBe(0);
  }, 120_000);

  it('whose key was taken back is refused by the lock once an order has reached it', async () => {
    const grants = [];
    for await (const one of site.client.grants.list({ person_id: personId, state: 'active' })) grants.push(one);
    for (const { id } of grants) await site.client.grants.revoke(id);
    // By the gateway; the phone asks nobody.
    await expect
      .poll(async () => (await hold('102', '--offline')).json.reason, { timeout: 60_000, interval: 1_000 })
      .toBe('revoked');
    const keys = await cardea<{ items: unknown[] }>('guest', ['phone', 'keys']);
    expect(keys.json.items).toEqual([]);
  }, 120_000);
});

describe('the walk in the README', () => {
  it('through opening without the server is as it is written there', async () => {
    const readme = readFileSync(fileURLToPath(new URL('../../README.md', import.meta.url)), 'utf8');
    const walk = /npx cardea grant create(?:.|\n(?!\n))*/.exec(readme)?.[0].split('\n') ?? [];
    expect(walk.length).toBeGreaterThan(6);
    let grantId = '';
    for (const line of walk) {
      const [command = '', words = ''] = line.replace('npx cardea ', '').split('#');
      const asked = command.trim().replace('GRANT', grantId).split(/\s+/);
      const expected = Number(/exit (\d)/.exec(words)?.[1] ?? 0);
      let ran = await cardea('operator', asked);
      // A lock that is on the air with somebody else hears a little later that a key was taken back.
      for (let tries = 0; tries < 20 && expected !== 0 && ran.code !== expected; tries++) {
        ran = await cardea('operator', asked);
      }
      expect([command, ran.code], ran.err).toEqual([command, expected]);
      if (command.startsWith('grant create')) grantId = String(ran.json.id);
    }
  }, 120_000);
});

describe('keypad, reader, and a lock that hears nobody', () => {
  it('a PIN opens its door while the server is gone, and only there', async () => {
    const { id } = await site.client.grants.create({
      person_id: personId,
      scope: { kind: 'doors', door_ids: [(await doorOf('103')).id] },
      not_after: inHours(24),
      methods: ['pin', 'card'],
    });
    const { pin } = await site.client.pins.make(id, { kind: 'online' });
    enteredPin = pin ?? '';
    expect(enteredPin).toMatch(/^\d{6,9}$/);
    await expect
      .poll(async () => (await site.client.grantMethods(id)).find(({ method }) => method === 'pin')?.state, {
        timeout: 60_000,
        interval: 500,
      })
      .toBe('set');
    const lockOf = async (door: string): Promise<string> => site.lockOf.get((await doorOf(door)).id) ?? '';
    const [mine, other] = [await lockOf('103'), await lockOf('102')];
    const [opened, before] = [await openings('103'), [unlocks(mine), unlocks(other)]];
    await site.actors.server.kill();
    const hub = join(folder, 'twin', 'hub.json');
    for (const lock of [mine, other]) {
      const entered = await cardea('guest', ['sim', 'pin', lock, enteredPin, '--hub', hub]);
      expect(entered.code, entered.err).toBe(0);
    }
    await expect.poll(() => unlocks(mine), { timeout: 20_000 }).toBe((before[0] ?? 0) + 1);
    expect(unlocks(other)).toBe(before[1]);
    await site.restart('server');
    await expect.poll(() => openings('103'), { timeout: 60_000, interval: 500 }).toBe(opened + 1);
  }, 120_000);

  it('a card opens its door by the same key in a chip, and another card does not', async () => {
    const card = join(folder, 'card');
    const made = await cardea('operator', ['phone', 'new', '--card', '--person', EMAIL, '--phone', card]);
    expect(made.code, made.err).toBe(0);
    const loaded = await cardea<{ items: { door: string }[] }>('operator', ['phone', 'keys', '--phone', card]);
    expect(
      loaded.json.items.map(({ door }) => door),
      loaded.err,
    ).toEqual(['103']);
    const held = await cardea('operator', ['sim', 'card', '103', card]);
    expect([held.code, held.json.state, held.json.reason], held.err).toEqual([0, 'succeeded', null]);
    const empty = join(folder, 'empty-card');
    await cardea('operator', ['phone', 'new', '--card', '--person', EMAIL, '--name', 'Empty', '--phone', empty]);
    const { identifier = '' } = (await site.client.locks.get((await doorOf('103')).lock_id ?? '')) ?? {};
    expect((await cardea('operator', ['sim', 'card', identifier, empty])).code).toBe(4);
  }, 120_000);

  it('a key that is revoked while its lock hears nobody opens until its lease is over, and not after', async () => {
    const door = await doorOf('101');
    const { id } = await site.client.grants.create({
      person_id: personId,
      scope: { kind: 'doors', door_ids: [door.id] },
      not_after: inHours(72),
      methods: ['mobile_key'],
    });
    const fetched = await cardea('guest', ['phone', 'keys']);
    expect(fetched.code, fetched.err).toBe(0);
    await site.actors.gateway.kill();
    await site.client.grants.revoke(id);
    const [method] = await site.client.grantMethods(id);
    const untilMs = Date.parse(method?.ending.cannot_open_after ?? '');
    expect(untilMs - Date.now()).toBeLessThan(25 * 3_600_000);
    expect((await hold('101', '--offline')).json.state).toBe('succeeded');
    // A day passes at the lock.
    const lock = site.lockOf.get(door.id) ?? '';
    const past = String(Math.ceil((untilMs - Date.now()) / 1_000) + 1);
    const hub = join(folder, 'twin', 'hub.json');
    expect((await cardea('guest', ['sim', 'clock', lock, `+${past}`, '--hub', hub])).code).toBe(0);
    expect((await hold('101', '--offline')).json.reason).toBe('expired');
  }, 60_000);

  it('neither a PIN nor a key of a phone is in a log', async () => {
    const key = JSON.parse(readFileSync(join(folder, 'ada', 'phone', 'key.json'), 'utf8')) as { private_key: string };
    for (const name of ['server', 'gateway', 'building']) {
      const log = readFileSync(join(folder, `${name}.stderr`), 'utf8');
      for (const secret of [key.private_key, enteredPin]) expect(log).not.toContain(secret);
    }
  });
});

/** How often a lock's bolt came to rest unlocked, by what the building itself has seen of it. */
function unlocks(lock: string): number {
  return readTruthFile(site.truthFile).filter(
    (seen) => seen.lock === lock && seen.kind === 'rest' && seen.operation === 'unlock' && !seen.boltOut,
  ).length;
}
