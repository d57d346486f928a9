import type { Context } from '../context.ts';
import { EVENTS_LOOKED_AT } from '../link/durable-up-to.ts';
import type { Event } from '../model.ts';
import { createPeriodicTask, type PeriodicTask } from '../periodic-task.ts';
import type { Transaction } from '../ports.ts';

const DAY_MS = 86_400_000;
/** A start has better things to do first. */
const FIRST_AFTER_MS = 10 * 60_000;
const EVERY_MS = 6 * 3_600_000;
/** Events of one unit: it holds up what waits behind it for some milliseconds, and others go between. */
const EVENTS_A_UNIT = 100;
const PAUSE_MS = 100;
/** How far back a witnessed head is looked for. */
const HEADS_BACK_MOST = 256;
const ALERTS_A_PAGE = 200;

/** Removes events that have been kept long enough. */
export interface Retention extends Pick<PeriodicTask, 'start' | 'stop'> {
  /** Looks through all organizations now, as {@link start} does every six hours. Answers how many were removed. */
  sweep(): Promise<number>;
}

/**
 * Removes events that were received `days` ago or longer, in small units between which others go. What is proved stays
 * proved: the leaf of an event stays in the audit log with its hash, only what opens it goes. An event stays, whatever its
 * age, while
 *
 * - no signed head covers its leaf, or no witnessed one where heads of the organization are witnessed;
 * - an alert that nobody has acknowledged rests on it;
 * - it is among its lock's newest, by which the lock's sequence goes on after a restart;
 * - the lock's chain is not verified beyond it.
 *
 * `days` undefined keeps everything.
 */
export function createRetention(context: Context, days: number | undefined): Retention {
  const { clock, log } = context.ports;

  const pause = (): Promise<void> => new Promise((resolve) => void clock.after(PAUSE_MS, resolve));

  const sweepOne = async (organizationId: string, before: number): Promise<number> => {
    let removed = 0;
    for (let after: string | undefined; !task.stopped; ) {
      const from = after;
      const page = await context.read((tx) =>
        tx.events.list(organizationId, {}, { after: from, limit: EVENTS_A_UNIT }),
      );
      const old = page.filter(({ receivedAt }) => receivedAt < before);
      if (old.length > 0) removed += await removeOf(context, organizationId, old, before);
      // Ids rise with time: behind an event that is young enough there are only younger ones.
      after = page.at(-1)?.id;
      if (after === undefined || old.length < page.length) break;
      await pause();
    }
    return removed;
  };

  const sweep = async (): Promise<number> => {
    if (days === undefined) return 0;
    const before = context.now() - days * DAY_MS;
    let removed = 0;
    for (const { id } of await context.read((tx) => tx.organizations.list())) removed += await sweepOne(id, before);
    if (removed > 0) log.info('events were removed by age', { removed, days });
    return removed;
  };

  const task = createPeriodicTask(context, {
    run: sweep,
    firstAfterMs: FIRST_AFTER_MS,
    everyMs: EVERY_MS,
    failed: 'events could not be removed by age',
  });

  return {
    start() {
      if (days !== undefined) task.start();
    },
    stop: task.stop,
    sweep,
  };
}

/** One unit: those of `old` that may go are gone, with what opens their leaves, and the record says how many. */
async function removeOf(
  context: Context,
  organizationId: string,
  old: readonly Event[],
  before: number,
): Promise<number> {
  return context.write(async (tx) => {
    const mayGo = await decider(tx, organizationId);
    let removed = 0;
    for (const event of old) {
      if (!(await mayGo(event))) continue;
      await tx.audit.eraseSalt(organizationId, event.id);
      if (await tx.events.remove(organizationId, event.id)) removed++;
    }
    if (removed > 0) {
      const known = await tx.removals.get(organizationId);
      await tx.removals.set({
        organizationId,
        removed: (known?.removed ?? 0) + removed,
        receivedBefore: Math.max(known?.receivedBefore ?? 0, before),
        lastAt: context.now(),
      });
    }
    return removed;
  });
}

async function decider(tx: Transaction, organizationId: string): Promise<(event: Event) => Promise<boolean>> {
  const settled = await settledSize(tx, organizationId);
  const evidence = await openEvidence(tx, organizationId);
  const keptFrom = new Map<string, number>();
  const lockKeepsFrom = async (lockId: string): Promise<number> => {
    const known = keptFrom.get(lockId);
    if (known !== undefined) return known;
    const newest = await tx.events.newestOfLock(lockId, EVENTS_LOOKED_AT);
    const chain = await tx.chains.get(lockId);
    const lowest = newest.at(-1)?.lockSequence ?? 0;
    const from = Math.min(lowest, chain === undefined ? Number.POSITIVE_INFINITY : chain.verifiedTo);
    keptFrom.set(lockId, from);
    return from;
  };
  return async ({ id, lockId, lockSequence }) => {
    const leaf = await tx.audit.salt(organizationId, id);
    if (leaf === undefined || leaf.number >= settled || evidence.has(id)) return false;
    return lockId === null || lockSequence === null || lockSequence < (await lockKeepsFrom(lockId));
  };
}

/** Leaves below this number are covered by a signed head, and a witnessed one where heads are witnessed at all. */
async function settledSize(tx: Transaction, organizationId: string): Promise<number> {
  let head = await tx.audit.newestHead(organizationId);
  const witnessed = (await tx.audit.witnessings(organizationId, 0, 1)).length > 0;
  for (let back = 0; head !== undefined && back < HEADS_BACK_MOST; back++) {
    const [at] = witnessed ? await tx.audit.witnessings(organizationId, head.size, 1) : [head];
    if (at !== undefined) return head.size;
    head = head.size === 0 ? undefined : await tx.audit.newestHead(organizationId, head.size - 1);
  }
  return 0;
}

/** What the alerts that nobody has acknowledged rest on. */
async function openEvidence(tx: Transaction, organizationId: string): Promise<ReadonlySet<string>> {
  const evidence = new Set<string>();
  for (let after: string | undefined; ; ) {
    const page = await tx.alerts.list(organizationId, { state: 'open' }, { after, limit: ALERTS_A_PAGE });
    for (const alert of page) for (const id of alert.evidence) evidence.add(id);
    after = page.at(-1)?.id;
    if (page.length < ALERTS_A_PAGE) return evidence;
  }
}
