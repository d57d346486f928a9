import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog, openRotatingFile, redact } from '@cardea/kit-node';
import { Secret } from '@cardea/kit-runtime';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

it.each([
  'authorization',
  'Authorization',
  'password',
  'newPassword',
  'token',
  'enrolment_token',
  'key',
  'factoryKey',
  'api_key',
  'cookie',
  'clientSecret',
])('the field %s never reaches a line', (name) => {
  expect(redact({ [name]: 'hunter2' })).toEqual({ [name]: '[secret]' });
});

it.each(['keyboard', 'keyVersion', 'token_id', 'lock', 'path', 'attempt'])('the field %s stays', (name) => {
  expect(redact({ [name]: 'x' })).toEqual({ [name]: 'x' });
});

it('a token inside other text is taken out', () => {
  expect(redact({ header: 'Bearer abcdefgh1234' })).toEqual({ header: 'Bearer [secret]' });
  expect(redact({ url: '/enrol?t=ce_abcdefgh12345678' })).toEqual({ url: '/enrol?t=ce_[secret]' });
});

it('a file log holds one JSON object a line, readable by this user alone, without any secret', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cardea-log-'));
  try {
    const path = join(folder, 'logs', 'server.log');
    const log = createLog('server', 'info', { kind: 'file', path });
    log.debug('not at this level');
    log.info('signed in', { person: 'person_1', password: 'hunter2', note: String(new Secret('hunter2')) });
    log.error('broken', { reason: 'x' });
    log.flush();
    const content = readFileSync(path, 'utf8');
    const lines = content
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toMatchObject([
      { level: 'info', component: 'server', message: 'signed in', person: 'person_1', password: '[secret]' },
      { level: 'error', message: 'broken', reason: 'x' },
    ]);
    expect(content).not.toContain('hunter2');
    expect(statSync(path).mode & 0o777).toBe(0o600);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('a private key inside other text is taken out', () => {
  const pem = '-----BEGIN EC PRIVATE KEY-----\nMHcCAQEE\n-----END EC PRIVATE KEY-----';
  expect(redact({ note: `read ${pem} from the file` })).toEqual({ note: 'read [secret] from the file' });
  expect(redact({ note: '-----BEGIN PRIVATE KEY-----\ncut' })).toEqual({ note: '[secret]' });
});

it('an object in a field, whatever it holds, is not written', () => {
  const fields = { one: new Secret('hunter2'), two: { password: 'hunter2' }, three: Buffer.from('hunter2') };
  expect(redact(fields as never)).toEqual({ one: '[secret]', two: '[object]', three: '[object]' });
});

describe('a log file is bounded', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'cardea-log-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('full files are kept to a number, each no larger than its bound, the newest lines last', () => {
    const path = join(folder, 'a.log');
    const file = openRotatingFile({ path, maxOctets: 100, keepFiles: 2 });
    for (let i = 0; i < 100; i++) file.write(`line ${String(i).padStart(3, '0')}\n`);
    file.close();
    expect(readdirSync(folder).sort()).toEqual(['a.log', 'a.log.1', 'a.log.2']);
    for (const name of readdirSync(folder)) {
      expect(statSync(join(folder, name)).size).toBeLessThanOrEqual(100);
      expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    }
    const lines = ['a.log.2', 'a.log.1', 'a.log'].flatMap((name) =>
      readFileSync(join(folder, name), 'utf8').trim().split('\n'),
    );
    expect(lines).toEqual(
      Array.from({ length: lines.length }, (_, i) => `line ${100 - lines.length + i}`.replace(/ (\d\d)$/, ' 0$1')),
    );
    expect(file.lostLines).toBe(0);
  });

  it('what an earlier process wrote counts, and its mode is put right', () => {
    const path = join(folder, 'a.log');
    writeFileSync(path, 'x'.repeat(95));
    chmodSync(path, 0o644);
    const file = openRotatingFile({ path, maxOctets: 100, keepFiles: 1 });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    file.write('a new line\n');
    file.close();
    expect(readFileSync(path, 'utf8')).toBe('a new line\n');
    expect(statSync(`${path}.1`).size).toBe(95);
  });

  it('a file that was moved away is opened anew', () => {
    const path = join(folder, 'a.log');
    const file = openRotatingFile({ path, maxOctets: 100, keepFiles: 1 });
    file.write('before\n');
    renameSync(path, join(folder, 'moved'));
    file.reopen();
    file.write('after\n');
    file.close();
    expect([readFileSync(join(folder, 'moved'), 'utf8'), readFileSync(path, 'utf8')]).toEqual(['before\n', 'after\n']);
  });

  it('a link in the way is not written through', () => {
    const path = join(folder, 'a.log');
    writeFileSync(join(folder, 'victim'), 'precious');
    symlinkSync(join(folder, 'victim'), path);
    expect(() => openRotatingFile({ path, maxOctets: 100, keepFiles: 1 })).toThrow(/ELOOP/);
    expect(readFileSync(join(folder, 'victim'), 'utf8')).toBe('precious');
  });

  it('a line that cannot be written is counted, and nothing is thrown', () => {
    const path = join(folder, 'a.log');
    // The place of the first full file is taken by a folder that is not empty, so the rename fails.
    mkdirSync(`${path}.1`);
    writeFileSync(join(`${path}.1`, 'x'), '');
    const file = openRotatingFile({ path, maxOctets: 10, keepFiles: 1 });
    file.write('12345678\n');
    file.write('12345678\n');
    expect(file.lostLines).toBe(1);
    file.close();
  });
});
