import { isDeepStrictEqual } from 'node:util';
import type { Trial } from '../attack.ts';
import { BEHIND_A_SECRET, type Operation, type Place, WITHOUT_CONTROL } from './places.ts';
import { ask, type Change, cursorAfter, neverWas, nounOfPath, type Seen } from './requests.ts';
import { recordOf, type Tenant, type TwoTenants } from './two-tenants.ts';

export type Open = () => Promise<TwoTenants>;
export type Sides = (world: TwoTenants) => { readonly attacker: Tenant; readonly victim: Tenant };

interface Found {
  readonly operations: readonly Operation[];
  readonly places: readonly Place[];
}

/** Each place: the answer for a foreign thing is octet for octet that for one that never was, and costs the same. */
export async function everyPlace({ operations, places }: Found, open: Open, sides: Sides): Promise<readonly Trial[]> {
  const trials: Trial[] = [];
  const world = await open();
  const controls = await open();
  try {
    for (const [place, operation] of inOrder(places, operations)) {
      if (place.noun === 'key' || operation.media === 'text/event-stream') continue;
      trials.push(await onePlace(world, controls, open, sides, place, operation));
    }
  } finally {
    await world.close();
    await controls.close();
  }
  return trials;
}

async function onePlace(
  world: TwoTenants,
  controls: TwoTenants,
  open: Open,
  sides: Sides,
  place: Place,
  operation: Operation,
): Promise<Trial> {
  const { attacker, victim } = sides(world);
  const name = `${operation.key}, ${place.in} ${place.name}`;
  const changes = await changesOf(world, place, operation, victim);
  if (changes === undefined) return { name: `${name}: no thing of the noun ${place.noun} to ask for`, through: true };
  const before = await recordOf(world, victim);
  const { seen, differing } = await compared(
    () => ask(world, attacker, operation, changes.foreign),
    () => ask(world, attacker, operation, changes.nobodys),
  );
  const why = [
    ...differing,
    ...leaks(seen, operation, attacker, victim, world),
    ...((await recordOf(world, victim)) === before ? [] : ["the other tenant's record was changed"]),
    ...(world.faults.length === 0 ? [] : ['a fault reached a lock']),
    ...(await controlled(controls, open, sides, place, operation)),
  ];
  return { name: [name, ...why].join(': '), through: why.length > 0, tried: 2 };
}

/** What differs between the two, if anything does. */
export function differences(foreign: Seen, nobodys: Seen): readonly string[] {
  const parts = ['status', 'headers', 'body', 'work'] as const;
  const short = (value: unknown): string => JSON.stringify(value).slice(0, 120);
  return parts.flatMap((part) => {
    if (isDeepStrictEqual(foreign[part], nobodys[part])) return [];
    if (part !== 'headers') return [`${part} ${short(foreign[part])} and not ${short(nobodys[part])}`];
    const names = new Set([...Object.keys(foreign.headers), ...Object.keys(nobodys.headers)]);
    const differing = [...names].filter((name) => foreign.headers[name] !== nobodys.headers[name]);
    return [`headers ${differing.join(', ')}`];
  });
}

/**
 * What an answer says of the other tenant. That there is such an organization, the operator knows: he founded it. What is
 * numbered in each log by itself (`head_27`) is nobody's.
 */
export function leaks(
  { body }: Pick<Seen, 'body'>,
  { path }: Pick<Operation, 'path'>,
  attacker: Tenant,
  victim: Tenant,
  world: TwoTenants,
): readonly string[] {
  const told = ['/v1/organizations', '/v1/events'];
  const known = attacker === world.first && told.includes(path) ? victim.ids.organization : undefined;
  return [...Object.values(victim.ids), ...victim.words]
    .filter((word) => word !== known && !/_\d+$/.test(word) && body.includes(word))
    .map((word) => `the answer says ${word}`);
}

/** How often both are asked anew where their work differed. */
const TIMES = 3;

/**
 * Asks both ways and tells what differs. The work of an alert that the monitor raises meanwhile falls on one of the two by
 * chance; what is owed to the question is there every time.
 */
export async function compared(
  foreign: () => Promise<Seen>,
  nobodys: () => Promise<Seen>,
): Promise<{ readonly seen: Seen; readonly differing: readonly string[] }> {
  for (let times = 1; ; times++) {
    const seen = await foreign();
    const differing = differences(seen, await nobodys());
    const workAlone = differing.length === 1 && differing[0]?.startsWith('work');
    if (!workAlone || times === TIMES) return { seen, differing };
  }
}

/** The same request by the tenant itself must show that its id is one, or the trial shows nothing. */
async function controlled(
  shared: TwoTenants,
  open: Open,
  sides: Sides,
  place: Place,
  operation: Operation,
): Promise<readonly string[]> {
  // A cursor is a place in an order and names nothing: what is after it is the asker's own, whoever's it was.
  if (place.noun === 'cursor' || Object.hasOwn(BEHIND_A_SECRET, place.noun)) return [];
  if (Object.hasOwn(WITHOUT_CONTROL, `${operation.key} ${place.in} ${place.name}`)) return [];
  const removes = operation.method === 'DELETE';
  const world = removes ? await open() : shared;
  try {
    const { victim } = sides(world);
    const changes = await changesOf(world, place, operation, victim);
    if (changes === undefined) return ['no control'];
    const nobodys = await ask(world, victim, operation, changes.nobodys);
    const own = await ask(world, victim, operation, changes.foreign);
    const tells = differences(own, nobodys).length > 0;
    // What only the operator may do is refused to the other organization before anything is looked for.
    if (tells || (own.status === 403 && victim === world.second)) return [];
    return [`nothing is shown: the tenant itself gets ${own.status} as well`];
  } finally {
    if (removes) await world.close();
  }
}

/** The two requests that are compared: by the victim's id and by one that never was. */
async function changesOf(
  world: TwoTenants,
  place: Place,
  operation: Operation,
  victim: Tenant,
): Promise<{ readonly foreign: Change; readonly nobodys: Change } | undefined> {
  if (place.noun === 'etag') {
    const named = nounOfPath(operation.path);
    const id = victim.ids[named];
    if (id === undefined) return undefined;
    const path: Place = { ...place, in: 'path', name: 'id', noun: named, at: ['id'] };
    const shown = await ask(world, victim, { ...operation, method: 'GET' }, { place: path, value: id });
    const headers = { [place.name]: String(shown.headers.etag) };
    return { foreign: { place: path, value: id, headers }, nobodys: { place: path, value: neverWas(id), headers } };
  }
  const id = victim.ids[place.noun === 'cursor' ? nounOfPath(operation.path) : place.noun];
  if (id === undefined) return undefined;
  if (place.noun !== 'cursor') return { foreign: { place, value: id }, nobodys: { place, value: neverWas(id) } };
  // What is numbered in the asker's own log names nothing of another's: the same number for both.
  if (/_\d+$/.test(id))
    return { foreign: { place, value: cursorAfter(id) }, nobodys: { place, value: cursorAfter(id) } };
  // The id that never was comes right after the true one, so that both are the same place in the order.
  return { foreign: { place, value: cursorAfter(id) }, nobodys: { place, value: cursorAfter(`${id}0`) } };
}

function inOrder(places: readonly Place[], operations: readonly Operation[]): readonly (readonly [Place, Operation])[] {
  const byKey = new Map(operations.map((operation) => [operation.key, operation]));
  return places.flatMap((place) => {
    const operation = byKey.get(place.operation);
    return operation === undefined ? [] : [[place, operation] as const];
  });
}
