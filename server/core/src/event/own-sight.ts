import { mayHost } from '../grant/given-on.ts';
import { doorsOf } from '../grant/reach.ts';
import { idAt } from '../ids.ts';
import { EVERYTHING } from '../method/rights.ts';
import type { Event, Grant, Visitor } from '../model.ts';
import type { PageRequest, Transaction } from '../ports.ts';

/** Doors, and visitors, of one person that are looked after: the doors of whoever holds more are staff's matter. */
const DOORS_MOST = 50;
const VISITS_MOST = 50;

/** What is told of a door to whoever lives behind it, without a word of who it was. */
export const WARNINGS: readonly Event['type'][] = [
  'lock.tamper',
  'lock.door_forced',
  'lock.door_held_open',
  'lock.refused',
  'lock.refusals',
  'lock.keypad_closed',
  'lock.jammed',
  'lock.battery_low',
];
/** What of a visitor is told to the host. */
const OPENINGS: readonly Event['type'][] = ['lock.unlocked', 'attempt.succeeded'];

/** Whose events are asked for. */
interface Owner {
  readonly organizationId: string;
  readonly personId: string;
}

/** What a person may know besides what he did himself. */
interface Sight {
  /** Doors held as a resident, each with the moment from which on. */
  readonly doors: ReadonlyMap<string, number>;
  readonly visits: readonly { readonly visitor: Visitor; readonly doorIds: readonly string[] }[];
}

/**
 * The one rule of what somebody without `events:read` is told (docs/grants.md, 8 and 26): what he did himself; what happens to
 * the door of a resident, but never who; that his visitor came. Undefined: nothing of this event. What is told is the event
 * with nothing in it that leads to anybody else.
 */
function told(event: Event, { personId }: Owner, { doors, visits }: Sight): Event | undefined {
  const { doorId, type, receivedAt, detail } = event;
  if (event.personId === personId) {
    const { carried_by: carriedBy, ...rest } = detail;
    return carriedBy === undefined || carriedBy === personId ? event : { ...event, detail: rest };
  }
  if (doorId === null) return undefined;
  const visit = visits.find((one) => one.visitor.personId === event.personId && one.doorIds.includes(doorId));
  if (visit !== undefined && receivedAt >= visit.visitor.createdAt && isOpening(event)) {
    return { ...event, attemptId: null, detail: { visitor_id: visit.visitor.id } };
  }
  const since = doors.get(doorId);
  if (since === undefined || receivedAt < since || !WARNINGS.includes(type)) return undefined;
  return { ...event, personId: null, attemptId: null, detail: {} };
}

function isOpening({ type, detail }: Event): boolean {
  return type === 'lock.unlocked' || (type === 'attempt.succeeded' && detail.operation === 'unlock');
}

/** What the person may know now. */
async function sightOf(tx: Transaction, { organizationId, personId }: Owner, now: number): Promise<Sight> {
  const person = await tx.persons.get(organizationId, personId);
  if (person === undefined || !mayHost(person.role)) return { doors: new Map(), visits: [] };
  const doors = new Map<string, number>();
  for (const grant of await tx.grants.list(organizationId, { personId, state: 'active' }, EVERYTHING)) {
    if (!livesBy(grant, now)) continue;
    const since = Math.max(grant.notBefore, grant.createdAt);
    for (const { id } of await doorsOf(tx, grant, { after: undefined, limit: DOORS_MOST })) {
      if (doors.size < DOORS_MOST || doors.has(id)) doors.set(id, Math.min(since, doors.get(id) ?? since));
    }
  }
  const visits = [];
  const newest = { after: undefined, limit: VISITS_MOST, newestFirst: true };
  const invited = await tx.visitors.list(organizationId, { hostId: personId }, newest);
  const own = new Set(invited.map(({ id }) => id));
  for (const visitor of invited) visits.push({ visitor, doorIds: await doorsOfVisit(tx, visitor, own) });
  return { doors, visits };
}

/** A grant by which somebody lives behind a door: no visitor's, no guest's stay, and its window has begun. */
function livesBy({ sourceGrantId, stayId, notBefore, notAfter }: Grant, now: number): boolean {
  return sourceGrantId === null && stayId === null && notBefore <= now && (notAfter === null || now < notAfter);
}

/** The doors at which a visitor's openings are this host's to know: not where the visitor has, or had, another right. */
async function doorsOfVisit(
  tx: Transaction,
  { organizationId, personId, propertyId, doorIds }: Visitor,
  own: ReadonlySet<string>,
): Promise<readonly string[]> {
  const visitor = await tx.persons.get(organizationId, personId);
  if (visitor?.role !== 'guest' && visitor?.role !== 'resident') return [];
  const grants = await tx.grants.list(organizationId, { personId }, EVERYTHING);
  const others = grants.filter((grant) => grant.visitorId === null || !own.has(grant.visitorId));
  return doorIds.filter((id) =>
    others.every(({ scope, propertyId: where }) =>
      scope.kind === 'doors' ? !scope.doorIds.includes(id) : where !== propertyId,
    ),
  );
}

/** One event as its owner is told of it. */
export async function ownEvent(tx: Transaction, owner: Owner, event: Event, now: number): Promise<Event | undefined> {
  if (event.personId === owner.personId) return told(event, owner, { doors: new Map(), visits: [] });
  if (!WARNINGS.includes(event.type) && !OPENINGS.includes(event.type)) return undefined;
  return told(event, owner, await sightOf(tx, owner, now));
}

/** A page of what an owner is told, and whether with what he did himself. */
export async function ownEvents(
  tx: Transaction,
  owner: Owner,
  filter: { readonly doorId?: string; readonly type?: Event['type'] },
  page: PageRequest,
  now: number,
  which: 'all' | 'of_others' = 'all',
): Promise<readonly Event[]> {
  const { organizationId, personId } = owner;
  const sight = await sightOf(tx, owner, now);
  const fits = (doorId: string): boolean => filter.doorId === undefined || filter.doorId === doorId;
  const wanted = (types: readonly Event['type'][]): readonly Event['type'][] =>
    types.filter((type) => filter.type === undefined || filter.type === type);
  const found = new Map<string, Event>();
  const take = (events: readonly Event[]): void => {
    for (const event of events) {
      const shown = told(event, owner, sight);
      if (shown !== undefined) found.set(event.id, shown);
    }
  };
  if (which === 'all') take(await tx.events.list(organizationId, { personId, ...filter }, page));
  for (const [doorId, since] of sight.doors) {
    if (fits(doorId)) take(await tx.events.ofTypes(organizationId, { doorId }, wanted(WARNINGS), from(page, since)));
  }
  for (const { visitor, doorIds } of sight.visits) {
    for (const doorId of doorIds.filter(fits)) {
      const where = { personId: visitor.personId, doorId };
      take(await tx.events.ofTypes(organizationId, where, wanted(OPENINGS), from(page, visitor.createdAt)));
    }
  }
  const order = page.newestFirst === true ? -1 : 1;
  const of = which === 'all' ? [...found.values()] : [...found.values()].filter((one) => one.personId !== personId);
  return of.sort((a, b) => (a.id < b.id ? -order : order)).slice(0, page.limit);
}

/** A page that begins at a moment at the earliest; the other way round whatever is older ends it by itself. */
function from(page: PageRequest, since: number): PageRequest {
  const first = idAt('evt', since);
  return page.newestFirst === true || (page.after ?? '') >= first ? page : { ...page, after: first };
}
