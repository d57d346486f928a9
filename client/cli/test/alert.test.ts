import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiProblem } from '@cardea/client-sdk';
import type { Alert } from '@cardea/wire-api';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cardea, listed } from './fake-client.ts';

const ALERT: Alert = {
  id: 'alr_1',
  rule: 'unasked_open',
  subject_id: 'lock_1',
  property_id: 'prop_1',
  door_id: 'door_1',
  lock_id: 'lock_1',
  gateway_id: null,
  person_id: null,
  state: 'open',
  count: 1,
  evidence: ['evt_1'],
  first_at: '2026-01-15T12:00:00Z',
  last_at: '2026-01-15T12:00:00Z',
  acknowledged_at: null,
  acknowledged_by: null,
  created_at: '2026-01-15T12:01:30Z',
};

let folder = '';
let profile = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cardea-cli-'));
  profile = join(folder, 'cli.json');
  writeFileSync(profile, JSON.stringify({ url: 'https://localhost:8443', token: 'ct_test' }), { mode: 0o600 });
});
afterAll(() => rmSync(folder, { recursive: true }));

it('alert list shows the open ones, and says when there is none', async () => {
  const asked: unknown[] = [];
  const client = (items: readonly Alert[]) => ({
    alerts: {
      list: (query: unknown) => {
        asked.push(query);
        return listed(...items);
      },
    },
    doors: { list: () => listed({ id: 'door_1', name: '101' }) },
  });
  const some = await cardea(['alert', 'list'], client([ALERT]) as never, { profile });
  expect(some.out).toMatch(/unasked_open +101 +lock_1 +open +alr_1/);
  const none = await cardea(['alert', 'list', '--all'], client([]) as never, { profile });
  expect(none.out).toBe('no open alerts\n');
  expect(asked).toEqual([{ state: 'open' }, {}]);
});

it('alert show names the rule in words and the evidence; acknowledge says what was seen to', async () => {
  const client = {
    alerts: {
      get: async () => ALERT,
      acknowledge: async () => ({ ...ALERT, state: 'acknowledged' as const }),
    },
  };
  const shown = await cardea(['alert', 'show', 'alr_1'], client as never, { profile });
  expect(shown.out).toContain('a lock opened by a command that the record knows nothing of');
  expect(shown.out).toContain('evt_1');
  const done = await cardea(['alert', 'acknowledge', 'alr_1'], client as never, { profile });
  expect(done.out).toBe('acknowledged unasked_open, alr_1\n');
});

it.each([
  new ApiProblem('not_found', 'There is no such alert.', { status: 404 }),
  new ApiProblem('invalid', 'path.id must match pattern', { status: 400, field: 'path.id' }),
])('an alert that there is not is named, with where ids are shown', async (problem) => {
  const client = { alerts: { get: () => Promise.reject(problem) } };
  const { code, err } = await cardea(['alert', 'show', 'nope'], client as never, { profile });
  expect(err).toBe('cardea: ALERT: there is no alert "nope"; ids are shown by `cardea alert list --all`\n');
  expect(code).toBe(3);
});
