import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodePrimitives, seededRandom } from '@cardea/kit-node';
import { toHex } from '@cardea/kit-octets';
import { Secret, silentLog } from '@cardea/kit-runtime';
import { readableHead } from '@cardea/wire-scpm';
import { expect, it } from 'vitest';
import { controlAddress } from '../src/control/address.ts';
import { askGateway } from '../src/control/control-client.ts';
import { openControl } from '../src/control/control-server.ts';
import { DomainDesk } from '../src/scpm/domain-desk.ts';
import { type DomainRequest, readDomainRequest } from '../src/scpm/domain-request.ts';
import type { DomainView } from '../src/scpm/domain-view.ts';
import { A, B, type House, house, joined, numbersUsedTwice, PIN } from './house.ts';
import { memoryStore } from './memory-store.ts';

const PASSPHRASE = new Secret('correct horse battery');

const deskOf = ({ store, part, estate }: House): DomainDesk =>
  new DomainDesk({ store, part, clock: estate.clock, random: seededRandom('desk'), primitives: nodePrimitives });

/** Serves a request while virtual time passes. */
async function serve<Answer = { readonly domain: DomainView }>(made: House, request: DomainRequest): Promise<Answer> {
  const state = { isOver: false };
  const over = (): void => {
    state.isOver = true;
  };
  const done = deskOf(made).serve(request);
  done.then(over, over);
  while (!state.isOver) await made.estate.clock.advance(50);
  return (await done) as Answer;
}

interface Handed {
  readonly key_index: number;
  readonly locks: readonly { readonly lock: string; readonly version: number; readonly key: string }[];
  readonly pending: readonly string[];
}

it('A-1 9.2.1-a 9.2.2-2 a domain is made while the gateway runs, and its locks join at once', async () => {
  const made = await house([A], false);
  const choice = { profile: 'hardened', algorithm: 'ccm', group: 2, rotateEveryMs: 0, pin: PIN } as const;
  await serve(made, { command: 'create', ...choice });
  made.locks[0]?.node.input({ kind: 'setting-mode' });
  await made.estate.clock.runUntil(() => made.part.domain?.isJoined(A) === true, 120_000);
  const { domain } = await serve(made, { command: 'status' });
  expect(domain).toMatchObject({
    running: true,
    locks: [{ lock: A, standing: 'joined', algorithm: 'ccm', trouble: null }],
  });
  await expect(serve(made, { command: 'create', ...choice })).rejects.toMatchObject({ code: 'exists' });
  await expect(serve(made, { command: 'rotate', pin: new Secret('111111') })).rejects.toMatchObject({ code: 'pin' });
});

it('a renewal says whom it waits for, and is over when the last lock has taken it or is removed', async () => {
  const made = await joined([A, B]);
  made.estate.medium.setFaults(B, { range: 'out' });
  await made.estate.clock.advance(30_000);
  const begun = await serve<{ begun: boolean; domain: DomainView }>(made, { command: 'rotate', pin: PIN });
  expect(begun.begun).toBe(true);
  await made.estate.clock.advance(60_000);
  const { domain } = await serve(made, { command: 'status' });
  expect(domain.keys).toMatchObject([{ index: 1, generation: 1, renewal: { committed: false, waits_for: [B] } }]);
  expect(domain.locks.find(({ lock }) => lock === B)?.standing).toBe('renewing');
  await serve(made, { command: 'remove', pin: PIN, lock: B });
  const isOver = () => made.part.domain?.state.domainKeys[0]?.generation === 2;
  await made.estate.clock.runUntil(isOver, 600_000);
  const id = made.estate.frame(A);
  await made.estate.clock.advance(8_000);
  expect(made.estate.messages(A)).toEqual([id]);
  await expect(serve(made, { command: 'remove', pin: PIN, lock: B })).rejects.toMatchObject({ code: 'unknown' });
  // The server goes on telling its serial key: what a person took out stays out, also after a restart.
  await made.restart();
  await made.estate.clock.advance(5_000);
  expect((await serve(made, { command: 'status' })).domain.locks.map(({ lock }) => lock)).toEqual([A]);
});

it('a provider is given each lock’s own key, once, and loses it at every lock', async () => {
  const made = await joined([A, B]);
  const add = { command: 'provider-add', pin: PIN, name: 'Lift', locks: [A, B], waitMs: 60_000 } as const;
  const given = await serve<Handed>(made, add);
  expect(given).toMatchObject({ key_index: 3, pending: [] });
  for (const { identifier, node } of made.locks) {
    const held = node.state.keys.find(({ keyIndex }) => keyIndex === 3)?.key.reveal() ?? new Uint8Array(0);
    expect(given.locks.find(({ lock }) => lock === identifier)?.key).toBe(toHex(held));
  }
  const domainKey = made.part.domain?.state.domainKeys.find(({ keyIndex }) => keyIndex === 3)?.key.reveal();
  expect(JSON.stringify(given)).not.toContain(toHex(domainKey ?? new Uint8Array(0)));
  expect((await serve<Handed>(made, add)).locks).toEqual([]);
  const { domain } = await serve(made, { command: 'provider-remove', pin: PIN, name: 'Lift' });
  expect(domain.providers).toMatchObject([{ name: 'Lift', leaving: true }]);
  const isGone = () => made.locks.every(({ node }) => !node.state.keys.some(({ keyIndex }) => keyIndex === 3));
  await made.estate.clock.runUntil(isGone, 120_000);
  await made.estate.clock.advance(1_000);
  expect((await serve(made, { command: 'status' })).domain.providers).toEqual([]);
});

it('A-3 a restored gateway goes on with its locks, renews every key, and a changed backup or another passphrase opens nothing', async () => {
  const made = await joined([A]);
  const { backup } = await serve<{ backup: string }>(made, { command: 'backup', pin: PIN, passphrase: PASSPHRASE });
  const octets = new Uint8Array(Buffer.from(backup, 'base64'));
  // Since the backup numbers are used in both directions.
  for (let i = 0; i < 3; i++) {
    made.estate.frame(A);
    await made.estate.clock.advance(3_000);
  }
  const empty = memoryStore();
  const sentBefore = made.locks[0]?.frames.length ?? 0;
  await made.replace(empty);
  const restored = made.part;
  const desk = deskOf({ ...made, store: empty, part: restored });
  const restore = { command: 'restore', pin: PIN, passphrase: PASSPHRASE, backup: octets } as const;
  const changed = octets.map((octet, i) => (i === octets.length - 20 ? octet ^ 1 : octet));
  await expect(desk.serve({ ...restore, backup: changed })).rejects.toMatchObject({ code: 'damaged' });
  const other = new Secret('another passphrase');
  await expect(desk.serve({ ...restore, passphrase: other })).rejects.toMatchObject({ code: 'damaged' });
  await expect(desk.serve({ ...restore, pin: new Secret('111111') })).rejects.toMatchObject({ code: 'pin' });
  await desk.serve(restore);
  await expect(desk.serve(restore)).rejects.toMatchObject({ code: 'exists' });
  const key = restored.domain?.state.domainKeys[0]?.key.reveal() ?? new Uint8Array(0);
  expect(Buffer.from(octets).includes(Buffer.from(key))).toBe(false);
  const isRenewed = () => restored.domain?.state.domainKeys[0]?.generation === 2;
  await made.estate.clock.runUntil(isRenewed, 300_000);
  const all = made.locks[0]?.frames ?? [];
  // Up to the new key: under the old one nothing is enciphered with a number that it was used with before.
  const newKeyAt = all.findIndex((frame, at) => at >= sentBefore && readableHead(frame, 6).dh === true);
  expect(newKeyAt).toBeGreaterThan(sentBefore);
  expect(numbersUsedTwice(all.slice(0, newKeyAt))).toEqual([]);
  const id = made.estate.frame(A);
  await made.estate.clock.advance(10_000);
  expect(made.estate.messages(A)).toContain(id);
  expect(restored.domain?.about.renew).toBe(false);
});

it('without a gateway that runs a domain is made and shown, and a change is refused', async () => {
  const store = memoryStore();
  const { estate } = await house([], false);
  const desk = new DomainDesk({
    store,
    part: undefined,
    clock: estate.clock,
    random: seededRandom('desk'),
    primitives: nodePrimitives,
  });
  expect(await desk.serve({ command: 'status' })).toEqual({ domain: null });
  await expect(desk.serve({ command: 'rotate', pin: PIN })).rejects.toMatchObject({ code: 'none' });
  const choice = { profile: 'standard', algorithm: 'cbc', group: 1, rotateEveryMs: 0, pin: PIN } as const;
  await desk.serve({ command: 'create', ...choice });
  expect(await desk.serve({ command: 'status' })).toMatchObject({ domain: { running: false, profile: 'standard' } });
  await expect(desk.serve({ command: 'rotate', pin: PIN })).rejects.toMatchObject({ code: 'offline' });
});

it.each<[string, object]>([
  ['no command', {}],
  ['an unknown command', { command: 'open' }],
  ['a PIN of two lines', { command: 'remove', lock: A, pin: '1\n2' }],
  ['a lock that is none', { command: 'remove', lock: 'x', pin: '246810' }],
  ['a serial key that is too short', { command: 'join', lock: A, pin: '246810', serial_key: '00' }],
  [
    'a group that there is not',
    { command: 'create', pin: '1', profile: 'hardened', algorithm: 'ccm', group: 'x', rotate_every_s: 0 },
  ],
  ['locks that are none', { command: 'provider-add', pin: '246810', name: 'Lift', locks: ['x'], wait_s: 1 }],
  ['a wait without end', { command: 'provider-add', pin: '246810', name: 'Lift', locks: [A], wait_s: 1e9 }],
])('%s is refused', (_name, json) => {
  expect(() => readDomainRequest(json)).toThrow(expect.objectContaining({ code: 'invalid' }));
});

it('A-2 the control socket is its owner’s alone, serves a line, and is put away; a second gateway is refused', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'control-'));
  try {
    const { estate } = await house([], false);
    const clock = estate.clock;
    const parts = { store: memoryStore(), part: undefined, clock, random: seededRandom(1), primitives: nodePrimitives };
    const address = controlAddress(folder);
    expect(await askGateway(address, { command: 'status' })).toBeUndefined();
    const control = await openControl(address, new DomainDesk(parts), silentLog);
    if (process.platform !== 'win32') {
      const { stat } = await import('node:fs/promises');
      expect((await stat(address)).mode & 0o777).toBe(0o600);
    }
    expect(await askGateway(address, { command: 'status' })).toEqual({ domain: null });
    await expect(askGateway(address, { command: 'rotate', pin: '246810' })).rejects.toMatchObject({ code: 'none' });
    await expect(askGateway(address, { command: 'nothing' })).rejects.toMatchObject({ code: 'invalid' });
    await expect(openControl(address, new DomainDesk(parts), silentLog)).rejects.toMatchObject({ code: 'control' });
    await control.close();
    expect(await askGateway(address, { command: 'status' })).toBeUndefined();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

it('9.2.1-b a serial key that a person types brings in a lock of which the server told none; again only after its reset', async () => {
  const made = await house([A]);
  const [lock] = made.locks;
  if (lock === undefined) throw new Error('no lock');
  made.estate.tell({ kind: 'locks', locks: [{ identifier: A, maker: 'cardea', advertisementKey: undefined }] });
  await serve(made, { command: 'remove', pin: PIN, lock: A });
  const join = { command: 'join', pin: PIN, lock: A, afterReset: false } as const;
  await expect(serve(made, join)).rejects.toMatchObject({ code: 'unknown' });
  await serve(made, { ...join, serialKey: lock.serialKey });
  lock.node.input({ kind: 'setting-mode' });
  const isJoined = () => made.part.domain?.isJoined(A) === true;
  await made.estate.clock.runUntil(isJoined, 600_000);
  await expect(serve(made, { ...join, serialKey: lock.serialKey })).rejects.toMatchObject({ code: 'exists' });
  lock.node.input({ kind: 'reset' });
  await serve(made, { ...join, serialKey: lock.serialKey, afterReset: true });
  expect(isJoined()).toBe(false);
  lock.node.input({ kind: 'setting-mode' });
  await made.estate.clock.runUntil(isJoined, 600_000);
});
