import type {
  AccessMethod,
  ChangeGrant,
  Grant,
  GrantConstraint,
  GrantOperation,
  GrantScope,
  NewGrant,
} from '@cardea/wire-api';
import { fromLocal, toLocal } from '../parts/local-moment.ts';

/** What a form says of a grant. */
export interface Terms {
  readonly kind: GrantScope['kind'];
  readonly doorIds: readonly string[];
  readonly floorId: string | null;
  /** By the property's clocks, `2026-03-29T14:05`; empty: from now on. */
  readonly from: string;
  /** The same; empty: until it is revoked. */
  readonly until: string;
  readonly scheduleId: string | null;
  readonly methods: readonly AccessMethod[];
  readonly operations: readonly GrantOperation[];
  /** Null: any number. */
  readonly uses: number | null;
  readonly geofence: boolean;
  readonly secondPerson: boolean;
  /** How long it lasts from the first opening, minutes; null: it does not begin by that. */
  readonly firstUseMin: number | null;
}

/** What a new grant begins with: by phone, to unlock and to lock. */
export const NEW_TERMS: Terms = {
  kind: 'doors',
  doorIds: [],
  floorId: null,
  from: '',
  until: '',
  scheduleId: null,
  methods: ['mobile_key'],
  operations: ['unlock', 'lock'],
  uses: null,
  geofence: false,
  secondPerson: false,
  firstUseMin: null,
};

/** What has to be mended before it can be sent. */
export type TermFault = 'doors' | 'floor' | 'from' | 'until' | 'order' | 'end' | 'operations';

/** The terms of a grant, as a form of a zone (IANA) shows them. */
export function termsOf({ scope, ...grant }: Grant, zone: string): Terms {
  const { first_use: firstUse, geofence, second_person: secondPerson } = grant.conditions;
  return {
    kind: scope.kind,
    doorIds: scope.kind === 'doors' ? scope.door_ids : [],
    floorId: scope.kind === 'floor' ? scope.floor_id : null,
    from: toLocal(grant.not_before, zone),
    until: toLocal(grant.not_after, zone),
    scheduleId: grant.schedule_id,
    methods: grant.methods,
    operations: grant.operations,
    uses: grant.uses,
    geofence,
    secondPerson,
    firstUseMin: firstUse === null ? null : firstUse.valid_for_s / 60,
  };
}

/** What is wrong with the terms; empty when they can be sent. A whole floor or property needs an end. */
export function faultsOf(terms: Terms, zone: string): readonly TermFault[] {
  const from = fromLocal(terms.from, zone, 'from');
  const until = fromLocal(terms.until, zone, 'until');
  const faults: readonly (TermFault | false)[] = [
    terms.kind === 'doors' && terms.doorIds.length === 0 && 'doors',
    terms.kind === 'floor' && terms.floorId === null && 'floor',
    terms.from !== '' && from === undefined && 'from',
    terms.until !== '' && until === undefined && 'until',
    from !== undefined && until !== undefined && until <= from && 'order',
    terms.kind !== 'doors' && terms.until === '' && 'end',
    terms.operations.length === 0 && 'operations',
  ];
  return faults.filter((fault) => fault !== false);
}

/** The terms as the API takes them of a new grant. Call it without {@link faultsOf}. */
export function bodyOf(terms: Terms, propertyId: string, zone: string): Omit<NewGrant, 'person_id'> {
  const from = fromLocal(terms.from, zone, 'from');
  return {
    scope: scopeOf(terms, propertyId),
    ...(from !== undefined && { not_before: from }),
    not_after: fromLocal(terms.until, zone, 'until') ?? null,
    schedule_id: terms.scheduleId,
    conditions: conditionsOf(terms),
    operations: [...terms.operations],
    methods: [...terms.methods],
    uses: terms.uses,
  };
}

/** What is different from the grant, without `drop`; empty when nothing is. */
export function changeOf(grant: Grant, terms: Terms, zone: string): ChangeGrant {
  const was = termsOf(grant, zone);
  const next = bodyOf(terms, grant.property_id, zone);
  const differs = (a: unknown, b: unknown): boolean => JSON.stringify(a) !== JSON.stringify(b);
  return {
    ...(differs(scopeOf(was, grant.property_id), next.scope) && { scope: next.scope }),
    // What was not touched stays to the second, though a form shows minutes.
    ...(differs(was.from, terms.from) && next.not_before !== undefined && { not_before: next.not_before }),
    ...(differs(was.until, terms.until) && { not_after: next.not_after }),
    ...(differs(was.scheduleId, terms.scheduleId) && { schedule_id: next.schedule_id }),
    ...(differs(conditionsOf(was), conditionsOf(terms)) && { conditions: conditionsOf(terms) }),
    ...(differs([...was.operations].sort(), [...terms.operations].sort()) && { operations: next.operations }),
    ...(differs([...was.methods].sort(), [...terms.methods].sort()) && { methods: next.methods }),
    ...(differs(was.uses, terms.uses) && { uses: next.uses }),
  };
}

/** What narrowed the grant and would not any more: the server wants each of them named. */
export function droppedBy(
  grant: Grant,
  { not_after, schedule_id, uses, conditions }: ChangeGrant,
): readonly GrantConstraint[] {
  const before = grant.conditions;
  const dropped: readonly (GrantConstraint | false)[] = [
    grant.not_after !== null && not_after === null && 'not_after',
    grant.schedule_id !== null && schedule_id === null && 'schedule_id',
    grant.uses !== null && uses === null && 'uses',
    before.geofence && conditions?.geofence === false && 'geofence',
    before.second_person && conditions?.second_person === false && 'second_person',
    before.first_use !== null && conditions?.first_use === null && 'first_use',
  ];
  return dropped.filter((name) => name !== false);
}

function scopeOf({ kind, doorIds, floorId }: Terms, propertyId: string): GrantScope {
  switch (kind) {
    case 'doors':
      return { kind, door_ids: [...doorIds] };
    case 'floor':
      return { kind, floor_id: floorId ?? '' };
    case 'property':
      return { kind, property_id: propertyId };
  }
}

function conditionsOf({ geofence, secondPerson, firstUseMin }: Terms): Grant['conditions'] {
  return {
    geofence,
    second_person: secondPerson,
    first_use: firstUseMin === null ? null : { valid_for_s: Math.round(firstUseMin * 60) },
  };
}
