import type { Cancel } from '@cardea/kit-runtime';
import type { Context } from '../context.ts';
import type { StoredHead } from './tables.ts';
import type { Witness } from './witness.ts';

/** Hands heads to all witnesses. */
export interface Witnesses {
  /** A head was signed. A later one takes the place of one that waits: it says all that the earlier one said. */
  signed(head: StoredHead): void;
  /** Takes up what the former process did not hand over. */
  start(): Promise<void>;
  /** Waits for what is being handed over, and hands over nothing more. */
  stop(): Promise<void>;
}

/** A witness that failed is asked again after this, then after twice as long, and so on up to the most. */
const RETRY_MS = 30_000;
const RETRY_MOST_MS = 3_600_000;

/** Witnesses over this context. One that fails holds nothing up: it is an alarm, once, until it has a head again. */
export function createWitnesses(context: Context, all: readonly Witness[]): Witnesses {
  const runners = all.map((witness) => createRunner(context, witness));
  return {
    signed(head) {
      for (const runner of runners) runner.want(head);
    },
    async start() {
      for (const { id } of await context.read((tx) => tx.organizations.list())) {
        const newest = await context.read((tx) => tx.audit.newestHead(id));
        if (newest === undefined) continue;
        for (const runner of runners) await runner.catchUp(newest);
      }
    },
    async stop() {
      await Promise.all(runners.map((runner) => runner.stop()));
    },
  };
}

/**
 * One witness: hands over one head at a time.
 *
 * ```
 *   idle --head--> giving --given--> idle, or the next head
 *                    |  ^
 *               failed  after a while, longer each time
 * ```
 */
function createRunner(context: Context, witness: Witness) {
  const { clock, log } = context.ports;
  const wanted = new Map<string, StoredHead>();
  const failing = new Set<string>();
  let running = false;
  let passing: Promise<void> = Promise.resolve();
  let stopped = false;
  let failures = 0;
  let cancel: Cancel = () => {};

  const give = async (head: StoredHead): Promise<void> => {
    const { organizationId, size } = head;
    const receipt = await witness.give(head);
    const recovered = failing.has(organizationId);
    await context.write(async (tx, note) => {
      const newest = await tx.audit.newestWitnessing(organizationId, witness.name);
      if (newest?.size === size) return;
      const witnessedAt = context.now();
      await tx.audit.insertWitnessing({ organizationId, size, witness: witness.name, witnessedAt, receipt });
      if (recovered) await note({ organizationId, type: 'audit.witness_recovered', detail: { witness: witness.name } });
    });
    failing.delete(organizationId);
  };

  const failed = async (head: StoredHead, error: unknown): Promise<void> => {
    const { organizationId } = head;
    const waitMs = Math.min(RETRY_MS * 2 ** failures++, RETRY_MOST_MS);
    log.warn('a witness did not take a head of the audit log', { witness: witness.name, error: String(error), waitMs });
    if (!stopped) cancel = clock.after(waitMs, run);
    if (failing.has(organizationId)) return;
    await context.write((_, note) =>
      note({ organizationId, type: 'alarm.audit_witness_failing', detail: { witness: witness.name, size: head.size } }),
    );
    failing.add(organizationId);
  };

  const pass = async (): Promise<void> => {
    for (const [organizationId, head] of wanted) {
      if (stopped) return;
      try {
        await give(head);
        failures = 0;
        if (wanted.get(organizationId) === head) wanted.delete(organizationId);
      } catch (error) {
        await failed(head, error);
        return;
      }
    }
  };

  const run = (): void => {
    if (running || stopped) return;
    running = true;
    cancel();
    passing = pass()
      .catch((error: unknown) => log.error('a witness could not be recorded', { error: String(error) }))
      .finally(() => {
        running = false;
        // Signed while the one before it was being handed over.
        if (failures === 0 && wanted.size > 0) run();
      });
  };

  return {
    want(head: StoredHead): void {
      // Two that were signed at the same time may come in either order: the later one says all.
      if ((wanted.get(head.organizationId)?.size ?? -1) > head.size) return;
      wanted.set(head.organizationId, head);
      // While it fails, the next try is timed already.
      if (failures === 0) run();
    },
    async catchUp(newest: StoredHead): Promise<void> {
      const known = await context.read((tx) => tx.audit.newestWitnessing(newest.organizationId, witness.name));
      if (known === undefined || known.size < newest.size) this.want(newest);
    },
    async stop(): Promise<void> {
      cancel();
      while (running) await passing;
      stopped = true;
      cancel();
    },
  };
}
