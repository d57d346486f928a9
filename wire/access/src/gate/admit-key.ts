import { equal, Reader } from '@cardea/kit-octets';
import type { OfflineGrant, OfflineOperation } from '@cardea/wire-profile';
import { type GateClock, modeAt, scheduleIsOpen, windowIsOpen } from './clock.ts';
import { type AccessDelta, liveUses } from './delta.ts';
import {
  type AccessRecord,
  generationOf,
  isDenied,
  SERIES_KEPT_MAX,
  type SeriesGeneration,
  USES_KEPT_MAX,
} from './record.ts';

/**
 * Why a lock lets somebody not in, who has proved who he is. `not_permitted`: another operation than granted;
 * `revoked`: denied, or of an old generation; `clock`: the lock's clock is not valid; `expired`: outside its window or
 * past its lease; `outside_schedule`; `spent`: no use left; `lockdown`; `privacy`; `full`: no room to count its uses.
 */
export type GateRefusal =
  | 'not_permitted'
  | 'revoked'
  | 'clock'
  | 'expired'
  | 'outside_schedule'
  | 'spent'
  | 'lockdown'
  | 'privacy'
  | 'full';

/** What the lock decides over whoever stands before it. */
export type Admission =
  | {
      readonly kind: 'admitted';
      /** For events: the first 4 octets of the grant's id, a PIN's slot, or 0 for an offline PIN. */
      readonly actor: number;
      /** To be stored, in one write, before the bolt moves; may be empty. */
      readonly deltas: readonly AccessDelta[];
      /** The series that this admission raises, which is an event of its own. */
      readonly raised: SeriesGeneration | undefined;
    }
  | { readonly kind: 'refused'; readonly reason: GateRefusal; readonly actor: number };

/** A key whose grant is genuine, and whose phone has signed. */
export interface PresentedKey {
  readonly grant: OfflineGrant;
  readonly operation: OfflineOperation;
  /** Privacy is on at the lock. */
  readonly privacy: boolean;
}

/**
 * Decides over a key by what the lock itself holds. The order of the checks is the order in which reasons are given.
 * Under a lockdown or privacy only `override` opens. Locking is always good and uses nothing up.
 */
export function admitKey(record: AccessRecord, clock: GateClock, key: PresentedKey): Admission {
  const { grant, operation } = key;
  const actor = actorOf(grant.grantId);
  const reason =
    permission(grant, operation) ??
    revocation(record, grant) ??
    timeliness(record, clock, grant) ??
    obstacle(record, clock, key);
  if (reason !== undefined) return { kind: 'refused', reason, actor };
  const counted = operation === 'lock' ? [] : count(record, clock, grant);
  if (counted === 'spent' || counted === 'full') return { kind: 'refused', reason: counted, actor };
  const raised = raising(record, grant);
  if (raised === 'full') return { kind: 'refused', reason: 'full', actor };
  const deltas: readonly AccessDelta[] = [...(raised ? [{ kind: 'raised' as const, ...raised }] : []), ...counted];
  return { kind: 'admitted', actor, deltas, raised };
}

/** The first 4 octets of a grant's id: the actor of its events. */
export function actorOf(grantId: Uint8Array): number {
  return new Reader(grantId).uint('actor', 4);
}

function permission(grant: OfflineGrant, operation: OfflineOperation): GateRefusal | undefined {
  return grant.operations.includes(operation) ? undefined : 'not_permitted';
}

function revocation(record: AccessRecord, grant: OfflineGrant): GateRefusal | undefined {
  const isOld = grant.generation < generationOf(record, grant.series);
  return isOld || isDenied(record, grant.grantId) ? 'revoked' : undefined;
}

function timeliness(record: AccessRecord, clock: GateClock, grant: OfflineGrant): GateRefusal | undefined {
  // Over by the floor is over in every state of the clock: the record may have forgotten what it knew of this grant.
  if (grant.leaseEndS <= clock.floorS || grant.notAfterS <= clock.floorS) return 'expired';
  if (clock.state !== 'valid') return grant.noClock ? undefined : 'clock';
  if (!windowIsOpen(grant, clock) || clock.timeS >= grant.leaseEndS) return 'expired';
  return scheduleIsOpen(record, grant.scheduleNumber, clock) ? undefined : 'outside_schedule';
}

function obstacle(
  record: AccessRecord,
  clock: GateClock,
  { operation, privacy }: PresentedKey,
): GateRefusal | undefined {
  if (operation !== 'unlock') return undefined;
  if (modeAt(record, clock) === 'lockdown') return 'lockdown';
  return privacy ? 'privacy' : undefined;
}

/** What counts one more use; `full` when there is no room to, and nothing that still counts is overwritten. */
function count(
  record: AccessRecord,
  clock: GateClock,
  { uses, grantId, notAfterS }: OfflineGrant,
): readonly AccessDelta[] | 'spent' | 'full' {
  if (uses === 0) return [];
  const kept = liveUses(record.uses, clock.floorS);
  const before = kept.find((each) => equal(each.grantId, grantId));
  if ((before?.used ?? 0) >= uses) return 'spent';
  if (before === undefined && kept.length >= USES_KEPT_MAX) return 'full';
  const counted = {
    grantId,
    used: (before?.used ?? 0) + 1,
    notAfterS: Math.max(before?.notAfterS ?? 0, notAfterS),
  };
  return [{ kind: 'used', uses: counted, floorS: clock.floorS }];
}

/** A grant of a generation above the lock's raises it: a new guest's key puts out the former guest's. */
function raising(record: AccessRecord, { series, generation }: OfflineGrant): SeriesGeneration | 'full' | undefined {
  const before = generationOf(record, series);
  if (generation <= before) return undefined;
  return before === 0 && record.series.length >= SERIES_KEPT_MAX ? 'full' : { series, generation };
}
