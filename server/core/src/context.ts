import { createAppender } from './audit/appender.ts';
import { createEventBus, type EventBus } from './event/bus.ts';
import { type IdPrefix, idMaker } from './ids.ts';
import { createProofBus, type ProofBus } from './lock/proofs.ts';
import type { Event } from './model.ts';
import type { CorePorts, Transaction } from './ports.ts';

/** A fact about to be recorded: what is not said is null, the rest is filled in. */
export type EventDraft = Pick<Event, 'organizationId' | 'type'> & Partial<Omit<Event, 'id' | 'receivedAt'>>;

/** Records a fact in the unit at hand; false when it is a lock's event that is there already. */
export type Note = (draft: EventDraft) => Promise<boolean>;

/** What every use case is given. */
export interface Context {
  readonly ports: CorePorts;
  readonly bus: EventBus;
  readonly proofs: ProofBus;
  newId(prefix: IdPrefix): string;
  /** Unix time in whole milliseconds. */
  now(): number;
  read<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  /** One durable unit; the facts that it notes are published after its commit. */
  write<T>(work: (tx: Transaction, note: Note) => Promise<T>): Promise<T>;
}

/** The context over these ports. */
export function createContext(ports: CorePorts): Context {
  const now = (): number => Math.floor(ports.clock.now());
  const newId = idMaker(now, ports.random);
  const appender = createAppender(ports);
  const bus = createEventBus((error) => {
    ports.log.error('a follower of events failed', { error: String(error) });
  });
  return {
    ports,
    bus,
    proofs: createProofBus(ports.clock, (error) => {
      ports.log.error('a follower of proofs failed', { error: String(error) });
    }),
    newId,
    now,
    read: (work) => ports.store.read(work),
    async write(work) {
      const noted: Event[] = [];
      const result = await ports.store.unit((tx) => {
        const append = appender(tx);
        return work(tx, async (draft) => {
          const event = { ...blank, ...draft, id: newId('evt'), receivedAt: now() };
          const fresh = await tx.events.insert(event);
          if (!fresh) return false;
          // In the same unit: nothing is acknowledged without its leaf in the audit log.
          await append(event);
          noted.push(event);
          return true;
        });
      });
      for (const event of noted) bus.publish(event);
      return result;
    },
  };
}

const blank = {
  propertyId: null,
  doorId: null,
  lockId: null,
  gatewayId: null,
  personId: null,
  attemptId: null,
  lockSequence: null,
  occurredAt: null,
  detail: {},
};
