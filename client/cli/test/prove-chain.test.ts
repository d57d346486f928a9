import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importP256, nodePrimitives, signP256 } from '@cardea/kit-node';
import { toBase64, toHex } from '@cardea/kit-octets';
import type { Event, LockChain } from '@cardea/wire-api';
import { lockChain } from '@cardea/wire-lock';
import { signManifest } from '@cardea/wire-manifest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cardea, listed, lock } from './fake-client.ts';

const SERIAL = importP256(new Uint8Array(32).fill(3));
const MAKER = importP256(new Uint8Array(32).fill(4));
const CODES = ['booted', 'bound', 'unlocked', 'relocked'] as const;

let folder = '';
let profile = '';
let manifestFile = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cardea-chain-'));
  profile = join(folder, 'cli.json');
  writeFileSync(profile, JSON.stringify({ url: 'https://localhost:8443', token: 'ct_test' }), { mode: 0o600 });
  const one = { identifier: lock().identifier, model: 'C1', bluetooth: '5.0', factory_key: '00'.repeat(32) } as const;
  const manifest = await signManifest(
    {
      version: 1,
      maker: 'cardea',
      model: 'C1',
      issued_at: '2026-01-01T00:00:00Z',
      locks: [{ ...one, serial_public_key: toBase64(SERIAL.publicKey), printed_code_hash: '00'.repeat(32) }],
    },
    async (message) => signP256(MAKER.privateKey, message),
  );
  manifestFile = join(folder, 'manifest.json');
  writeFileSync(manifestFile, JSON.stringify({ manifest, maker_key: toBase64(MAKER.publicKey) }));
});
afterAll(() => rmSync(folder, { recursive: true }));

const events: readonly Event[] = CODES.map((code, at) => ({
  id: `evt_${at}`,
  type: `lock.${code}`,
  property_id: null,
  door_id: lock().door_id,
  lock_id: lock().id,
  gateway_id: null,
  person_id: null,
  attempt_id: null,
  lock_sequence: at + 1,
  occurred_at: null,
  received_at: '2026-03-01T12:00:00.000Z',
  detail: { actor: 0, detail: 0, lock_time_s: 1_800_000_000 + at },
}));

function headOf(): LockChain {
  const hash = CODES.reduce(
    (h, code, at) =>
      lockChain.next(nodePrimitives, h, { sequence: at + 1, code, actor: 0, detail: 0, lockTimeS: 1_800_000_000 + at }),
    lockChain.start(nodePrimitives, lock().identifier),
  );
  const head = { day: 20_833, sequence: CODES.length, hash };
  const signature = toHex(signP256(SERIAL.privateKey, lockChain.signed(lock().identifier, head)));
  return {
    lock_id: lock().id,
    chained: true,
    verified_to: CODES.length,
    head: { ...head, hash: toHex(hash), signature },
    last_head_at: '2026-03-01T12:00:00.000Z',
    unsettled_since: null,
    gaps: [],
  };
}

const asking = (chain: LockChain, shown: readonly Event[]) =>
  cardea(
    ['lock', 'chain', lock().identifier, '--manifest', manifestFile, '--json'],
    { locks: { list: () => listed(lock()), chain: async () => chain }, events: { list: () => listed(...shown) } },
    { profile },
  );
const proofOf = (ran: { out: string }) => JSON.parse(ran.out).proof;

it("a head and events that the server shows are checked here against the key in the maker's manifest", async () => {
  const ran = await asking(headOf(), events);
  expect([ran.err, ran.code]).toEqual(['', 0]);
  expect(proofOf(ran)).toEqual({ signature: 'good', events: 'agree', missing: 0 });
});

it('a server that changes an event, or a head, is found out; one that shows fewer events is told so', async () => {
  const changed = events.map((event, at) => (at === 2 ? { ...event, type: 'lock.locked' } : event));
  const one = await asking(headOf(), changed);
  expect([one.code, proofOf(one)]).toEqual([4, { signature: 'good', events: 'differ', missing: 0 }]);
  const odd = events.map((event, at) => (at === 2 ? { ...event, type: 'lock.melted' } : event));
  expect(proofOf(await asking(headOf(), odd)).events).toBe('differ');
  const chain = headOf();
  const forged = await asking({ ...chain, head: { ...chain.head!, day: 1 } }, events);
  expect([forged.code, proofOf(forged).signature]).toEqual([4, 'wrong']);
  const fewer = await asking(headOf(), events.slice(1));
  expect([fewer.code, proofOf(fewer)]).toEqual([0, { signature: 'good', events: 'incomplete', missing: 1 }]);
});
