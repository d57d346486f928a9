import type { Door, Floor, Gateway, Person, Property } from '@cardea/wire-api';

/** The steps of the first hour, in their order. */
export const STEPS = ['property', 'doors', 'gateways', 'locks', 'staff'] as const;
export type StepName = (typeof STEPS)[number];

/** What the server has of an estate; undefined while that is not known. */
export interface Known {
  readonly property: Property | undefined;
  readonly floors: readonly Floor[] | undefined;
  readonly doors: readonly Door[] | undefined;
  /** Of the property. */
  readonly gateways: readonly Gateway[] | undefined;
  /** Whoever works here, the person itself among them. */
  readonly staff: readonly Person[] | undefined;
}

/**
 * Which steps are done, by what is there: nothing is kept of the guide itself, so it is resumed on any device. Locks are done
 * when half of the doors have one: the rest may stay as it is for good.
 */
export function stepsDone({ property, doors, gateways, staff }: Known): ReadonlySet<StepName> {
  const done = new Set<StepName>();
  if (property !== undefined) done.add('property');
  if (doors !== undefined && doors.length > 0) done.add('doors');
  if (gateways?.some(({ online }) => online)) done.add('gateways');
  const bound = boundOf(doors ?? []);
  if (bound > 0 && 2 * bound >= (doors?.length ?? 0)) done.add('locks');
  if ((staff?.length ?? 0) > 1) done.add('staff');
  return done;
}

/** How many of the doors have a lock. */
export function boundOf(doors: readonly Door[]): number {
  return doors.filter(({ lock_id }) => lock_id !== null).length;
}

/** The step that is opened by itself: the first that is not done; none where all are. */
export function nextStep(done: ReadonlySet<StepName>): StepName | undefined {
  return STEPS.find((step) => !done.has(step));
}
