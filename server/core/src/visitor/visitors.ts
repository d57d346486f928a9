import { Secret } from '@cardea/kit-runtime';
import type { Actor } from '../actor.ts';
import { checkName, checkPage, found } from '../checks.ts';
import type { Context, EventDraft, Note } from '../context.ts';
import { CoreError } from '../errors.ts';
import { checkScope } from '../grant/checks.ts';
import { heldWithin, mayGiveOn, mayHost } from '../grant/given-on.ts';
import type { GrantKeeper } from '../grant/keeper.ts';
import { targetsOfDoor } from '../grant/reach.ts';
import { SERIES } from '../grant/series.ts';
import { type MethodView, methodViews } from '../method/endings.ts';
import { EVERYTHING } from '../method/rights.ts';
import type { AccessMethod, Event, Grant, GrantOperation, Person } from '../model.ts';
import { checkAddress, unreachableName } from '../person/addresses.ts';
import type { Address } from '../person/model.ts';
import { holds, requireScope } from '../person/roles.ts';
import { type Codes, type KeptCode, personReachedBy } from '../person/verification.ts';
import type { Pins } from '../pin/pins.ts';
import type { Transaction } from '../ports.ts';
import type { Visitor } from './model.ts';
import type { NewVisitor, VisitorUseCases, VisitorView } from './use-cases.ts';

/** Visitors of one host at once. */
const VISITORS_MOST = 20;
/** A visit lasts so long at most; whoever stays longer is given a grant by staff. */
const LONGEST_MS = 30 * 86_400_000;
/** Doors of one visitor. */
const DOORS_MOST = 20;
/** What a visitor may do at a door. */
const OPERATIONS: readonly GrantOperation[] = ['unlock', 'lock'];

/** What visitors are made of. */
export interface VisitorParts {
  readonly keeper: GrantKeeper;
  readonly pins: Pins;
  readonly codes: Codes;
}

/** A visit as it is asked for, checked as far as that goes without the record. */
interface Visit {
  readonly name: string;
  readonly to: Address | undefined;
  readonly doorIds: readonly string[];
  readonly notBefore: number;
  readonly notAfter: number;
  readonly pin: boolean;
}

/** Visitors: by grants that residents give on, each held within the host's own (grant/given-on.ts). */
export function visitorUseCases(context: Context, { keeper, pins, codes }: VisitorParts): VisitorUseCases {
  const { newId, now, read, write } = context;

  const checked = (input: NewVisitor): Visit => {
    const name = checkName('name', input.name);
    const to = input.address === undefined ? undefined : checkAddress('address', input.address);
    const scope = checkScope({ kind: 'doors', doorIds: input.doorIds });
    const doorIds = scope.kind === 'doors' ? scope.doorIds : [];
    if (doorIds.length > DOORS_MOST) {
      throw new CoreError('invalid', `a visitor is let through at most ${DOORS_MOST} doors`, { field: 'door_ids' });
    }
    const { notBefore = Math.floor(now() / 1000) * 1000, notAfter, pin = false } = input;
    if (notAfter - notBefore > LONGEST_MS) {
      throw new CoreError('invalid', 'a visit lasts at most 30 days', { field: 'not_after' });
    }
    return { name, to, doorIds, notBefore, notAfter, pin };
  };

  /** The person who visits: whoever is reached by the address, or a new guest. Which of the two nobody is told. */
  const visitorPerson = async (tx: Transaction, note: Note, host: Person, { name, to }: Visit): Promise<Person> => {
    const { organizationId } = host;
    const known = to && (await personReachedBy(tx, organizationId, to.address));
    if (known?.id === host.id) {
      throw new CoreError('invalid', 'this address is your own', { field: 'address' });
    }
    if (known !== undefined) return known;
    const id = newId('per');
    const email = to?.address ?? unreachableName(id);
    const person: Person = {
      id,
      organizationId,
      name,
      email,
      role: 'guest',
      mustChangePassword: false,
      createdAt: now(),
    };
    await tx.persons.insert(person);
    const detail = { person_id: id, role: person.role };
    await note({ organizationId, type: 'person.added', personId: host.id, detail });
    return person;
  };

  /** A code for whoever has no password yet; for others, word of the visit alone. */
  const invitation = async (tx: Transaction, host: Person, person: Person, { to }: Visit): Promise<KeptCode> => {
    const good = (await tx.persons.passwordHash(person.id)) === undefined;
    const kind = good ? 'visitor_invitation' : 'visit';
    return codes.keep(tx, {
      channel: to?.channel ?? 'email',
      address: to?.address ?? person.email,
      organizationId: host.organizationId,
      purpose: 'invitation',
      personId: person.id,
      name: null,
      good,
      notice: to && { kind, name: person.name, host: host.name },
    });
  };

  const grantsFor = async (
    tx: Transaction,
    note: Note,
    actor: Actor,
    visitor: Visitor,
    pin: boolean,
  ): Promise<{ readonly grants: readonly Grant[]; readonly lockIds: readonly string[] }> => {
    const bySource = new Map<string, { readonly source: Grant; readonly doorIds: string[] }>();
    for (const id of visitor.doorIds) {
      const source = await sourceOf(tx, actor, id, visitor, pin);
      const group = bySource.get(source.id) ?? { source, doorIds: [] };
      group.doorIds.push(id);
      bySource.set(source.id, group);
    }
    const grants: Grant[] = [];
    const lockIds: string[] = [];
    for (const { source, doorIds } of bySource.values()) {
      const wanted: readonly AccessMethod[] = pin ? ['mobile_key', 'pin'] : ['mobile_key'];
      const changed = await keeper.issue(tx, note, actor, {
        personId: visitor.personId,
        scope: { kind: 'doors', doorIds },
        notBefore: visitor.notBefore,
        notAfter: visitor.notAfter,
        scheduleId: source.scheduleId,
        conditions: { geofence: source.conditions.geofence, secondPerson: false, firstUse: null },
        operations: OPERATIONS.filter((one) => source.operations.includes(one)),
        methods: source.methods.filter((one) => wanted.includes(one)),
        series: SERIES.residents,
        sourceGrantId: source.id,
        visitorId: visitor.id,
      });
      grants.push(changed.grant);
      lockIds.push(...changed.lockIds);
    }
    return { grants, lockIds };
  };

  const view = async (tx: Transaction, visitor: Visitor): Promise<VisitorView> => {
    const { organizationId, id: visitorId, notAfter, revokedAt } = visitor;
    const doors = [];
    for (const id of visitor.doorIds) {
      const door = await tx.doors.get(organizationId, id);
      if (door !== undefined) doors.push({ id, name: door.name });
    }
    const given = await tx.grants.list(organizationId, { visitorId }, EVERYTHING);
    const good = given.filter((grant) => grant.state === 'active' && (grant.notAfter ?? notAfter) > now());
    const ends = good.map((grant) => grant.notAfter ?? notAfter);
    const begun = good.some(({ notBefore }) => notBefore <= now());
    const over = revokedAt === null && !given.some(({ state }) => state === 'revoked') ? 'ended' : 'revoked';
    const state = good.length === 0 ? over : begun ? 'active' : 'waiting';
    const opensUntil = Math.max(0, ...(ends.length === 0 ? [notAfter] : ends));
    return { id: visitorId, visitor, doors, state, opensUntil };
  };

  return {
    async invite(actor, input) {
      requireScope(actor, 'access:use');
      const visit = checked(input);
      if (visit.to !== undefined) {
        codes.requireChannel(visit.to.channel);
        codes.admitSender(`host ${actor.personId}`);
      }
      const { organizationId, personId: hostId } = actor;
      const done = await write(async (tx, note) => {
        const host = found('person', await tx.persons.get(organizationId, hostId));
        const propertyId = await propertyOfVisit(tx, host, visit.doorIds);
        requireHost(actor);
        await requireRoom(tx, host, now());
        const person = await visitorPerson(tx, note, host, visit);
        const { name, doorIds, notBefore, notAfter } = visit;
        const visitor: Visitor = {
          id: newId('vis'),
          organizationId,
          hostId,
          personId: person.id,
          propertyId,
          name,
          doorIds,
          notBefore,
          notAfter,
          revokedAt: null,
          createdAt: now(),
        };
        await tx.visitors.insert(visitor);
        const { grants, lockIds } = await grantsFor(tx, note, actor, visitor, visit.pin);
        const made = visit.pin ? await pins.makeFor(tx, note, actor, grants) : undefined;
        const code = await invitation(tx, host, person, visit);
        await note(factOf(visitor, 'person.visitor_invited', actor));
        return { view: await view(tx, visitor), code, made, lockIds: [...lockIds, ...(made?.lockIds ?? [])] };
      });
      keeper.kick(done.lockIds);
      if (visit.to !== undefined) done.code.send();
      const { answer } = done.code;
      const link = visit.to === undefined && answer !== null ? linkOf(context, answer) : null;
      return { ...done.view, sent: visit.to !== undefined, link, pin: done.made?.pin ?? null };
    },

    async list(actor, page) {
      requireScope(actor, 'access:use');
      checkPage(page);
      const { organizationId, personId: hostId } = actor;
      return read(async (tx) => {
        const views = [];
        for (const visitor of await tx.visitors.list(organizationId, { hostId }, page))
          views.push(await view(tx, visitor));
        return views;
      });
    },

    async revoke(actor, id) {
      const all = holds(actor, 'grants:write');
      requireScope(actor, all ? 'grants:write' : 'access:use');
      const { organizationId } = actor;
      const { answer, lockIds } = await write(async (tx, note) => {
        const known = await tx.visitors.get(organizationId, id);
        const before = found('visitor', all || known?.hostId === actor.personId ? known : undefined);
        const lockIds = new Set<string>();
        const given = await tx.grants.list(organizationId, { visitorId: id }, EVERYTHING);
        for (const grant of given) {
          for (const lockId of (await keeper.end(tx, note, actor, grant)).lockIds) lockIds.add(lockId);
        }
        const visitor: Visitor = before.revokedAt === null ? { ...before, revokedAt: now() } : before;
        if (before.revokedAt === null) {
          await tx.visitors.update(organizationId, id, { revokedAt: visitor.revokedAt });
          await voidLinks(tx, visitor);
          await note(factOf(visitor, 'person.visitor_revoked', actor));
        }
        const methods: MethodView[] = [];
        for (const { id: grantId } of given) {
          const grant = await tx.grants.get(organizationId, grantId);
          if (grant !== undefined) methods.push(...(await methodViews(tx, grant)));
        }
        return { answer: { view: await view(tx, visitor), methods }, lockIds: [...lockIds] };
      });
      keeper.kick(lockIds);
      return answer;
    },
  };
}

/** @throws CoreError `not_permitted` for guests, of hotels and of residents alike, and for staff who give nobody access */
function requireHost({ role }: Actor): void {
  if (mayHost(role)) return;
  throw new CoreError('not_permitted', `the role ${role} lets nobody else in`);
}

/** @throws CoreError `too_many` */
async function requireRoom(tx: Transaction, { organizationId, id: hostId }: Person, now: number): Promise<void> {
  const invited = await tx.visitors.list(organizationId, { hostId, revokedAt: null }, EVERYTHING);
  if (invited.filter(({ notAfter }) => notAfter > now).length < VISITORS_MOST) return;
  throw new CoreError('too_many', `you have ${VISITORS_MOST} visitors already: take one back first`);
}

/**
 * The property of the visit's doors, each of which the host holds: one that he does not is as one that is not there.
 * @throws CoreError `not_found`, `invalid`, `precondition_failed` where it has no visitors
 */
async function propertyOfVisit(
  tx: Transaction,
  { organizationId, id: personId }: Person,
  doorIds: readonly string[],
): Promise<string> {
  const ids = new Set<string>();
  for (const id of doorIds) {
    const door = found('door', await tx.doors.get(organizationId, id));
    const [held] = await tx.grants.ofPersonAt(organizationId, personId, targetsOfDoor(door));
    ids.add(found('door', held && door).propertyId);
  }
  const [propertyId = '', ...others] = ids;
  if (others.length > 0) {
    throw new CoreError('invalid', 'all doors of a visit are in one property', { field: 'door_ids' });
  }
  const property = found('property', await tx.properties.get(organizationId, propertyId));
  if (property.visitors === 'on') return propertyId;
  throw new CoreError('precondition_failed', 'residents let no visitors in here: ask the staff');
}

/**
 * The host's own grant by which he lets somebody through a door that he holds.
 * @throws CoreError `precondition_failed` where his own right does not bear it, `invalid` for the time
 */
async function sourceOf(tx: Transaction, actor: Actor, doorId: string, visit: Visitor, pin: boolean): Promise<Grant> {
  const { organizationId, personId } = actor;
  const door = found('door', await tx.doors.get(organizationId, doorId));
  const held = await tx.grants.ofPersonAt(organizationId, personId, targetsOfDoor(door));
  const own = held.filter(mayGiveOn);
  if (own.length === 0) {
    throw new CoreError('precondition_failed', `your own key to ${door.name} cannot be given on: ask the staff`);
  }
  const wish = { notBefore: visit.notBefore, notAfter: visit.notAfter };
  const inTime = own.filter((source) => {
    const within = heldWithin(
      source,
      { ...source, ...wish, methods: [], scope: { kind: 'doors', doorIds: [doorId] } },
      [door],
    );
    return within === undefined;
  });
  if (inTime.length === 0) {
    const message = `your own key to ${door.name} does not open for that whole time: choose a time within it`;
    throw new CoreError('invalid', message, { field: 'not_after' });
  }
  const source = inTime.find(({ methods }) => !pin || methods.includes('pin'));
  if (source === undefined) {
    throw new CoreError('precondition_failed', `you have no PIN for ${door.name} to give on: ask the staff`);
  }
  return source;
}

/** A link that was shared opens nothing any more, as long as nobody has taken it up. */
async function voidLinks(tx: Transaction, { organizationId, personId }: Visitor): Promise<void> {
  const open = await tx.verifications.list(organizationId, { personId, purpose: 'invitation' }, EVERYTHING);
  const others = await tx.grants.list(organizationId, { personId, state: 'active' }, { after: undefined, limit: 1 });
  if (others.length > 0) return;
  for (const { id } of open) await tx.verifications.update(organizationId, id, { codeHash: null });
}

/** Opens the phone app with the code in its fragment, which no browser sends and no server logs. */
function linkOf({ ports }: Context, { verificationId, code }: NonNullable<KeptCode['answer']>): Secret<string> {
  return new Secret(`${ports.origins?.()[0] ?? ''}/phone/join#${verificationId}.${code.reveal()}`);
}

function factOf(visitor: Visitor, type: Event['type'], actor: Actor): EventDraft {
  const { organizationId, propertyId, doorIds, personId, id } = visitor;
  return {
    organizationId,
    propertyId,
    doorId: doorIds.length === 1 ? (doorIds[0] ?? null) : null,
    personId: actor.personId,
    type,
    detail: { visitor_id: id, person_id: personId },
  };
}
