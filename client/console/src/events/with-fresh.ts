import type { Event } from '@cardea/wire-api';

/** Both lists as one, each event once. Ids are in the order in which events were recorded. */
export function withFresh(fresh: readonly Event[], read: readonly Event[]): readonly Event[] {
  const newest = read[0]?.id ?? '';
  return [...fresh.filter(({ id }) => id > newest), ...read];
}
