import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';

const BIN = fileURLToPath(new URL('../bin/cardea.mjs', import.meta.url));

let folder: string;
let data: string;
let secrets: readonly string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cardea-domain-'));
  data = join(folder, 'data');
  mkdirSync(join(data, 'gateway'), { recursive: true });
  writeFileSync(join(folder, 'pin'), '246810\n', { mode: 0o600 });
  writeFileSync(join(folder, 'passphrase'), 'four words of a rhyme\n', { mode: 0o600 });
  secrets = ['--pin-file', join(folder, 'pin')];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function domain(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [BIN, 'domain', ...args], (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    );
  });
}

it('a domain is created once, shown, backed up without a secret in clear, and restored where none is', async () => {
  expect(await domain('status', '--data', data)).toMatchObject({ code: 0, out: expect.stringContaining('no domain') });
  const created = await domain('create', '--data', data, ...secrets, '--rotate-every', '30d', '--json');
  expect(created).toMatchObject({ code: 0, err: '' });
  const { serial_key: serialKey, domain: made } = JSON.parse(created.out);
  expect(serialKey).toMatch(/^[0-9a-f]{32}$/);
  expect(made).toMatchObject({ profile: 'hardened', algorithm: 'ccm', rotate_every_s: 30 * 86_400, locks: [] });
  expect(await domain('create', '--data', data, ...secrets)).toMatchObject({ code: 3 });

  const file = join(folder, 'one.cardea-domain');
  const opening = [...secrets, '--passphrase-file', join(folder, 'passphrase')];
  expect(await domain('backup', file, '--data', data, ...opening)).toMatchObject({ code: 0, err: '' });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(file).includes(serialKey)).toBe(false);
  expect(await domain('backup', file, '--data', data, ...opening)).toMatchObject({ code: 2 });
  expect(await domain('restore', file, '--data', data, ...opening)).toMatchObject({ code: 3 });

  const other = join(folder, 'other');
  mkdirSync(join(other, 'gateway'), { recursive: true });
  expect(await domain('restore', file, '--data', other, ...opening)).toMatchObject({ code: 0, err: '' });
  const shown = await domain('status', '--data', other, '--json');
  expect(JSON.parse(shown.out).domain).toMatchObject({ address: made.address, running: false, backed_up_at: null });
});

it('the profile standard is said to be weak', async () => {
  const created = await domain('create', '--data', data, ...secrets, '--scpm-profile', 'standard');
  expect(created).toMatchObject({ code: 0, out: expect.stringContaining('WEAK') });
});

it.each<[string, string[], RegExp]>([
  ['a profile that there is not', ['create', '--scpm-profile', 'fast'], /hardened or standard/],
  ['a group of the other profile', ['create', '--group', 'modp1536'], /group/],
  ['a lock that is none', ['join', '101'], /12 hex digits/],
  ['a serial key that is too short', ['join', 'C0FFEE000001', '--serial-key', '00'], /32 hex digits/],
  ['a provider without locks', ['provider', 'add', 'Lift'], /--locks/],
])('%s is a wrong use: exit 2', async (_name, [command = '', ...rest], message) => {
  const ended = await domain(command, ...rest, '--data', data, ...secrets);
  expect(ended).toMatchObject({ code: 2, err: expect.stringMatching(message) });
});

it('a change needs the gateway, a wrong PIN is refused, and a PIN that others may read is no secret', async () => {
  expect(await domain('rotate', '--data', data, ...secrets)).toMatchObject({ code: 3 });
  await domain('create', '--data', data, ...secrets);
  const rotated = await domain('rotate', '--data', data, ...secrets);
  expect(rotated).toMatchObject({ code: 4, err: expect.stringContaining('does not run') });
  const wrong = join(folder, 'wrong');
  writeFileSync(wrong, '000000\n', { mode: 0o600 });
  const opening = ['--passphrase-file', join(folder, 'passphrase')];
  const refused = await domain('backup', join(folder, 'x'), '--data', data, '--pin-file', wrong, ...opening);
  expect(refused).toMatchObject({ code: 3, err: expect.stringContaining('wrong PIN (4 more before a wait)') });
  writeFileSync(join(folder, 'open'), '246810\n', { mode: 0o644 });
  const open = await domain('rotate', '--data', data, '--pin-file', join(folder, 'open'));
  expect(open).toMatchObject({ code: 2, err: expect.stringContaining('chmod 600') });
  expect(await domain('status', '--data', join(folder, 'nowhere'))).toMatchObject({ code: 3 });
});
