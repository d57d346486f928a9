import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Explanation, GrantAnswer } from '@cardea/wire-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dayException, dayText, weeklyText, weeklyWindow } from '../src/access/windows.ts';
import { localTime, moment } from '../src/moment.ts';
import { cardea, DOOR, listed, PROPERTY, person } from './fake-client.ts';

const PERSON = 'per_0198c0de-0000-7000-8000-000000000001';
const GRANT: GrantAnswer = {
  id: 'grant_0198c0de-0000-7000-8000-000000000001',
  person_id: PERSON,
  property_id: PROPERTY.id,
  scope: { kind: 'doors', door_ids: [DOOR.id] },
  not_before: '2026-10-01T13:00:00.000Z',
  not_after: '2026-10-03T09:00:00.000Z',
  schedule_id: null,
  conditions: { geofence: false, second_person: false, first_use: null },
  operations: ['unlock', 'lock'],
  methods: ['mobile_key'],
  uses: null,
  used: 0,
  first_used_at: null,
  series: 1,
  stay_id: null,
  source_grant_id: null,
  visitor_id: null,
  state: 'active',
  revoked_at: null,
  created_by: PERSON,
  created_at: '2026-09-01T00:00:00.000Z',
  version: 1,
  notices: [],
};

let folder = '';
let profile = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cardea-cli-'));
  profile = join(folder, 'cli.json');
  writeFileSync(profile, JSON.stringify({ url: 'https://localhost:8443', token: 'ct_test' }), { mode: 0o600 });
});
afterAll(() => rmSync(folder, { recursive: true }));

const estate = {
  doors: { list: () => listed(DOOR), get: async () => DOOR },
  properties: { get: async () => PROPERTY, list: () => listed(PROPERTY) },
};

describe('a moment as people write it', () => {
  const zone = 'Europe/Berlin';
  const now = Date.parse('2026-10-01T12:00:00.700Z');
  const at = (given: string) => new Date(moment('--at', given, zone, now)).toISOString();
  it.each([
    ['now', '2026-10-01T12:00:00.000Z'],
    ['+2h', '2026-10-01T14:00:00.000Z'],
    ['2026-10-01 15:00', '2026-10-01T13:00:00.000Z'],
    ['2026-12-01T15:00', '2026-12-01T14:00:00.000Z'],
    ['2026-10-01', '2026-09-30T22:00:00.000Z'],
    ['2026-10-01T15:00:00Z', '2026-10-01T15:00:00.000Z'],
    ['2026-10-01T15:00:00+05:30', '2026-10-01T09:30:00.000Z'],
    // The clocks repeat it: the first is meant.
    ['2026-10-25 02:30', '2026-10-25T00:30:00.000Z'],
  ])('%s', (given, meant) => expect(at(given)).toBe(meant));
  it.each(['2026-03-29 02:30', 'tomorrow', '15:00', '2026-02-31 10:00', '+2'])('is none: %s', (given) => {
    expect(() => at(given)).toThrow();
  });
  it('is shown as the clocks of the zone show it', () => {
    expect(localTime('Australia/Lord_Howe', '2026-04-04T15:00:00.000Z')).toBe('2026-04-05 01:30');
    expect(localTime('America/St_Johns', '2026-07-01T00:00:00.000Z')).toBe('2026-06-30 21:30');
  });
});

describe('windows as people write them', () => {
  it.each(['mon-fri 08:00-18:00', 'sat,sun 10:00-14:00', 'daily 22:00-06:00', 'fri 00:00-24:00'])('%s', (given) => {
    expect(weeklyText(weeklyWindow(given))).toBe(given);
  });
  it.each(['mon 8-18', 'someday 08:00-18:00', 'fri-mon 08:00-18:00', 'mon 08:00-25:00', 'mon'])(
    'refuses %s',
    (given) => {
      expect(() => weeklyWindow(given)).toThrow();
    },
  );
  it('days that differ', () => {
    expect(dayText(dayException('--holiday', '2026-12-25'))).toBe('2026-12-25 closed');
    const open = '2026-12-24=08:00-12:00,14:00-18:00';
    expect(dayException('--holiday', open).windows).toHaveLength(2);
    expect(dayText(dayException('--holiday', open))).toBe('2026-12-24 08:00-12:00, 14:00-18:00');
    expect(() => dayException('--holiday', '25.12.2026')).toThrow();
  });
});

describe('cardea grant', () => {
  it('create sends what was asked, in UTC, and shows what the clocks do', async () => {
    const sent: unknown[] = [];
    const detail = 'On 2026-10-25 the clocks repeat part of 01:00 to 05:00: it lasts 5 h instead of 4 h.';
    const notice = { date: '2026-10-25', from: '01:00', to: '05:00', clocks: 'repeat' as const, detail };
    const notices = [{ ...notice, changes_at: '2026-10-25T01:00:00.000Z', reads_min: 240, lasts_min: 300 }];
    const create = async (body: unknown) => {
      sent.push(body);
      return { ...GRANT, notices };
    };
    const line = [
      'grant',
      'create',
      PERSON,
      '--door',
      '101',
      '--from',
      '2026-10-01 15:00',
      '--until',
      '2026-10-03 11:00',
    ];
    const ran = await cardea(
      [...line, '--uses', '3', '--first-use', '2h'],
      { ...estate, grants: { create } },
      { profile },
    );
    expect(ran.err).toBe('');
    expect(ran.out).toBe(`granted: ${GRANT.id}, 2026-10-01 15:00 to 2026-10-03 11:00\n  ! ${detail}\n`);
    expect(sent).toEqual([
      {
        person_id: PERSON,
        scope: GRANT.scope,
        not_before: GRANT.not_before,
        not_after: GRANT.not_after,
        schedule_id: null,
        conditions: { geofence: false, second_person: false, first_use: { valid_for_s: 7200 } },
        methods: ['mobile_key'],
        operations: ['unlock', 'lock'],
        uses: 3,
      },
    ]);
  });

  it('extend counts from the end that the grant has, and changes what was read', async () => {
    const sent: unknown[] = [];
    const grants = {
      get: async (_: string, more?: { onEtag?: (etag: string) => void }) => {
        more?.onEtag?.('"tag"');
        return GRANT;
      },
      change: async (id: string, body: { not_after?: string | null }, more?: { ifMatch?: string }) => {
        sent.push([id, body, more?.ifMatch]);
        return { ...GRANT, not_after: body.not_after ?? null };
      },
    };
    const ran = await cardea(['grant', 'extend', GRANT.id, '--until', '+1d'], { ...estate, grants } as never, {
      profile,
    });
    expect(ran.out).toBe('changed: 2026-10-01 15:00 to 2026-10-04 11:00\n');
    expect(sent).toEqual([[GRANT.id, { not_after: '2026-10-04T09:00:00.000Z' }, '"tag"']]);
  });

  it('says that a door has to be named', async () => {
    const ran = await cardea(['grant', 'create', PERSON], estate, { profile });
    expect(ran.code).toBe(2);
    expect(ran.err).toMatch(/no door is named.*--door/);
  });
});

describe('cardea explain', () => {
  const way = { permitted: true, opens: true, by: 'grant' as const, grant_id: GRANT.id, against: null };
  const answer: Explanation = {
    person_id: PERSON,
    door_id: DOOR.id,
    lock_id: DOOR.lock_id,
    operation: 'unlock',
    at: '2026-10-25T00:30:00.000Z',
    time_zone: 'Europe/Berlin',
    from_afar: { ...way, rules: [{ rule: 'window', passed: true, detail: 'from 1 to 2' }] },
    at_the_door: {
      ...way,
      permitted: false,
      opens: false,
      against: 'method',
      rules: [
        { rule: 'uses', passed: null, detail: 'any number of times' },
        { rule: 'method', passed: false, detail: 'nothing\u001b[2J of this grant is at the lock' },
      ],
      opens_until: null,
    },
    clock_offset_s: 1,
    last_proof_at: null,
  };
  it('reads as a table of rules, and moves no cursor', async () => {
    const asked: unknown[] = [];
    const client = {
      ...estate,
      explain: async (_: string, question: unknown) => {
        asked.push(question);
        return answer;
      },
    };
    const line = ['explain', '101', '--person', PERSON, '--at', '2026-10-25 02:30'];
    const ran = await cardea(line, client, { profile });
    expect(asked).toEqual([{ person: PERSON, operation: 'unlock', at: answer.at }]);
    expect(ran.out).toBe(
      [
        `unlock 101, ${PERSON}, at 2026-10-25 02:30 (Europe/Berlin)`,
        '',
        `✓ from afar: permitted by ${GRANT.id}`,
        '  ✓ window  from 1 to 2',
        '',
        '✗ at the door: not permitted: method',
        '  · uses    any number of times',
        '  ✗ method  nothing of this grant is at the lock',
        '',
      ].join('\n'),
    );
    expect(JSON.parse((await cardea([...line, '--json'], client, { profile })).out)).toEqual(answer);
  });
  it('means whoever asks when nobody is named, and finds a person by address, id or a name that is one person’s', async () => {
    const asked: (string | undefined)[] = [];
    const persons = [
      person(),
      person({ id: 'per_0198c0de-0000-7000-8000-000000000002', email: 'x@example.net', name: 'ada@example.net' }),
      person({ id: 'per_0198c0de-0000-7000-8000-000000000003', email: 'y@example.net', name: 'Twin' }),
      person({ id: 'per_0198c0de-0000-7000-8000-000000000004', email: 'z@example.net', name: 'twin' }),
    ];
    const client = {
      ...estate,
      me: async () => ({ person_id: 'per_me' }),
      persons: { list: () => listed(...persons) },
      explain: async (_: string, question: { person: string }) => {
        asked.push(question.person);
        return answer;
      },
    };
    const own = await cardea(['explain', '101'], client as never, { profile });
    expect([own.code, own.out]).toEqual([0, expect.stringContaining('unlock 101, you, at')]);
    for (const named of ['ADA@example.net', PERSON, 'ada lovelace']) {
      const ran = await cardea(['explain', '101', '--person', named], client as never, { profile });
      expect([named, ran.code]).toEqual([named, 0]);
    }
    expect(asked).toEqual(['per_me', PERSON, PERSON, PERSON]);
    const twins = await cardea(['explain', '101', '--person', 'Twin'], client as never, { profile });
    expect([twins.code, twins.err]).toEqual([2, expect.stringContaining('give the id: per_')]);
    expect((await cardea(['explain', '101', '--person', 'Ada'], client as never, { profile })).code).toBe(3);
  });
});
