import type { Cancel, Clock, Log } from '@cardea/kit-runtime';
import type { FromGateway } from '@cardea/wire-route';
import { LIMITS } from '../limits.ts';
import { nameOf } from '../radio/neighbourhood.ts';
import { UplinkError } from '../uplink/errors.ts';
import type { JournalEntry, JournalStorage } from './journal.ts';

/** Brings reports to the RAS: messages of locks surely and in each lock's order, the rest as it goes. */
export interface Reporter {
  /** Reports that the RAS has not acknowledged. */
  readonly waiting: number;
  /** Loads what an earlier life left behind. */
  load(): Promise<void>;
  /** Takes a message of a lock: into the journal and on its way at the same time. */
  message(lock: string, channel: number, octets: Uint8Array): void;
  /** A report of the moment: sent now or never. */
  passing(report: Exclude<FromGateway, { kind: 'frame' }>): void;
  online(): void;
  /** Ends after what is being written is written. */
  stop(): Promise<void>;
}

export function createReporter(options: {
  readonly clock: Clock;
  readonly log: Log;
  readonly storage: JournalStorage;
  /** @throws UplinkError */
  send(report: FromGateway): Promise<void>;
  isOnline(): boolean;
  /** A prefix of the ids of this gateway's reports: two lives never give one id to two messages. */
  readonly idPrefix: string;
  /** The journal does not take what it is given: nothing more may be promised. */
  broken(error: unknown): void;
}): Reporter {
  const { clock, log, storage } = options;
  let entries: JournalEntry[] = [];
  let nextNumber = 1;
  let running = true;
  /** Locks with a report on its way. */
  const busy = new Set<string>();
  let writes: Promise<void> = Promise.resolve();
  let cancelRetry: Cancel = () => {};

  /** Writes go to the storage one after the other. The first that fails is the last: an unsure disk is not asked again. */
  const write = (work: () => Promise<void>): void => {
    writes = writes.then(work);
    writes.catch((error: unknown) => {
      if (!running) return;
      running = false;
      log.error('journal failed', { error: nameOf(error) });
      options.broken(error);
    });
  };

  const drop = (entry: JournalEntry): void => {
    entries = entries.filter((other) => other !== entry);
    write(() => storage.remove(entry.number));
  };

  const pump = (): void => {
    if (!running || !options.isOnline()) return;
    const seen = new Set<string>();
    for (const entry of entries) {
      if (busy.size >= LIMITS.reportsOnTheWay) return;
      const { lock } = entry.report;
      if (seen.has(lock) || busy.has(lock)) continue;
      seen.add(lock);
      busy.add(lock);
      void deliver(entry);
    }
  };

  const deliver = async (entry: JournalEntry): Promise<void> => {
    try {
      await options.send(entry.report);
      drop(entry);
    } catch (error) {
      if (error instanceof UplinkError && error.code === 'refused') {
        log.warn('report refused', { lock: entry.report.lock, id: entry.report.id });
        drop(entry);
      } else {
        log.debug('report waits', { lock: entry.report.lock, error: nameOf(error) });
        cancelRetry();
        cancelRetry = clock.after(LIMITS.reportRetryMs, pump);
        return;
      }
    } finally {
      busy.delete(entry.report.lock);
    }
    pump();
  };

  return {
    get waiting() {
      return entries.length;
    },
    async load() {
      const kept = await storage.load();
      entries = [...kept.entries];
      nextNumber = kept.nextNumber;
    },
    message(lock, channel, octets) {
      if (!running) return;
      const number = nextNumber++;
      const report = { kind: 'frame', id: `${options.idPrefix}-${number}`, lock, channel, octets } as const;
      const entry = { number, report };
      const oldest = entries.find((other) => !busy.has(other.report.lock));
      if (entries.length >= LIMITS.journalReports && oldest !== undefined) {
        log.warn('journal full, oldest report dropped', { lock: oldest.report.lock });
        drop(oldest);
      }
      entries.push(entry);
      write(() => storage.append(entry));
      pump();
    },
    passing(report) {
      if (!running || !options.isOnline()) return;
      options.send(report).catch((error: unknown) => {
        log.debug('report of the moment lost', { kind: report.kind, error: nameOf(error) });
      });
    },
    online: pump,
    async stop() {
      running = false;
      cancelRetry();
      await writes.catch(() => {});
      await storage.close();
    },
  };
}
