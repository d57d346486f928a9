import { CoreError } from '../errors.ts';
import type { Grant } from '../model.ts';

/** What narrows a grant, by the name under which a change says that it drops it. */
export type GrantConstraint = 'not_after' | 'schedule_id' | 'uses' | 'geofence' | 'second_person' | 'first_use';

/** What of a grant may change. */
export type GrantTerms = Pick<
  Grant,
  'scope' | 'notBefore' | 'notAfter' | 'scheduleId' | 'conditions' | 'operations' | 'methods' | 'uses'
>;

type Narrowing = Pick<GrantTerms, 'notAfter' | 'scheduleId' | 'uses' | 'conditions'>;

/** The constraints that a grant has. */
export function constraintsOf({ notAfter, scheduleId, uses, conditions }: Narrowing): readonly GrantConstraint[] {
  const has: Readonly<Record<GrantConstraint, boolean>> = {
    not_after: notAfter !== null,
    schedule_id: scheduleId !== null,
    uses: uses !== null,
    geofence: conditions.geofence,
    second_person: conditions.secondPerson,
    first_use: conditions.firstUse !== null,
  };
  return (Object.keys(has) as GrantConstraint[]).filter((name) => has[name]);
}

/**
 * A change never drops a constraint silently: what it drops it names, and it names nothing else.
 * @throws CoreError `conflict`, `invalid`
 */
export function checkDrops(before: Narrowing, after: Narrowing, drop: readonly GrantConstraint[]): void {
  const kept = constraintsOf(after);
  const dropped = constraintsOf(before).filter((name) => !kept.includes(name));
  const silent = dropped.find((name) => !drop.includes(name));
  if (silent !== undefined) {
    throw new CoreError('conflict', `this drops the constraint ${silent}: name it in drop if that is meant`, {
      field: 'drop',
    });
  }
  const idle = drop.find((name) => !dropped.includes(name));
  if (idle !== undefined) {
    throw new CoreError('invalid', `the change does not drop the constraint ${idle}`, { field: 'drop' });
  }
}
