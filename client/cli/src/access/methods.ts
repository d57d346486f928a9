import type { Ending, GrantMethod } from '@cardea/wire-api';
import { localTime } from '../moment.ts';
import { plain, table } from '../output/table.ts';

/** Until when somebody can open, as people read it in a zone; `over`: the right has been taken back already. */
export function endingText({ cannot_open_after: at, why }: Ending, zone: string, over: boolean): string {
  switch (why) {
    case 'nothing_held':
      return 'nothing was given out';
    case 'acknowledged':
      return at === null ? 'cannot open' : `cannot open since ${localTime(zone, at)}, says the lock`;
    case 'lease':
      return at === null
        ? 'nobody knows'
        : `cannot open after ${localTime(zone, at)}${over ? '' : ' if it were revoked'}`;
    case 'no_clock':
      return 'no end until the lock has heard: an emergency key asks no clock';
    case 'no_end':
      return 'no end until the lock has heard: the grant has none';
  }
}

/** Methods as a table, doors by name. */
export function methodTable(items: readonly GrantMethod[], doors: ReadonlyMap<string, string>, zone: string): string {
  if (items.length === 0) return 'no methods: no door of the grant has a bound lock\n';
  return table(
    ['DOOR', 'METHOD', 'STATE', 'WHY', 'AT THE DOOR'],
    items.map((one) => [
      one.door_id === null ? '-' : (doors.get(one.door_id) ?? one.door_id),
      one.method,
      one.state,
      one.reason === null ? '-' : plain(one.reason),
      endingText(one.ending, zone, one.state === 'removing' || one.state === 'removed'),
    ]),
  );
}
