import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Stay, StayAnswer } from '@cardea/wire-api';
import { expect, it } from 'vitest';
import { attempt, cardea, DOOR, listed, PROPERTY, person } from './fake-client.ts';

const profile = (folder: string): string => {
  const file = join(folder, 'cli.json');
  writeFileSync(file, JSON.stringify({ url: 'https://127.0.0.1:1', token: 't' }), { mode: 0o600 });
  return file;
};

/** Runs with a profile and a folder of its own. */
async function within<T>(work: (folder: string, profile: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'cardea-stays-'));
  try {
    return await work(folder, profile(folder));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const STAY: Stay = {
  id: 'stay_0198c0de-0000-7000-8000-000000000001',
  property_id: DOOR.property_id,
  person_id: 'per_0198c0de-0000-7000-8000-000000000001',
  door_ids: [DOOR.id],
  from: '2026-05-01T13:00:00.000Z',
  to: '2026-05-04T09:00:00.000Z',
  state: 'checked_in',
  source: 'desk',
  reference: null,
  checked_in_at: '2026-05-01T13:00:00.000Z',
  checked_out_at: null,
  created_by: 'per_0198c0de-0000-7000-8000-000000000002',
  created_at: '2026-05-01T13:00:00.000Z',
};
const answer = (change: Partial<Stay> = {}, endings: StayAnswer['endings'] = []): StayAnswer => ({
  stay: { ...STAY, ...change },
  grants: [],
  endings,
});
const doors = { list: () => listed(DOOR) };
const house = {
  doors,
  properties: { get: async () => PROPERTY, list: () => listed(PROPERTY) },
  persons: { list: () => listed(person()) },
};

it('checkin takes room, name, until and contact', async () => {
  await within(async (_, profile) => {
    const asked: unknown[] = [];
    const add = async (input: unknown) => {
      asked.push(input);
      return answer();
    };
    const { code, out } = await cardea(
      ['checkin', '101', 'Ada', '--until', '2026-05-04', '--contact', 'ada@example.net', '--method', 'card', 'pin'],
      { ...house, stays: { add } },
      { profile },
    );
    expect(asked).toEqual([
      {
        property_id: DOOR.property_id,
        door_ids: [DOOR.id],
        name: 'Ada',
        contact: 'ada@example.net',
        until: '2026-05-04',
        methods: ['pin', 'card'],
        replace: false,
      },
    ]);
    // Times are the property's, and persons are called by their names.
    const said = `room 101: Ada Lovelace is checked in, 2026-05-01 15:00 to 2026-05-04 11:00 (${STAY.id})\n`;
    expect([code, out]).toEqual([0, said]);
  });
});

it('times of stays are written as everywhere: a day, or a time in the zone of the property', async () => {
  await within(async (_, profile) => {
    const asked: unknown[] = [];
    const stays = {
      list: () => listed(STAY),
      extend: async (_: string, until: string) => {
        asked.push(until);
        return answer();
      },
      add: async ({ from, until }: { from?: string; until: string }) => {
        asked.push([from, until]);
        return answer({ state: 'reserved' });
      },
    };
    const client = { ...house, stays };
    for (const until of ['2026-05-06', '2026-05-06 12:30', '2026-05-06T10:30:00Z']) {
      expect((await cardea(['extend', '101', '--until', until], client, { profile })).code).toBe(0);
    }
    const reserve = ['reserve', '101', 'Ada', '--from', '2026-05-01 18:00', '--until', '2026-05-04'];
    expect((await cardea(reserve, client, { profile })).code).toBe(0);
    const noon = '2026-05-06T10:30:00.000Z';
    expect(asked).toEqual(['2026-05-06', noon, noon, ['2026-05-01T16:00:00.000Z', '2026-05-04']]);
    for (const wrong of ['tomorrow', '2026-02-31', '2026-03-29 02:30']) {
      const ran = await cardea(['extend', '101', '--until', wrong], client, { profile });
      expect([ran.code, ran.err]).toEqual([2, expect.stringContaining('--until')]);
    }
    expect(asked).toHaveLength(4);
  });
});

it('stays list names guests, and shows the times of the property', async () => {
  await within(async (_, profile) => {
    const { out } = await cardea(['stays', 'list'], { ...house, stays: { list: () => listed(STAY) } }, { profile });
    expect(out).toMatch(/^101 +Ada Lovelace +checked_in +2026-05-01 15:00 +2026-05-04 11:00 +stay_/m);
    const json = await cardea(['stays', 'list', '--json'], { stays: { list: () => listed(STAY) } }, { profile });
    expect(JSON.parse(json.out)).toEqual({ items: [STAY] });
  });
});

it('checkin without a name takes the next reservation of the room, and says when there is none', async () => {
  await within(async (_, profile) => {
    const asked: string[] = [];
    const later = { ...STAY, id: 'stay_later', from: '2026-06-01T13:00:00.000Z' };
    const checkIn = async (id: string) => {
      asked.push(id);
      return answer();
    };
    const stays = { list: () => listed(later, STAY), checkIn };
    expect((await cardea(['checkin', '101'], { ...house, stays }, { profile })).code).toBe(0);
    expect(asked).toEqual([STAY.id]);
    const none = await cardea(['checkin', '101'], { ...house, stays: { list: () => listed<Stay>() } }, { profile });
    expect([none.code, none.err]).toEqual([3, expect.stringContaining('no reservation')]);
    expect((await cardea(['checkin', '101', 'Ada'], house, { profile })).code).toBe(2);
    // What would be passed over is not taken.
    const nobody = await cardea(['checkin', '101', '--until', '2026-05-04'], { ...house, stays }, { profile });
    expect([nobody.code, nobody.err, asked.length]).toEqual([2, expect.stringContaining('NAME is missing'), 1]);
  });
});

it('checkout says until when each key can still open', async () => {
  await within(async (_, profile) => {
    const ending = { cannot_open_after: '2026-05-01T14:05:00.000Z', why: 'lease' } as const;
    const endings = [
      { door_id: DOOR.id, person_id: STAY.person_id, grant_id: 'grant_a', ending },
      {
        door_id: 'door_b',
        person_id: STAY.person_id,
        grant_id: 'grant_b',
        ending: { cannot_open_after: null, why: 'no_clock' },
      },
      { door_id: DOOR.id, person_id: 'per_b', grant_id: 'grant_c', ending: { ...ending, why: 'nothing_held' } },
    ] as const;
    const checkOut = async () => answer({ state: 'checked_out' }, [...endings]);
    const { code, out } = await cardea(
      ['checkout', '101'],
      { ...house, stays: { list: () => listed(STAY), checkOut } },
      { profile },
    );
    expect(code).toBe(0);
    expect(out).toContain('Ada Lovelace at 101: cannot open after 2026-05-01 16:05');
    expect(out).toContain('Ada Lovelace at door_b: may open until the lock has heard of it');
    expect(out).toContain('per_b at 101: holds nothing that opens');
    const empty = await cardea(['checkout', '101'], { ...house, stays: { list: () => listed<Stay>() } }, { profile });
    expect([empty.code, empty.err]).toEqual([3, expect.stringContaining('nobody is checked in')]);
  });
});

it('stays import tells first, does it with --apply, and names what was refused', async () => {
  await within(async (folder, profile) => {
    writeFileSync(join(folder, 'may.ics'), 'BEGIN:VCALENDAR');
    const asked: { dry_run: boolean; format: string; file: string }[] = [];
    const refusal = { line: 3, reference: null, result: 'refused', stay_id: null, field: 'DTEND', message: 'no date' };
    const importFile = async (input: (typeof asked)[number]) => {
      asked.push(input);
      return { dry_run: input.dry_run, lines: input.dry_run ? [refusal] : [] };
    };
    const client = { properties: { list: () => listed(PROPERTY) }, stays: { importFile } } as never;
    const more = { profile, cwd: folder };
    const dry = await cardea(['stays', 'import', 'may.ics'], client, more);
    expect([dry.code, dry.out]).toEqual([3, expect.stringContaining('line 3, DTEND: no date')]);
    expect(dry.out).toContain('nothing was done');
    expect((await cardea(['stays', 'import', 'may.ics', '--apply'], client, more)).code).toBe(0);
    expect(asked).toMatchObject([
      { dry_run: true, format: 'ical', file: 'BEGIN:VCALENDAR' },
      { dry_run: false, format: 'ical' },
    ]);
    expect((await cardea(['stays', 'import', 'may.txt'], client, more)).code).toBe(2);
    expect((await cardea(['stays', 'import', 'none.csv'], client, more)).code).toBe(2);
  });
});

it('lockdown tells of each door by its lock’s word, and fails while one is missing', async () => {
  await within(async (_, profile) => {
    const begun = attempt({ operation: 'set_lockdown', state: 'sent', receipt: null, ended_at: null });
    const lost = { ...begun, state: 'expired', reason: 'outcome_unknown' } as const;
    const mode = { door_id: DOOR.id, has_lock: true, until: null, confirmed_at: null } as const;
    const asked: unknown[] = [];
    const client = (shown: 'normal' | 'lockdown') => ({
      doors,
      properties: { list: () => listed(PROPERTY) },
      lockdown: async (_id: string, input: unknown) => {
        asked.push(input);
        return { doors: [{ door_id: DOOR.id, attempt: begun, reason: null }] };
      },
      attempts: { get: async () => lost },
      modes: () =>
        listed({ ...mode, mode: shown, asked: shown === 'normal' ? { mode: 'lockdown', attempt: lost } : null }),
    });
    const failed = await cardea(['lockdown', 'on'], client('normal') as never, { profile });
    expect([failed.code, failed.out]).toEqual([4, expect.stringContaining('lockdown expired outcome_unknown')]);
    expect((await cardea(['lockdown', 'on'], client('lockdown') as never, { profile })).code).toBe(0);
    expect(asked).toEqual([{ on: true }, { on: true }]);
    expect((await cardea(['lockdown', 'up'], client('normal') as never, { profile })).code).toBe(2);
  });
});

it('mode and override follow the attempt to the lock’s receipt', async () => {
  await within(async (_, profile) => {
    const asked: unknown[] = [];
    const fake = {
      ...house,
      doors: {
        ...doors,
        setMode: async (...args: unknown[]) => {
          asked.push(args);
          return attempt({ operation: 'set_passage' });
        },
        override: async (...args: unknown[]) => {
          asked.push(args);
          return attempt({ operation: 'override' });
        },
      },
    };
    const passage = await cardea(['mode', '101', 'passage'], fake as never, { profile });
    expect([passage.code, passage.out]).toEqual([0, expect.stringContaining('in passage mode')]);
    const over = await cardea(['override', '101', '--reason', 'smoke'], fake as never, { profile });
    expect([over.code, over.out]).toEqual([0, expect.stringContaining('unlocked')]);
    expect(asked).toEqual([
      [DOOR.id, 'passage', undefined],
      [DOOR.id, 'smoke'],
    ]);
    const until = ['mode', '101', 'passage', '--until', '2026-05-01 18:00'];
    expect((await cardea(until, fake as never, { profile })).code).toBe(0);
    expect(asked.at(-1)).toEqual([DOOR.id, 'passage', '2026-05-01T16:00:00.000Z']);
    expect((await cardea(['mode', '101', 'party'], fake as never, { profile })).code).toBe(2);
    expect((await cardea(['override', '101'], fake as never, { profile })).code).toBe(2);
  });
});
