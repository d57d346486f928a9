import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fetchTrusting, readProfile } from '@cardea/client-cli';
import { createClient } from '@cardea/client-sdk';
import { runServer } from '@cardea/server-main';
import { expect, it } from 'vitest';

const BIN = fileURLToPath(new URL('../bin/cardea.mjs', import.meta.url));

function cardea(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [BIN, ...args], (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    );
  });
}

it('a backup of a running server comes back: what was revoked stays revoked, and the record says that it was restored', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cardea-restore-'));
  const dataDir = join(folder, 'data');
  const run = () =>
    runServer({
      dataDir,
      flags: { port: 0, xmppPort: 0 },
      environment: {},
      logTo: { kind: 'file', path: join(folder, 'log') },
    });
  const passphrase = join(folder, 'passphrase');
  writeFileSync(passphrase, 'four words of a rhyme\n', { mode: 0o600 });
  const file = join(folder, 'one.cardea-backup');
  const opening = ['--passphrase-file', passphrase];
  let server = await run();
  try {
    const clientOf = (token?: string) =>
      createClient({ url: server.url, fetch: fetchTrusting(server.caFile ?? ''), ...(token && { token }) });
    const profile = readProfile(join(dataDir, 'cli.json'));
    await clientOf(profile.token).properties.add({
      name: 'Before',
      time_zone: 'Europe/Berlin',
      region: 'eu',
      geofence: null,
    });
    const token = await clientOf(profile.token).tokens.create({
      name: 'integrator',
      scopes: ['estate:read'],
      expires_in_s: 86_400,
    });

    const made = await cardea('backup', file, '--data', dataDir, ...opening, '--json');
    expect(made).toMatchObject({ code: 0, err: '' });
    expect(JSON.parse(made.out)).toMatchObject({ while_running: true, with_keys: true, left_out: [] });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(dataDir, 'ras')).filter((name) => name.startsWith('snapshot-'))).toEqual([]);

    // After the backup: one thing is added, and a token is found in the wrong hands and withdrawn.
    await clientOf(profile.token).properties.add({
      name: 'After',
      time_zone: 'Europe/Berlin',
      region: 'eu',
      geofence: null,
    });
    await clientOf(profile.token).tokens.remove(token.token.id);
    await expect(clientOf(token.secret).me()).rejects.toMatchObject({ code: 'not_signed_in' });

    // The command line has seen a head that the backup does not know.
    const profileFile = join(dataDir, 'cli.json');
    const seen = await cardea('audit', 'verify', '--profile', profileFile, '--json');
    expect(seen.code).toBe(0);

    const verified = await cardea('backup', 'verify', file, ...opening, '--json');
    expect(verified).toMatchObject({ code: 0, err: '' });
    expect(JSON.parse(verified.out)).toMatchObject({ whole: true, id: JSON.parse(made.out).id });
    const held = await cardea('restore', file, '--data', dataDir, '--force', ...opening);
    expect([held.code, held.err]).toEqual([3, expect.stringMatching(/a server runs on .*; stop it first/)]);

    await server.stop();
    const refused = await cardea('restore', file, '--data', dataDir, ...opening);
    expect([refused.code, refused.err]).toEqual([3, expect.stringMatching(/is not empty; give --force/)]);
    const restored = await cardea('restore', file, '--data', dataDir, '--force', ...opening, '--json');
    expect(restored).toMatchObject({ code: 0, err: '' });
    expect(JSON.parse(restored.out).moved_aside).toMatch(/ras\.before-restore-/);

    server = await run();
    await expect(clientOf(token.secret).me()).rejects.toMatchObject({ code: 'not_signed_in' });
    await expect(clientOf(profile.token).me()).rejects.toMatchObject({ code: 'not_signed_in' });
    // This machine's own command line is signed in anew, as whoever can write the folder could do anyway.
    const again = readProfile(join(dataDir, 'cli.json')).token;
    expect(again).not.toBe(profile.token);
    const properties: string[] = [];
    for await (const { name } of clientOf(again).properties.list()) properties.push(name);
    expect(properties).toEqual(['Before']);
    const events: { type: string; detail: Readonly<Record<string, unknown>> }[] = [];
    for await (const event of clientOf(again).events.list()) events.push(event);
    const restores = events.filter(({ type }) => type === 'estate.restored');
    expect(restores).toHaveLength(1);
    expect(Number(restores[0]?.detail.generation_floor)).toBeGreaterThan(0);

    // The log itself says how far the former one had gone, by the head that was signed when the server was stopped.
    const [log] = events.filter(({ type }) => type === 'audit.restored');
    expect(Number(log?.detail.former_size)).toBeGreaterThan(Number(log?.detail.size));

    const audited = await cardea('audit', 'verify', '--profile', profileFile);
    expect([audited.code, audited.out]).toEqual([
      0,
      expect.stringMatching(/restored from a backup at .*: \d+ leaves of the former log are gone \(from leaf \d+\)/),
    ]);

    // The mark is gone: the next start withdraws nothing more.
    expect(readdirSync(join(dataDir, 'ras'))).not.toContain('restored.json');
    await server.stop();
    server = await run();
    expect((await clientOf(again).me()).role).toBe('owner');
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true });
  }
}, 120_000);

it('wrong files, passphrases and flags are one line each, with what to do', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cardea-restore-'));
  try {
    const passphrase = join(folder, 'passphrase');
    writeFileSync(passphrase, 'short', { mode: 0o600 });
    const cases: [string[], number, RegExp][] = [
      [['backup', join(folder, 'x'), '--data', folder, '--passphrase-file', passphrase], 2, /fewer than 12 characters/],
      [['backup', join(folder, 'x'), '--data', folder, '--without-keys'], 3, /there is no .*cardea\.db; name the data/],
      [['backup', join(folder, 'x'), '--keep', '0', '--without-keys'], 2, /--keep is "0"/],
      [['backup', 'verify', passphrase], 3, /is no backup that this program knows/],
      [['restore', join(folder, 'absent'), '--data', folder], 3, /cannot be read/],
      [['upgrade', '--data', folder], 3, /there is no .*cardea\.db/],
      [['upgrade', '--back', '--data', folder], 3, /there is no backup of before an upgrade/],
    ];
    for (const [args, code, expected] of cases) {
      const done = await cardea(...args);
      expect([args.join(' '), done.code, done.err]).toEqual([args.join(' '), code, expect.stringMatching(expected)]);
      expect(done.err.trimEnd().split('\n')).toHaveLength(1);
    }
    writeFileSync(join(folder, 'open'), 'four words of a rhyme', { mode: 0o644 });
    const open = await cardea('backup', join(folder, 'x'), '--data', folder, '--passphrase-file', join(folder, 'open'));
    expect([open.code, open.err]).toEqual([2, expect.stringMatching(/others may read .*; run chmod 600/)]);
    expect(readFileSync(passphrase, 'utf8')).toBe('short');
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 120_000);
