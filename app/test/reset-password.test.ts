import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fetchTrusting, readProfile } from '@cardea/client-cli';
import { createClient, tokenOf } from '@cardea/client-sdk';
import { runServer } from '@cardea/server-main';
import { expect, it } from 'vitest';
import { furnish } from '../src/hotel/furnish.ts';

const BIN = fileURLToPath(new URL('../bin/cardea.mjs', import.meta.url));

function cardea(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [BIN, ...args], (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    );
  });
}

it('an owner who lost password and profile gets both back, once the server is stopped', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'cardea-reset-'));
  const run = () =>
    runServer({
      dataDir,
      flags: { port: 0, xmppPort: 0 },
      environment: {},
      logTo: { kind: 'file', path: join(dataDir, 'log') },
    });
  const reset = () => cardea('server', 'reset-password', '--json', '--data', dataDir);
  const profile = join(dataDir, 'cli.json');
  let server = await run();
  try {
    const fetch = fetchTrusting(server.caFile ?? '');
    const email = server.firstOwner?.email ?? '';
    const old = server.firstOwner?.password.reveal() ?? '';
    const session = await createClient({ url: server.url, fetch }).signIn(email, old);

    const held = await reset();
    expect(held.code).toBe(1);
    expect(held.err).toMatch(/another process has it open; end that one first/);

    await server.stop();
    rmSync(profile);
    const done = await reset();
    expect(done).toMatchObject({ code: 0, err: '' });
    const said = JSON.parse(done.out);
    expect(said).toMatchObject({ email, profile, profile_written: true });
    expect(statSync(profile).mode & 0o777).toBe(0o600);
    const { token } = readProfile(profile);

    server = await run();
    const api = createClient({ url: server.url, fetch });
    await expect(api.signIn(email, old)).rejects.toMatchObject({ code: 'bad_credentials' });
    const ended = createClient({ url: server.url, fetch, token: tokenOf(session) });
    await expect(ended.me()).rejects.toMatchObject({ code: 'not_signed_in' });
    expect((await api.signIn(email, said.password)).person.must_change_password).toBe(true);
    // The next start has put the address right and kept the token.
    expect(readProfile(profile)).toMatchObject({ url: server.url, token });
    const types: string[] = [];
    for await (const event of createClient({ url: server.url, fetch, token }).events.list()) types.push(event.type);
    expect(types).toContain('person.password_reset');

    await server.stop();
    const before = readFileSync(profile, 'utf8');
    expect(JSON.parse((await reset()).out)).toMatchObject({ profile_written: false });
    expect(readFileSync(profile, 'utf8')).toBe(before);
  } finally {
    await server.stop();
    rmSync(dataDir, { recursive: true });
  }
}, 60_000);

it('in a folder without a record it makes none', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'cardea-reset-'));
  try {
    const done = await cardea('server', 'reset-password', '--data', dataDir);
    expect(done.code).toBe(1);
    expect(done.err).toMatch(/there is no .*cardea\.db; name the data folder with --data DIR/);
    expect(existsSync(join(dataDir, 'ras'))).toBe(false);
  } finally {
    rmSync(dataDir, { recursive: true });
  }
}, 30_000);

it('without its profile the hotel is not set up in silence: the file and the remedy are named', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'cardea-reset-'));
  const started: unknown[] = [];
  try {
    const furnishing = furnish({
      profilePath: join(dataDir, 'cli.json'),
      dataDir,
      step: async (_, work) => work(() => {}),
      startGateway: async (env) => started.push(env),
    });
    await expect(furnishing).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining(join(dataDir, 'cli.json')),
      remedy: expect.stringContaining(`cardea server reset-password --data ${dataDir}`),
    });
    expect(started).toEqual([]);
  } finally {
    rmSync(dataDir, { recursive: true });
  }
});

it('a complete hotel starts though its operator has signed out', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'cardea-furnish-'));
  mkdirSync(join(dataDir, 'gateway'));
  const started: unknown[] = [];
  try {
    await furnish({
      profilePath: join(dataDir, 'cli.json'),
      dataDir,
      step: async (_, work) => work(() => {}),
      startGateway: async (env) => started.push(env),
    });
    expect(started).toEqual([{}]);
  } finally {
    rmSync(dataDir, { recursive: true });
  }
});
