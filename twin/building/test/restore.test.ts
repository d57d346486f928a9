import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEnvelope, nodeKeyAgreement, nodePrimitives, seededRandom } from '@cardea/kit-node';
import { silentLog } from '@cardea/kit-runtime';
import { type CorePorts, recordRestore, type Store } from '@cardea/server-core';
import { type OpenStore, openStore } from '@cardea/server-store';
import { expect, test } from 'vitest';
import { createDemoEstate, type Estate } from '../src/index.ts';

const page = { after: undefined, limit: 200 };

/** An estate whose record is in files, and can be taken back to an older copy of itself. */
async function restorable(folder: string, keep: (index: number) => boolean) {
  const envelope = await createEnvelope(join(folder, 'envelope.key'));
  const open = (name: string): OpenStore =>
    openStore({ file: join(folder, name), envelope, clock: estateClock, turn: queueMicrotask });
  const estateClock = { now: () => Date.UTC(2026, 0, 5, 8) };
  let store = open('cardea.db');
  const through: Store = {
    unit: (work) => store.unit(work),
    read: (work) => store.read(work),
    get commits() {
      return store.commits;
    },
    purge: () => store.purge(),
    close: () => store.close(),
  };
  const estate = await createDemoEstate({ seed: 7, keep: (_, index) => keep(index), throughStore: () => through });
  await estate.enrolAll();
  const ports = (): CorePorts => ({
    store: through,
    clock: estate.clock,
    random: seededRandom('restore'),
    primitives: nodePrimitives,
    keys: nodeKeyAgreement,
    passwords: { hash: async () => '', verify: async () => false },
    scram: {
      derive: async () => {
        throw new Error('nobody enrols here');
      },
    },
    uplink: { send: () => false, disconnect: () => {} },
    log: silentLog,
  });
  return {
    estate,
    backUp: () => store.snapshot(join(folder, 'backup.db')),
    /** The RAS ends; its record is what it was at the backup; another one starts. */
    restore: (backupMadeAt: number, whileDown: () => void = () => {}) =>
      estate.restartRas(async () => {
        whileDown();
        await store.close();
        store = open('backup.db');
        await recordRestore(ports(), { id: `rst_${'0'.repeat(32)}`, backupMadeAt });
      }),
  };
}

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'cardea-restored-'));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const eventsOf = ({ ras }: Estate) => ras.core.events.list(ras.owner, {}, page);
const locksOf = async ({ ras }: Estate) =>
  (await ras.core.locks.list(ras.owner, {}, page)).filter(({ state }) => state === 'bound');

test(
  'attack 27: an old backup restored: each lock is stale until proved again, the server says what it has missed, and everything goes on',
  () =>
    inFolder(async (folder) => {
      // A lock of each maker (the demo's last ones are the second maker's).
      const { estate, backUp, restore } = await restorable(folder, (index) => index === 0 || index === 11);
      const { clock, doors, ras } = estate;
      const { secret } = await ras.core.access
        .createToken(ras.owner, { name: 'integrator', scopes: ['locks:read'], expiresInS: 86_400 })
        .then(({ token }) => ({ secret: token }));
      for (const door of doors) expect((await estate.operate(door, 'unlock')).state).toBe('succeeded');
      await clock.advance(60_000);
      const backupMadeAt = Math.floor(clock.now());
      await backUp();
      const newestThen = new Map<string, number>();
      for (const lock of await locksOf(estate)) {
        newestThen.set(lock.id, await ras.store.read((tx) => tx.events.newestSequence(lock.id)));
      }

      // After the backup the locks go on; what they tell is acknowledged, and they forget it. Fewer events than the window of
      // the protocol, the case in which nothing but the restore itself says that they are gone.
      for (const door of doors) {
        await estate.operate(door, 'lock');
        await estate.operate(door, 'unlock');
      }
      await clock.advance(60_000);
      const opens = doors.map((door) => estate.lock(door).view().opens);
      const open = await estate.begin(doors[0] ?? '', 'lock', 10);

      await restore(backupMadeAt);
      expect(ras.core.health().attemptsOpen).toBe(0);
      for (const lock of await locksOf(estate)) expect(lock).toMatchObject({ stale: true, staleReason: 'restored' });
      await expect(ras.core.access.authenticate(secret)).rejects.toMatchObject({ code: 'not_signed_in' });
      await expect(ras.core.attempts.get(ras.owner, open.id)).rejects.toMatchObject({ code: 'not_found' });

      // The server asks by itself, in new runs, and knows again.
      await clock.advance(120_000);
      for (const lock of await locksOf(estate)) expect(lock).toMatchObject({ stale: false, state: 'bound' });
      expect(doors.map((door) => estate.lock(door).view().opens)).toEqual(opens);
      for (const door of doors) {
        expect((await estate.operate(door, 'lock')).state).toBe('succeeded');
        expect((await estate.operate(door, 'unlock')).state).toBe('succeeded');
      }
      await clock.advance(120_000);

      const events = await eventsOf(estate);
      expect(events.filter(({ type }) => type === 'estate.restored')).toHaveLength(1);
      for (const lock of await locksOf(estate)) {
        const told = events.filter(({ lockId, type }) => lockId === lock.id && type === 'alarm.event_gap');
        expect(told.map(({ detail }) => detail.text)).toEqual([
          expect.stringMatching(
            new RegExp(`^events ${(newestThen.get(lock.id) ?? 0) + 1} to \\d+ were told before the record came back`),
          ),
        ]);
        // What came since is there without a hole, and acknowledged: the lock owes nothing.
        const since = events.flatMap(({ lockId, lockSequence }) =>
          lockId === lock.id && lockSequence !== null && lockSequence > (newestThen.get(lock.id) ?? 0)
            ? [lockSequence]
            : [],
        );
        expect(since.length).toBeGreaterThanOrEqual(2);
        expect(since).toEqual(since.map((_, i) => (since[0] ?? 0) + i));
      }

      // Another start of the same record finds no second gap, and withdraws nothing more.
      await estate.restartRas();
      await clock.advance(120_000);
      for (const door of doors) expect((await estate.operate(door, 'lock')).state).toBe('succeeded');
      const again = await eventsOf(estate);
      expect(again.filter(({ type }) => type === 'alarm.event_gap')).toHaveLength(doors.length);
      await estate.stop();
    }),
  60_000,
);

test(
  'a lock that was reset and bound anew since the backup is not opened by the old key: the server says so',
  () =>
    inFolder(async (folder) => {
      const { estate, backUp, restore } = await restorable(folder, (index) => index === 0 || index === 11);
      const { clock, doors, ras } = estate;
      const backupMadeAt = Math.floor(clock.now());
      await backUp();
      for (const door of doors) {
        const [lock] = (await locksOf(estate)).filter(({ doorId }) => doorId === estate.doorId(door));
        const unbound = await estate.end(await ras.core.locks.remove(ras.owner, lock?.id ?? ''));
        expect(unbound.state).toBe('succeeded');
        estate.lock(door).openWindow();
      }
      await estate.enrolAll();
      const opens = doors.map((door) => estate.lock(door).view().opens);

      await restore(backupMadeAt);
      await clock.advance(20 * 60_000);
      for (const lock of await locksOf(estate)) expect(lock).toMatchObject({ stale: true, staleReason: 'restored' });
      for (const door of doors) {
        const attempt = await estate.operate(door, 'unlock');
        // Its gateways do not even recognise it: their key for its advertisements is of the old binding as well.
        expect([attempt.state, attempt.reason]).toEqual(['failed', expect.stringMatching(/out_of_range|key_mismatch/)]);
      }
      expect(doors.map((door) => estate.lock(door).view().opens)).toEqual(opens);

      // What the protocol leaves: a reset at the lock itself, and a new binding.
      for (const door of doors) {
        const [lock] = (await locksOf(estate)).filter(({ doorId }) => doorId === estate.doorId(door));
        await ras.core.locks.remove(ras.owner, lock?.id ?? '', { force: true });
        estate.lock(door).factoryReset();
      }
      await estate.enrolAll();
      for (const door of doors) expect((await estate.operate(door, 'unlock')).state).toBe('succeeded');
      await estate.stop();
    }),
  60_000,
);

test(
  'what happened at a lock while the server was away is told whole, though its alarm comes before what is older',
  () =>
    inFolder(async (folder) => {
      const { estate, backUp, restore } = await restorable(folder, (index) => index === 0 || index === 11);
      const { clock, doors, ras } = estate;
      await clock.advance(60_000);
      await backUp();
      for (const door of doors) {
        await estate.operate(door, 'unlock');
        await estate.operate(door, 'lock');
      }
      await clock.advance(60_000);
      const newest = new Map<string, number>();
      for (const { id } of await locksOf(estate)) {
        newest.set(id, await ras.store.read((tx) => tx.events.newestSequence(id)));
      }
      await restore(Math.floor(clock.now()), () => {
        for (const door of doors) {
          const lock = estate.lock(door);
          lock.knob('unlock');
          lock.tamper(true);
          lock.knob('lock');
        }
      });
      await clock.advance(300_000);
      const events = await eventsOf(estate);
      for (const { id } of await locksOf(estate)) {
        const first = (newest.get(id) ?? 0) + 1;
        const since = events
          .filter(({ lockId, lockSequence }) => lockId === id && lockSequence !== null && lockSequence >= first)
          .sort((a, b) => (a.lockSequence ?? 0) - (b.lockSequence ?? 0));
        expect(since.slice(0, 3).map(({ type }) => type)).toEqual([
          'lock.manual_unlocked',
          'lock.tamper',
          'lock.manual_locked',
        ]);
        expect(since.map(({ lockSequence }) => lockSequence)).toEqual(since.map((_, i) => first + i));
      }
      await estate.stop();
    }),
  60_000,
);
