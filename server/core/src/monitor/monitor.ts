import type { Cancel } from '@cardea/kit-runtime';
import { decodeLeaf } from '@cardea/wire-audit';
import type { Context } from '../context.ts';
import { CoreError } from '../errors.ts';
import { idAt } from '../ids.ts';
import type { Alert, Event } from '../model.ts';
import { createBursts } from './bursts.ts';
import type { Finding } from './finding.ts';
import { LOOK_BACK_MS } from './rules.ts';
import { ASKED_BEFORE_MS, isAskedFor, isCommandedOpen, openedAt, SETTLE_MS } from './unasked-open.ts';

/** Facts named as evidence of one alert. */
export const EVIDENCE_MOST = 32;
/** An open alert takes in what is found about the same subject for so long; later it is another incident. */
export const INCIDENT_MS = 3_600_000;
/** An alert that grows is written at most this often. */
const GROW_EVERY_MS = 30_000;
/** What found no room is tried again after this. */
const AGAIN_MS = 5_000;
/** Facts of one read when a start looks at them again, and attempts looked at for one opening. */
const PAGE = 1_000;
const ATTEMPTS_MOST = 100;
/** Openings that wait to be explained. */
const WAITING_MOST = 10_000;

/** Watches the record for what an operator should look at (seed 002, 6.5), and turns it into alerts. */
export interface Monitor {
  /** Takes up where the former process ended, and watches from now on. */
  start(): Promise<void>;
  stop(): void;
}

/**
 * Watches every organization, each by itself. Findings become durable one after the other; a fact is never held up by
 * them. What the process had not yet turned into an alert when it ended is found again at the next start.
 *
 * ```
 *   durable fact --> bursts -----------------------------> finding --> alert: raised, grown, or known already
 *                \-> opening, after SETTLE_MS unexplained --^
 * ```
 */
export function createMonitor(context: Context): Monitor {
  const { clock, log } = context.ports;
  const bursts = createBursts();
  const waiting: Event[] = [];
  /** When a finding was last handed on, on the monotonic clock. */
  const grownAt = new Map<string, number>();
  /** Findings that wait for their turn, the newest of each subject: it holds what the earlier ones did. */
  const held = new Map<string, { finding: Finding; readonly cancel: Cancel }>();
  let unfollow: Cancel = () => {};
  let cancelLook: Cancel = () => {};
  let last: Promise<void> = Promise.resolve();
  let stopped = false;

  const queue = (what: string, run: () => Promise<void>): void => {
    last = last.then(async () => {
      if (stopped) return;
      try {
        await run();
      } catch (error) {
        log.error(what, { error: String(error) });
      }
    });
  };

  const see = (event: Event): void => {
    for (const finding of bursts.see(event)) report(finding);
    if (!isCommandedOpen(event)) return;
    waiting.push(event);
    if (waiting.length > WAITING_MOST) waiting.shift();
    lookLater();
  };

  const lookLater = (): void => {
    const [first] = waiting;
    if (first === undefined || stopped) return;
    cancelLook();
    cancelLook = clock.after(Math.max(0, first.receivedAt + SETTLE_MS - context.now()), () => {
      queue('openings could not be looked at', look);
    });
  };

  /** Looks for what asked for each opening that has waited long enough. */
  const look = async (): Promise<void> => {
    for (let first = waiting[0]; first !== undefined; first = waiting[0]) {
      if (first.receivedAt + SETTLE_MS > context.now()) break;
      waiting.shift();
      try {
        await explain(first);
      } catch (error) {
        if (!isPassing(error)) throw error;
        waiting.unshift(first);
        cancelLook();
        if (!stopped) cancelLook = clock.after(AGAIN_MS, () => queue('openings could not be looked at', look));
        throw error;
      }
    }
    lookLater();
  };

  const explain = async (event: Event): Promise<void> => {
    const { organizationId, lockId } = event;
    if (lockId === null) return;
    const after = idAt('att', openedAt(event) - ASKED_BEFORE_MS);
    const page = { after, limit: ATTEMPTS_MOST };
    const attempts = await context.read((tx) => tx.attempts.list(organizationId, { lockId }, page));
    if (isAskedFor(event, attempts)) return;
    await raise({ rule: 'unasked_open', subject: 'lock', subjectId: lockId, organizationId, events: [event] });
  };

  const report = (finding: Finding): void => {
    const key = `${finding.rule} ${finding.organizationId} ${finding.subjectId}`;
    const waits = held.get(key);
    if (waits !== undefined) {
      waits.finding = finding;
      return;
    }
    const leftMs = (grownAt.get(key) ?? Number.NEGATIVE_INFINITY) + GROW_EVERY_MS - clock.monotonic();
    if (leftMs > 0) hold(key, finding, leftMs);
    else record(key, finding);
  };

  const hold = (key: string, finding: Finding, delayMs: number): void => {
    if (stopped || held.has(key)) return;
    const cancel = clock.after(delayMs, () => {
      const newest = held.get(key)?.finding ?? finding;
      held.delete(key);
      record(key, newest);
    });
    held.set(key, { finding, cancel });
  };

  const record = (key: string, finding: Finding): void => {
    grownAt.delete(key);
    grownAt.set(key, clock.monotonic());
    if (grownAt.size > WAITING_MOST) for (const oldest of grownAt.keys()) if (grownAt.delete(oldest)) break;
    queue('an alert could not be recorded', async () => {
      try {
        await raise(finding);
      } catch (error) {
        if (isPassing(error)) hold(key, finding, AGAIN_MS);
        throw error;
      }
    });
  };

  const raise = async (finding: Finding): Promise<void> => {
    const { organizationId, rule, subjectId, events } = finding;
    await context.write(async (tx, note) => {
      const known = await tx.alerts.newest(organizationId, rule, subjectId);
      const newest = events.at(-1);
      if (newest === undefined) return;
      const lastAt = newest.receivedAt;
      if (known !== undefined && known.lastAt >= lastAt) return;
      // What had happened when it was acknowledged is of the incident that was looked at.
      const seen = known !== undefined && (known.state === 'open' || lastAt <= (known.acknowledgedAt ?? 0));
      if (known !== undefined && seen && lastAt - known.lastAt < INCIDENT_MS) {
        const fresh = events.filter(({ receivedAt }) => receivedAt > known.lastAt).map(({ id }) => id);
        const evidence = [...known.evidence, ...fresh];
        await tx.alerts.update(organizationId, known.id, {
          lastAt,
          count: known.count + fresh.length,
          // The beginning shows how it came about, the end how it stands.
          evidence: evidence.length <= EVIDENCE_MOST ? evidence : keepBothEnds(evidence),
        });
        return;
      }
      const alert = alertOf(context.newId('alr'), finding, context.now());
      await tx.alerts.insert(alert);
      await note({
        organizationId,
        type: 'alert.raised',
        lockId: alert.lockId,
        doorId: alert.doorId,
        propertyId: alert.propertyId,
        gatewayId: alert.gatewayId,
        personId: alert.personId,
        detail: { alert_id: alert.id, rule, count: alert.count },
      });
    });
  };

  return {
    async start() {
      // What comes meanwhile is looked at after what was before it, and once.
      let meanwhile: Event[] | undefined = [];
      unfollow = context.bus.followAll((event) => {
        if (meanwhile === undefined) see(event);
        else meanwhile.push(event);
      });
      const recent = new Set<string>();
      for (const { id } of await context.read((tx) => tx.organizations.list())) {
        const from = await lookFrom(context, id);
        for (let after: string | undefined = from; after !== undefined; ) {
          const page = { after, limit: PAGE };
          const events: readonly Event[] = await context.read((tx) => tx.events.list(id, {}, page));
          for (const event of events) {
            recent.add(event.id);
            see(event);
          }
          after = events.length < PAGE ? undefined : events.at(-1)?.id;
        }
      }
      const late = meanwhile;
      meanwhile = undefined;
      for (const event of late) if (!recent.has(event.id)) see(event);
    },
    stop() {
      stopped = true;
      unfollow();
      cancelLook();
      for (const { cancel } of held.values()) cancel();
      held.clear();
    },
  };
}

/**
 * The id from which an organization's facts are looked at after a start: as far back from the newest one as rules look,
 * for the former process may have ended long ago, right after it.
 */
async function lookFrom(context: Context, organizationId: string): Promise<string> {
  const newest = await context.read(async (tx) => {
    const last = await tx.audit.newestLeaf(organizationId);
    const [leaf] = last === undefined ? [] : await tx.audit.leaves(organizationId, last.number, 1);
    return leaf === undefined ? Number.POSITIVE_INFINITY : decodeLeaf(leaf.leaf).receivedAt;
  });
  return idAt('evt', Math.max(0, Math.min(context.now(), newest) - LOOK_BACK_MS - SETTLE_MS));
}

/** Whether the record may take it a little later. */
function isPassing(error: unknown): boolean {
  return error instanceof CoreError && error.code === 'unavailable';
}

function keepBothEnds(evidence: readonly string[]): readonly string[] {
  return [...evidence.slice(0, EVIDENCE_MOST / 2), ...evidence.slice(-EVIDENCE_MOST / 2)];
}

function alertOf(id: string, { rule, subject, subjectId, organizationId, events }: Finding, createdAt: number): Alert {
  const [first] = events;
  const newest = events.at(-1);
  const ofLock = subject === 'lock';
  return {
    id,
    organizationId,
    rule,
    subjectId,
    lockId: ofLock ? subjectId : null,
    gatewayId: subject === 'gateway' ? subjectId : null,
    personId: subject === 'person' ? subjectId : null,
    doorId: ofLock ? (newest?.doorId ?? null) : null,
    propertyId: subject === 'lock' || subject === 'gateway' ? (newest?.propertyId ?? null) : null,
    state: 'open',
    count: events.length,
    evidence: events.slice(-EVIDENCE_MOST).map((event) => event.id),
    firstAt: first?.receivedAt ?? createdAt,
    lastAt: newest?.receivedAt ?? createdAt,
    acknowledgedAt: null,
    acknowledgedBy: null,
    createdAt,
  };
}
