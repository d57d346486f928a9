import type { DoorKind } from '@cardea/wire-api';
import { useSearchParams } from 'wouter';
import { type DoorFilter, type SortKey, STATE_CHOICES } from './filter.ts';

const KINDS = ['guest', 'common', 'staff'] as const satisfies readonly DoorKind[];
const SORT_KEYS = ['door', 'state', 'proved', 'battery'] as const satisfies readonly SortKey[];
/** The floor of doors that are on none. */
const NO_FLOOR = 'none';

/** What the address asks to see: `?q=10&state=stale&floor=floor_1&kind=guest&sort=battery&down`. */
export interface DoorQuery {
  readonly filter: DoorFilter;
  readonly sort: SortKey;
  readonly descending: boolean;
}

/** A query from an address; what it does not know it leaves out. */
export function doorQueryOf(params: URLSearchParams): DoorQuery {
  const floor = params.get('floor');
  return {
    filter: {
      text: params.get('q') ?? '',
      state: STATE_CHOICES.find((one) => one === params.get('state')),
      floorId: floor === null ? undefined : floor === NO_FLOOR ? null : floor,
      kind: KINDS.find((one) => one === params.get('kind')),
    },
    sort: SORT_KEYS.find((one) => one === params.get('sort')) ?? 'door',
    descending: params.has('down'),
  };
}

/** The address of a query. */
export function paramsOf({ filter: { text, state, floorId, kind }, sort, descending }: DoorQuery): URLSearchParams {
  const params = new URLSearchParams();
  if (text !== '') params.set('q', text);
  if (state !== undefined) params.set('state', state);
  if (floorId !== undefined) params.set('floor', floorId ?? NO_FLOOR);
  if (kind !== undefined) params.set('kind', kind);
  if (sort !== 'door') params.set('sort', sort);
  if (descending) params.set('down', '');
  return params;
}

/** What the list shows, kept in the address: a link to it shows the same. */
export function useDoorQuery(): readonly [DoorQuery, (next: DoorQuery) => void] {
  const [params, setParams] = useSearchParams();
  return [doorQueryOf(params), (next) => setParams(paramsOf(next), { replace: true })];
}
