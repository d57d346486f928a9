import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Secret } from '@cardea/kit-runtime';
import { expect, it } from 'vitest';
import { createLog, redact } from './log.ts';

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
