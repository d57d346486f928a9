import { leasesAt, leasesOf } from '../key/leases.ts';
import { lastOpening } from '../method/last-opening.ts';
import type { Grant, GrantMethod, LockReport, Property } from '../model.ts';
import type { Transaction } from '../ports.ts';
import { type Finding, finding } from './rule.ts';
import { localText } from './words.ts';

/** What of a grant is at the lock, or in a phone for it. */
export interface OfflineRights {
  readonly finding: Finding;
  /** The last moment at which a key that was given still opens by itself; null: none, or nobody knows. */
  readonly opensUntil: number | null;
}

/** By which of its methods a grant opens this lock by itself. */
export async function offlineRights(
  tx: Transaction,
  grant: Grant,
  lockId: string,
  {
    at,
    property,
    report,
  }: { readonly at: number; readonly property: Property; readonly report: LockReport | undefined },
): Promise<OfflineRights> {
  if (property.offlineLeaseS === null) {
    return {
      finding: finding('method', false, () => 'every opening at this property is decided by the server'),
      opensUntil: null,
    };
  }
  const methods = await tx.access.methods.at(grant.organizationId, grant.id, lockId);
  const keyed = methods.some(({ method, state }) => method !== 'pin' && state === 'set');
  const leases = keyed ? await leasesOf(tx, grant.organizationId, grant.id) : [];
  const lines: string[] = [];
  let works = false;
  let opensUntil: number | null = null;
  for (const method of methods) {
    if (method.state === 'removed') continue;
    const name = method.method.replace('_', ' ');
    if (method.method === 'pin') {
      if (method.state === 'set') works = true;
      lines.push(`${name} ${stateText(method)}`);
      continue;
    }
    const keys = leasesAt(leases, method).filter((lease) => lease.state === 'active');
    let last = 0;
    for (const key of keys) last = Math.max(last, lastOpening(key, report) ?? Number.POSITIVE_INFINITY);
    if (method.state === 'set' && last > at) works = true;
    if (Number.isFinite(last) && last > 0) opensUntil = Math.max(opensUntil ?? 0, last);
    const given = keys.length === 0 ? 'no key was fetched yet' : `keys open ${untilText(property.timeZone, last)}`;
    lines.push(method.state === 'set' ? `${name}: ${given}` : `${name} ${stateText(method)}`);
  }
  const detail = lines.length === 0 ? 'nothing of this grant is at the lock' : lines.join('; ');
  return { finding: finding('method', works, () => detail), opensUntil };
}

function untilText(timeZone: string, last: number): string {
  return Number.isFinite(last) ? `until ${localText(timeZone, last)}` : 'until the lock is told';
}

function stateText({ state, reason }: GrantMethod): string {
  const words = {
    unset: 'not yet made',
    setting: 'on its way to the lock',
    set: 'at the lock',
    removing: 'being taken away',
  };
  const what = state in words ? words[state as keyof typeof words] : state;
  return reason === null ? what : `${what} (${reason})`;
}
