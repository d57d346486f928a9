import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '@cardea/kit-node';
import { Secret } from '@cardea/kit-runtime';
import { CoreError, type Store } from '@cardea/server-core';
import { openStore, StoreError, type StoreOptions } from '@cardea/server-store';
import type { Trial } from '../attack.ts';
import { type EngineFault, failingEngine, retryingEngine } from './failing-engine.ts';

const FAULTS = ['SQLITE_FULL', 'SQLITE_IOERR_WRITE', 'SQLITE_IOERR_FSYNC'] as const satisfies readonly EngineFault[];
const UNITS = 4;
const PAGE_OCTETS = 4096;
/** Every page of a small record is damaged in each of these ways. */
const DAMAGES = ['zeroed', 'random', 'another page'] as const;

const envelope = { seal: (secret: Secret) => secret.reveal(), open: (sealed: Uint8Array) => new Secret(sealed) };

/** What each call of the engine does when it fails, over a record on the disk: each call in turn, in three ways. */
export async function failingRecord(weak: boolean): Promise<readonly Trial[]> {
  const found = { lost: 0, half: 0, wentOn: 0, refusedAndKept: 0, stuck: 0, tried: 0 };
  for (const fault of FAULTS) {
    for (let nth = 1; ; nth++) {
      const one = await failOnce(nth, fault, weak);
      if (!one.failed) break;
      found.tried++;
      found.lost += one.lost;
      found.half += one.half;
      found.wentOn += one.wentOn;
      found.refusedAndKept += one.refusedAndKept;
      found.stuck += one.stuck;
    }
  }
  const { tried } = found;
  return [
    { name: 'a fact was acknowledged and is lost', through: found.lost > 0, tried },
    { name: 'half of a unit is stored', through: found.half > 0, tried },
    { name: 'the store goes on after an I/O error or a failed fsync', through: found.wentOn > 0, tried },
    { name: 'a unit was refused for want of room and is stored', through: found.refusedAndKept > 0, tried },
    { name: 'a full disk stops more than the changes that did not fit', through: found.stuck > 0, tried },
  ];
}

/** Units one after the other and two at a time, of two rows each, while one call fails; then the record is read anew. */
async function failOnce(nth: number, fault: EngineFault, weak: boolean) {
  return inFolder(async (file) => {
    let failing: ReturnType<typeof failingEngine> | undefined;
    const broken: string[] = [];
    const store = openStore({
      file,
      envelope,
      broken: ({ code }) => broken.push(code),
      engine(real) {
        failing = failingEngine(real, nth, fault);
        return weak ? retryingEngine(failing.engine) : failing.engine;
      },
    });
    const acknowledged = new Set<string>();
    const refused = new Set<string>();
    let stuck = 0;
    const write = async (n: number): Promise<void> => {
      const failedBefore = failing?.failed === true;
      try {
        await store.unit(async (tx) => {
          await tx.organizations.insert({ id: `org_${n}`, name: `${n}`, createdAt: n });
          await tx.properties.insert({ ...PROPERTY, id: `prop_${n}`, organizationId: `org_${n}` });
        });
        acknowledged.add(`${n}`);
      } catch (error) {
        if (!(error instanceof CoreError) || error.code !== 'unavailable') throw error;
        refused.add(`${n}`);
        if (fault === 'SQLITE_FULL' && failedBefore) stuck++;
      }
    };
    for (let n = 0; n < UNITS; n += 2) {
      await write(n);
      await Promise.all([write(n + 1), write(n + UNITS)]);
    }
    if (fault === 'SQLITE_FULL') await readAll(store).catch(() => stuck++);
    const { failed = false, retried = 0 } = failing ?? {};
    await store.close();

    const again = openStore({ file, envelope });
    const { whole, half } = await readAll(again);
    await again.close();
    const shouldEnd = failed && fault !== 'SQLITE_FULL';
    return {
      failed,
      half,
      stuck,
      lost: [...acknowledged].filter((one) => !whole.has(one)).length,
      wentOn: shouldEnd && (retried > 0 || broken.length !== 1) ? 1 : 0,
      refusedAndKept: fault === 'SQLITE_FULL' ? [...refused].filter((one) => whole.has(one)).length : 0,
    };
  });
}

const PROPERTY = {
  name: 'p',
  timeZone: 'UTC',
  region: 'eu',
  geofence: null,
  checkInTime: '15:00',
  checkOutTime: '11:00',
  offlineLeaseS: null,
  visitors: 'on',
  createdAt: 1,
} as const;

/** Units of which both rows are there, and the number of those with one. */
async function readAll(store: Store): Promise<{ readonly whole: ReadonlySet<string>; readonly half: number }> {
  return store.read(async (tx) => {
    const whole = new Set<string>();
    let half = 0;
    for (const { id } of await tx.organizations.list()) {
      const name = id.slice('org_'.length);
      if ((await tx.properties.get(id, `prop_${name}`)) === undefined) half++;
      else whole.add(name);
    }
    return { whole, half };
  });
}

/** A page of the record is damaged while nobody looks: the start refuses it, or everything is still there. */
export async function corruptPages(seed: number): Promise<readonly Trial[]> {
  const random = seededRandom(`attack 27 pages ${seed}`);
  return inFolder(async (file) => {
    const store = openStore({ file, envelope });
    for (let n = 0; n < 40; n++) {
      await store.unit(async (tx) => {
        await tx.organizations.insert({ id: `org_${n}`, name: `${n}`, createdAt: n });
        await tx.properties.insert({ ...PROPERTY, id: `prop_${n}`, organizationId: `org_${n}` });
      });
    }
    const before = await readAll(store);
    await store.close();
    const sound = readFileSync(file);
    const pages = sound.length / PAGE_OCTETS;
    const found = { lies: 0, refused: 0, tried: 0 };
    for (let page = 0; page < pages; page++) {
      for (const damage of DAMAGES) {
        const octets = Buffer.from(sound);
        const at = page * PAGE_OCTETS;
        if (damage === 'zeroed') octets.fill(0, at, at + PAGE_OCTETS);
        else if (damage === 'random') octets.set(random.octets(PAGE_OCTETS), at);
        else octets.copyWithin(at, ((page + 1) % pages) * PAGE_OCTETS, (((page + 1) % pages) + 1) * PAGE_OCTETS);
        writeFileSync(file, octets);
        found.tried++;
        const started = await startAndRead({ file, envelope });
        if (started.kind === 'refused') found.refused++;
        else if (started.whole.size !== before.whole.size || started.half > 0) found.lies++;
      }
    }
    return [
      {
        name: 'a record with a damaged page is served with facts missing',
        through: found.lies > 0,
        tried: found.tried,
      },
      { name: 'no damage was seen (then the trials above show nothing)', through: found.refused === 0 },
    ];
  });
}

async function startAndRead(options: StoreOptions) {
  try {
    const store = openStore(options);
    try {
      return { kind: 'read', ...(await readAll(store)) } as const;
    } finally {
      await store.close();
    }
  } catch (error) {
    if (error instanceof StoreError || error instanceof CoreError) return { kind: 'refused' } as const;
    throw error;
  }
}

async function inFolder<T>(work: (file: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'cardea-attack-27-'));
  try {
    return await work(join(folder, 'cardea.db'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
