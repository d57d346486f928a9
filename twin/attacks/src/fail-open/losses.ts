import { CoreError, type Store, type Transaction } from '@cardea/server-core';
import type { Estate } from '@cardea/twin-building';

/** A record that can be taken away, whole or a table at a time. */
export interface LosableRecord {
  readonly through: (store: Store) => Store;
  /** Nothing can be read or written. */
  gone: boolean;
  /** This table is not there: a migration has ended half way. */
  missing: string | undefined;
  /** Names of the tables that were asked for. */
  readonly tables: ReadonlySet<string>;
}

/** A record that is there until it is taken away. */
export function losableRecord(): LosableRecord {
  const tables = new Set<string>();
  const record: LosableRecord = {
    gone: false,
    missing: undefined,
    tables,
    through: (store) => ({
      unit: async (work) => store.unit((tx) => work(seen(tx))),
      read: async (work) => store.read((tx) => work(seen(tx))),
      get commits() {
        return store.commits;
      },
      purge: () => store.purge(),
      close: () => store.close(),
    }),
  };
  const seen = (tx: Transaction): Transaction => {
    if (record.gone) throw new CoreError('unavailable', 'the record is gone (made by a test)');
    return new Proxy(tx, {
      get(target, name, receiver) {
        if (typeof name === 'string') tables.add(name);
        if (name === record.missing) throw new Error(`no such table: ${String(name)} (made by a test)`);
        return Reflect.get(target, name, receiver);
      },
    });
  };
  return record;
}

/** Something that a door's opening depends on: how it is lost, and how it comes back. */
export interface Loss {
  readonly name: string;
  lose(estate: Estate): void | Promise<void>;
  /** Left out where it does not come back. */
  restore?(estate: Estate): void | Promise<void>;
}

const HOUR_S = 3_600;

/** Every dependency of an opening, the gateway last: it does not come back. */
export function losses(record: LosableRecord): readonly Loss[] {
  const everywhere = (estate: Estate, range: 'in' | 'out'): void => {
    for (const door of estate.doors) estate.medium.setFaults(estate.identity(door).identifier, { range });
  };
  const everyLock = (estate: Estate, run: (lock: ReturnType<Estate['lock']>) => void): void => {
    for (const door of estate.doors) run(estate.lock(door));
  };
  return [
    {
      name: 'the network',
      lose: (estate) => estate.cutUplink(true),
      restore: (estate) => estate.mendUplink(),
    },
    {
      name: 'the database',
      lose: () => {
        record.gone = true;
      },
      restore: () => {
        record.gone = false;
      },
    },
    { name: 'the server, started anew', lose: (estate) => estate.restartRas() },
    { name: 'the radio', lose: (estate) => everywhere(estate, 'out'), restore: (estate) => everywhere(estate, 'in') },
    {
      name: "the lock's power",
      lose: (estate) => everyLock(estate, (lock) => lock.powerOff()),
      restore: (estate) => everyLock(estate, (lock) => lock.powerOn()),
    },
    {
      name: "the lock's time, ten years ahead",
      lose: (estate) => everyLock(estate, (lock) => lock.stepClock(87_600 * HOUR_S)),
      restore: (estate) => everyLock(estate, (lock) => lock.stepClock(-87_600 * HOUR_S)),
    },
    {
      name: "the lock's time, back to its beginning",
      lose: (estate) => everyLock(estate, (lock) => lock.stepClock(-40_000 * HOUR_S)),
      restore: (estate) => everyLock(estate, (lock) => lock.stepClock(40_000 * HOUR_S)),
    },
    { name: 'the gateway', lose: (estate) => void estate.gateway.stop() },
  ];
}
