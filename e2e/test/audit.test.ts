import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { processIo, run } from '@cardea/client-cli';
import { Secret } from '@cardea/kit-runtime';
import { createBackup, type RunningServer, restoreBackup, runServer } from '@cardea/server-main';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let dataDir: string;
let server: RunningServer;

const start = (): Promise<RunningServer> =>
  runServer({
    dataDir,
    flags: { port: 0, xmppPort: 0, logLevel: 'error' },
    environment: { CARDEA_AUDIT_WITNESS_FILE: join(dataDir, 'outside', 'heads.ndjson') },
  });

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'cardea-audit-'));
  server = await start();
}, 60_000);

afterAll(async () => {
  await server?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

// Once: each makes the process listen for Ctrl-C.
const own = processIo(async () => undefined);

/** Runs a command line against the server, by the profile that the first start wrote. */
async function cardea(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const io = {
    ...own,
    out: (text: string) => {
      out += text;
    },
    err: (text: string) => {
      err += text;
    },
    interactive: false,
    typed: false,
    cwd: dataDir,
    env: { CARDEA_PROFILE: join(dataDir, 'cli.json') },
  };
  const code = await run(args, io);
  return { code, out, err };
}

const file = (name: string): string => join(dataDir, name);

describe('the audit log over real sockets', () => {
  it('verifies, and pins the key at first use', async () => {
    const ran = await cardea('audit', 'verify');
    expect(ran, ran.err).toMatchObject({ code: 0 });
    expect(ran.out).toMatch(/✓ cardea\/audit\/org_\S+: \d+ leaves as signed in 1 head\n/);
    expect(ran.out).toContain('key seen for the first time and pinned');
    const again = await cardea('audit', 'verify', '--json');
    const report = JSON.parse(again.out);
    expect(report).toMatchObject({ ok: true, key: 'pinned', findings: [], uncovered: 0 });
    expect(report.heads_seen_before).toBeGreaterThan(0);
  });

  it('grows, and what is seen later goes on from what was seen before', async () => {
    for (const name of ['North', 'South']) {
      const added = await cardea('property', 'add', name, '--time-zone', 'UTC', '--region', 'eu');
      expect(added.code, added.err).toBe(0);
    }
    const quick = await cardea('audit', 'verify', '--quick');
    expect(quick.code, quick.err).toBe(0);
    expect(quick.out).toContain('goes on from the one of');
    expect((await cardea('audit', 'verify')).code).toBe(0);
  });

  it('an event is proved by a file that needs no server; one bit of it turned, and it proves nothing', async () => {
    const { items } = JSON.parse((await cardea('events', '--type', 'estate.property_added', '--json')).out);
    const proved = await cardea('audit', 'prove', items[0].id, '--out', 'proof.json');
    expect(proved.code, proved.err + proved.out).toBe(0);
    const verified = await cardea('audit', 'verify', 'proof.json');
    expect(verified.code, verified.err).toBe(0);
    expect(verified.out).toContain(items[0].id);
    expect(verified.out).toContain(`person: ${items[0].person_id}`);
    const text = readFileSync(file('proof.json'), 'utf8');
    writeFileSync(
      file('proof2.json'),
      text.replace(/"property": "prop_.(.)/, (all) => `${all.slice(0, -1)}0`),
    );
    const opening = await cardea('audit', 'verify', 'proof2.json', '--json');
    expect(JSON.parse(opening.out)).toMatchObject({ ok: false, why: 'opening' });
    expect(opening.code).toBe(4);
  });

  it('an export verifies offline, and names the leaf that was edited or the interval that was', async () => {
    const exported = await cardea('audit', 'export', 'log.ndjson');
    expect(exported.code, exported.err).toBe(0);
    const verify = async (lines: readonly string[]) => {
      writeFileSync(file('edited.ndjson'), `${lines.join('\n')}\n`);
      return cardea('audit', 'verify', 'edited.ndjson');
    };
    const lines = readFileSync(file('log.ndjson'), 'utf8').trimEnd().split('\n');
    expect((await verify(lines)).code).toBe(0);
    const at = lines.findLastIndex((line) => line.startsWith('{"hash"'));
    const { n: number } = JSON.parse(lines[at] ?? '');
    const edited = await verify(
      lines.map((line, i) => (i === at ? line.replace(/"received_at":\d+/, '"received_at":1') : line)),
    );
    expect(edited).toMatchObject({ code: 4 });
    expect(edited.out).toContain(`leaf ${number} differs from its stored hash`);
    const cut = await verify(lines.filter((_, i) => i !== at));
    expect(cut).toMatchObject({ code: 4 });
    expect(cut.out).toMatch(/the log was cut|was changed/);
    const inner = await verify(lines.filter((_, i) => i !== 1));
    expect(inner.out).toContain('leaf 0 is not in its place');
    const short = await verify(lines.slice(0, -1));
    expect(short).toMatchObject({ code: 4 });
  });

  it('another key than the pinned one is refused', async () => {
    const known = readFileSync(file('cli.audit.json'), 'utf8');
    const other = known.replace(
      /"public_key": "B[^"]{20}/,
      (text) => `${text.slice(0, -1)}${text.endsWith('A') ? 'B' : 'A'}`,
    );
    writeFileSync(file('cli.audit.json'), other);
    const ran = await cardea('audit', 'verify');
    expect(ran.code).toBe(4);
    expect(ran.err).toContain('is not the one that was seen first');
    writeFileSync(file('cli.audit.json'), known);
  });

  it('a log put back to an earlier day is found by the heads seen since', async () => {
    await server.stop();
    const database = join(dataDir, 'ras', 'cardea.db');
    const earlier = readFileSync(database);
    server = await start();
    expect((await cardea('property', 'add', 'West', '--time-zone', 'UTC', '--region', 'eu')).code).toBe(0);
    expect((await cardea('audit', 'verify')).code).toBe(0);
    await server.stop();
    for (const end of ['-wal', '-shm']) rmSync(database + end, { force: true });
    writeFileSync(database, earlier);
    server = await start();
    expect((await cardea('property', 'add', 'East', '--time-zone', 'UTC', '--region', 'eu')).code).toBe(0);
    const ran = await cardea('audit', 'verify');
    expect(ran.code, ran.out).toBe(4);
    expect(ran.out).toMatch(/the head seen before|the log was cut/);
    const witness = join(dataDir, 'outside', 'heads.ndjson');
    if (!existsSync(witness)) return;
    expect((await cardea('audit', 'witness', witness)).code).toBe(4);
  }, 60_000);
});

it('a restore from a backup is told by the log itself, and is no bare failure', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cardea-audit-restore-'));
  try {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
    dataDir = mkdtempSync(join(tmpdir(), 'cardea-audit-'));
    server = await start();
    const passphrase = new Secret('a passphrase that nobody guesses');
    const file = join(folder, 'hotel.cardea-backup');
    await createBackup({ dataDir, target: file, passphrase });
    for (const name of ['One', 'Two', 'Three']) {
      expect((await cardea('property', 'add', name, '--time-zone', 'UTC', '--region', 'eu')).code).toBe(0);
    }
    expect((await cardea('audit', 'verify')).code).toBe(0);
    await server.stop();
    const opening = { file, passphrase: async () => passphrase, envelopeKeyFile: undefined };
    await restoreBackup({ dataDir, ...opening, force: true });
    server = await start();
    const ran = await cardea('audit', 'verify');
    expect(ran.code, ran.out + ran.err).toBe(0);
    expect(ran.out).toMatch(/restored from a backup at \S+: 3 leaves of the former log are gone \(from leaf \d+\)/);
    const again = await cardea('audit', 'verify', '--json');
    expect(JSON.parse(again.out)).toMatchObject({ ok: true, restores: [{ gone: 0 }] });
    // The witness still has the head that is gone; the log's word explains it there too.
    const witnessed = await cardea('audit', 'witness', join(dataDir, 'outside', 'heads.ndjson'));
    expect(witnessed.out + witnessed.err).toMatch(/leaves of the former log are gone/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 120_000);
