import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GrantMethod } from '@cardea/wire-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cardea, DOOR, listed } from './fake-client.ts';

const GRANT = 'grant_0198c0de-0000-7000-8000-000000000009';
const METHOD: GrantMethod = {
  id: 'mth_1',
  grant_id: GRANT,
  lock_id: 'lock_1',
  door_id: DOOR.id,
  method: 'pin',
  state: 'setting',
  reason: null,
  tries: 0,
  next_try_at: null,
  acknowledged_at: null,
  slot: 1,
  lease_ends_at: null,
  ending: { cannot_open_after: '2026-01-20T10:00:00.000Z', why: 'lease' },
};

let folder = '';
let profile = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cardea-cli-'));
  profile = join(folder, 'cli.json');
  writeFileSync(profile, JSON.stringify({ url: 'https://localhost:8443', token: 'ct_test' }), { mode: 0o600 });
});
afterAll(() => rmSync(folder, { recursive: true }));

function client() {
  const asked: unknown[] = [];
  return {
    asked,
    parts: {
      grants: { get: async () => ({ id: GRANT, property_id: 'prop_1' }) },
      properties: { get: async () => ({ time_zone: 'Europe/Berlin' }) },
      doors: { list: () => listed(DOOR) },
      grantMethods: async () => [METHOD],
      phones: {
        list: () => listed({ id: 'phone_1', name: 'Phone', kind: 'phone', state: 'lost', person_id: 'per_1' }),
        lost: async (id: string) => {
          asked.push(id);
          const ending = { cannot_open_after: null, why: 'no_clock' };
          return {
            phone: { kind: 'phone', name: 'Phone', lost_at: '2026-01-15T12:00:00.000Z' },
            doors: [{ door_id: DOOR.id, lock_id: 'lock_1', grant_id: GRANT, ending }],
          };
        },
      },
      pins: {
        make: async (_: string, input: { kind: string }) => {
          asked.push(input);
          const given = { start_at: '2026-01-15T12:00:00.000Z', end_at: '2026-01-16T12:00:00.000Z' };
          return input.kind === 'online'
            ? { pin: '493817', methods: [METHOD], offline: [] }
            : { pin: null, methods: [], offline: [{ door_id: DOOR.id, pin: '0421234567', given }] };
        },
        list: async () => ({ online: [METHOD], offline: [] }),
        remove: async () => [{ ...METHOD, state: 'removing' }],
        reopenKeypad: async (id: string) => {
          asked.push(id);
          return { state: 'setting' };
        },
      },
    } as never,
  };
}

describe('cardea pin, grant methods, phone lost', () => {
  it('shows a PIN that was made once, with the doors that are being told', async () => {
    const { parts, asked } = client();
    const ran = await cardea(['pin', 'create', GRANT], parts, { profile });
    expect(ran.out).toContain('493817');
    expect(ran.out).toMatch(/101 +pin +setting +- +cannot open after 2026-01-20 11:00/);
    expect(asked).toEqual([{ kind: 'online' }]);
  });

  it('reads a PIN that is chosen from standard input, never from the command line', async () => {
    const { parts, asked } = client();
    await cardea(['pin', 'create', GRANT, '--choose'], parts, { profile, lines: ['384712'] });
    expect(asked).toEqual([{ kind: 'online', pin: '384712' }]);
    expect((await cardea(['pin', 'create', GRANT, '384712'], parts, { profile })).code).toBe(2);
  });

  it('makes offline PINs, one a door, from a time of the property', async () => {
    const { parts, asked } = client();
    const line = ['pin', 'create', GRANT, '--offline', '24h', '--from', '2026-01-15 13:00'];
    const ran = await cardea(line, parts, { profile });
    expect(ran.out).toMatch(/101 +0421234567 +2026-01-15 13:00 to 2026-01-16 13:00/);
    expect(asked).toEqual([{ kind: 'offline', window: '24h', start_at: '2026-01-15T12:00:00.000Z' }]);
    for (const wrong of [
      ['--offline', '2h'],
      ['--from', 'now'],
      ['--offline', '3h', '--choose'],
    ]) {
      expect((await cardea(['pin', 'create', GRANT, ...wrong], parts, { profile })).code).toBe(2);
    }
  });

  it('shows how methods stand, and removes PINs', async () => {
    const { parts } = client();
    expect((await cardea(['grant', 'methods', GRANT], parts, { profile })).out).toMatch(/101 +pin +setting/);
    expect((await cardea(['pin', 'list', GRANT], parts, { profile })).out).toMatch(/101 +pin +setting/);
    expect((await cardea(['pin', 'remove', GRANT], parts, { profile })).out).toMatch(/101 +pin +removing/);
  });

  it('reopens a keypad, lists phones, and says of a lost one until when it opens', async () => {
    const { parts, asked } = client();
    expect((await cardea(['pin', 'reopen', '101'], parts, { profile })).out).toContain('101');
    expect((await cardea(['phone', 'list'], parts, { profile })).out).toMatch(/Phone +phone +lost/);
    const lost = await cardea(['phone', 'lost', 'phone_1'], parts, { profile });
    expect(lost.out).toMatch(/101 +no end until the lock has heard/);
    expect(asked).toEqual([DOOR.id, 'phone_1']);
  });
});
