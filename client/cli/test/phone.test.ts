import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verifyP256 } from '@cardea/kit-node';
import { concat, fromAscii, fromHex } from '@cardea/kit-octets';
import type { KeyBundle, Phone } from '@cardea/wire-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cardea } from './fake-client.ts';

const NOW = '2026-03-01T12:00:00.000Z';
const KG = 'a1'.repeat(32);
const KADV = 'b2'.repeat(16);

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cardea-cli-phone-'));
  writeFileSync(join(folder, 'cli.json'), JSON.stringify({ url: 'https://localhost:1', token: 'tok' }), {
    mode: 0o600,
  });
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const challenge = 'c3'.repeat(32);

/** A server that enrols phones and gives one key each; `asked` is what it was asked. */
function server(asked: Record<string, unknown>[] = []) {
  const enrolled = (input: { public_key: string; kind?: string; name: string }): Phone => ({
    id: 'phone_1',
    person_id: 'per_1',
    kind: input.kind === 'card' ? 'card' : 'phone',
    name: input.name,
    public_key: input.public_key,
    state: 'active',
    lost_at: null,
    signs_in: false,
    created_at: NOW,
  });
  const bundle: KeyBundle = {
    phone_id: 'phone_1',
    issued_at: NOW,
    keys: [
      {
        grant_id: 'grant_1',
        door_id: 'door_1',
        door_name: '101',
        lock_id: 'lock_1',
        lock_identifier: 'C0DEA0000101',
        key_id: 'd4'.repeat(16),
        sealed_grant: 'e5'.repeat(133),
        level: 'lock',
        presentation_key: KG,
        advertisement_key: KADV,
        operations: ['unlock'],
        issued_at: NOW,
        not_before: NOW,
        not_after: null,
        lease_ends_at: '2026-03-02T12:00:00.000Z',
        schedule_id: null,
        uses: null,
        no_clock: false,
        ready: true,
        cannot_open_after: '2026-03-02T12:00:02.000Z',
        order: null,
      },
    ],
    without: [{ grant_id: 'grant_2', door_id: 'door_2', reason: 'offline_off' }],
  };
  return {
    phones: {
      challenge: async () => ({ challenge, expires_at: NOW }),
      enrol: async (input: { public_key: string; kind?: string; name: string }) => {
        asked.push({ ...input });
        return enrolled(input);
      },
      keys: async () => bundle,
    },
    receipts: {
      handIn: async (input: { records: readonly { record: string }[] }) => {
        asked.push({ ...input });
        return { results: input.records.map(() => ({ result: 'recorded' as const })) };
      },
    },
  };
}

const run = (args: readonly string[], client = server()) =>
  cardea(args, client, { profile: join(folder, 'cli.json'), cwd: folder });

describe('cardea phone new', () => {
  it('makes a key that stays in a file of mode 0600, and shows the server that it holds it', async () => {
    const asked: Record<string, unknown>[] = [];
    const ran = await run(['phone', 'new', '--name', 'Mine'], server(asked));
    expect(ran.code, ran.err).toBe(0);
    const [sent] = asked as { public_key: string; signature: string; name: string; challenge: string }[];
    const publicKey = fromHex(sent!.public_key);
    const signed = concat(fromAscii('cardea-phone-1'), fromHex(challenge), publicKey);
    expect(verifyP256(publicKey, signed, fromHex(sent!.signature))).toBe(true);
    const stored = JSON.parse(readFileSync(join(folder, 'phone', 'key.json'), 'utf8')) as { private_key: string };
    expect(JSON.stringify(asked) + ran.out + ran.err).not.toContain(stored.private_key);
  });

  it('does not take the place of a phone that is there', async () => {
    await run(['phone', 'new']);
    const again = await run(['phone', 'new']);
    expect([again.code, again.err]).toEqual([3, expect.stringContaining('holds a phone already')]);
  });
});

describe('cardea phone keys', () => {
  it('shows until when each key opens, why there is none for other doors, and no secret', async () => {
    await run(['phone', 'new']);
    const shown = await run(['phone', 'keys']);
    expect(shown.out).toMatch(/^101\s+unlock/m);
    expect(shown.out).toContain('no key for door_2: offline off');
    const json = await run(['phone', 'keys', '--json']);
    expect(JSON.parse(json.out)).toMatchObject({
      phone_id: 'phone_1',
      items: [{ door: '101', usable_until: '2026-03-02T12:00:00.000Z' }],
      carried: 0,
    });
    for (const secret of [KG, KADV]) expect(shown.out + json.out).not.toContain(secret);
  });

  it('without a phone says how to make one; of a key that others may read it makes no use', async () => {
    const none = await run(['phone', 'keys']);
    expect([none.code, none.err]).toEqual([3, expect.stringContaining('cardea phone new')]);
    await run(['phone', 'new']);
    chmodSync(join(folder, 'phone', 'key.json'), 0o644);
    const open = await run(['phone', 'keys', '--offline']);
    expect([open.code, open.err]).toEqual([3, expect.stringContaining('others may read')]);
  });

  it.each([['{'], ['{"kind":"phone","private_key":"00"}'], [`{"kind":"phone","private_key":"${'0'.repeat(64)}"}`]])(
    'a damaged key file is named, and not quoted: %s',
    async (text) => {
      await run(['phone', 'new']);
      writeFileSync(join(folder, 'phone', 'key.json'), text);
      const ran = await run(['phone', 'keys', '--offline']);
      expect([ran.code, ran.err]).toEqual([2, expect.stringContaining('key.json is damaged')]);
      expect(ran.err).not.toContain('private_key');
    },
  );

  it('a damaged record is named by its field', async () => {
    await run(['phone', 'new']);
    await run(['phone', 'keys']);
    const file = join(folder, 'phone', 'phone.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"C0DEA0000101"', '"nobody"'));
    const ran = await run(['phone', 'keys', '--offline']);
    expect([ran.code, ran.err]).toEqual([2, expect.stringContaining('identifier of a key must be')]);
  });
});

describe('cardea phone open and receipts', () => {
  it('needs an air to be on', async () => {
    await run(['phone', 'new']);
    const ran = await run(['phone', 'open', '101', '--offline']);
    expect([ran.code, ran.err]).toEqual([4, expect.stringContaining('no simulated air by')]);
    const both = await run(['phone', 'open', '101', '--lock', '--override']);
    expect(both.code).toBe(2);
  });

  it('hands in what it carries, at most 64 at once, and carries it no more', async () => {
    await run(['phone', 'new']);
    const file = join(folder, 'phone', 'phone.json');
    const record = JSON.parse(readFileSync(file, 'utf8')) as { carried: unknown[] };
    record.carried = Array.from({ length: 70 }, (_, i) => ({
      identifier: 'C0DEA0000101',
      octets: i.toString(16).padStart(72, '0'),
    }));
    writeFileSync(file, JSON.stringify(record));
    const asked: { records: unknown[] }[] = [];
    const ran = await run(['phone', 'receipts', '--json'], server(asked as unknown as Record<string, unknown>[]));
    expect(ran.code, ran.err).toBe(0);
    expect(asked.map(({ records }) => records.length)).toEqual([64, 6]);
    expect((JSON.parse(ran.out) as { items: unknown[] }).items).toHaveLength(70);
    expect((await run(['phone', 'receipts'])).out).toBe('nothing to hand in\n');
  });
});

describe('cardea sim past the server', () => {
  it('names the lock by its identifier, and needs an air', async () => {
    const door = await run(['sim', 'pin', '101', '123456', '--hub', 'hub.json']);
    expect([door.code, door.err]).toEqual([2, expect.stringContaining('identifier of a lock')]);
    const none = await run(['sim', 'pin', 'C0DEA0000101', '123456', '--hub', 'hub.json']);
    expect([none.code, none.err]).toEqual([4, expect.stringContaining('no simulated air by')]);
    const letters = await run(['sim', 'pin', 'C0DEA0000101', 'abcdef', '--hub', 'hub.json']);
    expect(letters.code).toBe(2);
  });

  it('a card without a key for a door cannot be held to it by the door’s name', async () => {
    await run(['phone', 'new', '--card', '--phone', 'card']);
    const ran = await run(['sim', 'card', '101', 'card']);
    expect([ran.code, ran.err]).toEqual([3, expect.stringContaining('has no key for "101"')]);
  });
});
