import { SERIES } from '../grant/series.ts';
import { type HeldLease, leasesAt, leasesOf } from '../key/leases.ts';
import type { Door, Grant, GrantMethod, LockDenial, LockReport, LockSeries, OfflinePinGiven } from '../model.ts';
import type { Transaction } from '../ports.ts';
import { lastOpening, SLOW_MOST_MS, slowMs } from './last-opening.ts';
import { EVERYTHING, NEVER_MS } from './rights.ts';

/**
 * When somebody can no longer open a door by a grant at the door itself, were it revoked now, or since it was.
 *
 * - `at`: cannot open after this, Unix ms; null: nobody knows, and `why` says what for.
 * - `why`: `nothing_held` nothing was given out that opens; `acknowledged` the lock has said so; `lease` the keys and PINs
 *   end then, by a clock as slow as the lock's may be; `no_clock` a key that does not ask the clock, or `no_end` a PIN of a
 *   grant without end, and the lock has not said that it knows.
 */
export interface Ending {
  readonly at: number | null;
  readonly why: 'nothing_held' | 'acknowledged' | 'lease' | 'no_clock' | 'no_end';
}

/** A method with the door that it opens and its end. */
export interface MethodView {
  readonly method: GrantMethod;
  readonly doorId: string | null;
  /** The latest lease of its keys; null when none was given. */
  readonly leaseEndAt: number | null;
  readonly ending: Ending;
}

/** What the record knows of one lock, for endings. */
interface AtLock {
  readonly report: LockReport | undefined;
  readonly series: readonly LockSeries[];
  readonly denials: readonly LockDenial[];
  readonly door: Door | undefined;
}

/** The methods of a grant, each with its end; with `ofPhone`, by the keys of that phone alone. */
export async function methodViews(tx: Transaction, grant: Grant, ofPhone?: string): Promise<readonly MethodView[]> {
  const methods = await tx.access.methods.list(grant.organizationId, { grantId: grant.id }, EVERYTHING);
  return viewsOf(tx, grant, methods, ofPhone);
}

/** Those of one lock alone. */
export async function methodViewsAt(tx: Transaction, grant: Grant, lockId: string): Promise<readonly MethodView[]> {
  return viewsOf(tx, grant, await tx.access.methods.at(grant.organizationId, grant.id, lockId));
}

async function viewsOf(
  tx: Transaction,
  grant: Grant,
  methods: readonly GrantMethod[],
  ofPhone?: string,
): Promise<readonly MethodView[]> {
  const { organizationId } = grant;
  const all = await leasesOf(tx, organizationId, grant.id);
  const leases = ofPhone === undefined ? all : all.filter(({ phoneId }) => phoneId === ofPhone);
  const pins = await tx.access.pins.list(organizationId, { grantId: grant.id }, EVERYTHING);
  const known = new Map<string, AtLock>();
  const views: MethodView[] = [];
  for (const method of methods) {
    const at = known.get(method.lockId) ?? (await atLock(tx, organizationId, method.lockId));
    known.set(method.lockId, at);
    const held = method.method === 'pin' ? [] : leasesAt(leases, method);
    const endings =
      method.method === 'pin'
        ? [
            ...onlineEnding(grant, method, at),
            ...pins.filter(({ lockId }) => lockId === method.lockId).map((pin) => offlineEnding(pin, at)),
          ]
        : held.map((lease) => keyEnding(lease, method, at));
    views.push({
      method,
      doorId: at.door?.id ?? null,
      leaseEndAt: held.length === 0 ? null : Math.max(...held.map(({ leaseEndAt }) => leaseEndAt)),
      ending: latest(endings, grant),
    });
  }
  return views;
}

/** The end of a grant at one lock, by all of its methods together. */
export function endingAt(views: readonly MethodView[], lockId: string): Ending {
  const here = views.filter(({ method }) => method.lockId === lockId);
  const { ending } = here.reduce<{ readonly ending: Ending }>(
    (most, view) => (later(view.ending, most.ending) ? view : most),
    { ending: { at: 0, why: 'nothing_held' } },
  );
  return ending;
}

async function atLock(tx: Transaction, organizationId: string, lockId: string): Promise<AtLock> {
  const [door] = await tx.doors.list(organizationId, { lockId }, { after: undefined, limit: 1 });
  return {
    door,
    report: await tx.locks.report(lockId),
    series: await tx.access.series.list(organizationId, { lockId }, EVERYTHING),
    denials: await tx.access.denials.list(organizationId, { lockId }, EVERYTHING),
  };
}

function keyEnding(lease: HeldLease, method: GrantMethod, { report, series, denials }: AtLock): Ending {
  const denial = denials.find(({ id }) => id === `${method.lockId}/${lease.id}`);
  if (denial?.acknowledgedAt != null) return { at: denial.acknowledgedAt, why: 'acknowledged' };
  const risen = series.find((one) => one.series === lease.series);
  if (risen?.acknowledgedAt != null && risen.acknowledged > lease.generation) {
    return { at: risen.acknowledgedAt, why: 'acknowledged' };
  }
  const at = lastOpening(lease, report);
  return at === null ? { at, why: 'no_clock' } : { at, why: 'lease' };
}

/** A PIN that the lock keeps goes when the lock has said so, or by its window. */
function onlineEnding(grant: Grant, method: GrantMethod, { report }: AtLock): readonly Ending[] {
  if (method.state === 'unset') return [];
  if (method.state === 'removed') {
    return method.acknowledgedAt === null ? [] : [{ at: method.acknowledgedAt, why: 'acknowledged' }];
  }
  if (method.slot === null) return [];
  // The lock may not have heard yet that the grant ends sooner now.
  const endAt = Math.max(method.pinEndAt ?? 0, grant.notAfter ?? NEVER_MS);
  if (endAt >= NEVER_MS) return [{ at: null, why: 'no_end' }];
  return [{ at: endAt + slowMs(report, endAt), why: 'lease' }];
}

function offlineEnding(pin: OfflinePinGiven, { report, series }: AtLock): Ending {
  const risen = series.find((one) => one.series === SERIES.offlinePins);
  if (risen?.acknowledgedAt != null && risen.acknowledged > pin.generation) {
    return { at: risen.acknowledgedAt, why: 'acknowledged' };
  }
  return { at: pin.endAt + (report === undefined ? SLOW_MOST_MS : slowMs(report, pin.endAt)), why: 'lease' };
}

function latest(endings: readonly Ending[], grant: Grant): Ending {
  const none: Ending = { at: grant.revokedAt, why: 'nothing_held' };
  return endings.reduce((most, one) => (later(one, most) ? one : most), none);
}

function later(a: Ending, b: Ending): boolean {
  if (b.why === 'nothing_held') return a.why !== 'nothing_held' || (a.at ?? 0) > (b.at ?? 0);
  if (a.why === 'nothing_held' || b.at === null) return false;
  return a.at === null || a.at > b.at;
}
