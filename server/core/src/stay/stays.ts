import type { Actor } from '../actor.ts';
import { checkPage, checkWhole, found } from '../checks.ts';
import type { Context, Note } from '../context.ts';
import { CoreError } from '../errors.ts';
import type { GrantKeeper } from '../grant/keeper.ts';
import { doorsOf } from '../grant/reach.ts';
import { SERIES } from '../grant/series.ts';
import { endingAt, methodViews } from '../method/endings.ts';
import type { Property } from '../model.ts';
import { requireScope } from '../person/roles.ts';
import type { Transaction } from '../ports.ts';
import { guestOf } from './guests.ts';
import { applyFile, readFile } from './import/apply.ts';
import type { StayChanged, StayKeeper } from './keeper.ts';
import type { Stay } from './model.ts';
import { resolve } from './moments.ts';
import { roomsOf } from './rooms.ts';
import type { NewStay, StayAnswer, StayEnding, StayUseCases } from './use-cases.ts';

const HOUR_MS = 3_600_000;
const ONE_SHOT_HOURS_MOST = 168;
const GRANTS_OF_STAY = { after: undefined, limit: 10_000 } as const;

/** The verbs of a hotel over the record. */
export function stayUseCases(context: Context, grants: GrantKeeper, keeper: StayKeeper): StayUseCases {
  const { read, write, now } = context;

  const reserve = async (tx: Transaction, note: Note, actor: Actor, input: NewStay) => {
    const property = await propertyOf(tx, actor, input.propertyId);
    const doors = await roomsOf(tx, property, input.rooms);
    const fromAt = input.from === undefined ? wholeSeconds(now()) : resolve(input.from, property, 'arrival');
    const stay = await keeper.reserve(tx, note, actor, {
      property,
      doorIds: doors.map(({ id }) => id),
      fromAt,
      toAt: resolve(input.until, property, 'departure'),
      guest: input.guest,
      source: 'desk',
      reference: null,
    });
    return { property, stay };
  };

  /** One verb in one unit; what it left at the locks is set about afterwards. */
  const perform = async (
    actor: Actor,
    verb: (tx: Transaction, note: Note) => Promise<StayChanged>,
  ): Promise<StayAnswer> => {
    requireScope(actor, 'stays:write');
    const { answer, lockIds } = await write(async (tx, note) => {
      const { stay, ended, lockIds } = await verb(tx, note);
      return { answer: await answerOf(tx, stay, ended), lockIds };
    });
    grants.kick(lockIds);
    return answer;
  };

  /** A verb of a stay that is there. */
  const withStay = (
    actor: Actor,
    id: string,
    verb: (tx: Transaction, note: Note, stay: Stay, property: Property) => Promise<StayChanged>,
  ): Promise<StayAnswer> =>
    perform(actor, async (tx, note) => {
      const stay = found('stay', await tx.stays.get(actor.organizationId, id));
      const property = found('property', await tx.properties.get(actor.organizationId, stay.propertyId));
      return verb(tx, note, stay, property);
    });

  return {
    async list(actor, { doorId, ...filter }, page) {
      requireScope(actor, 'grants:read');
      checkPage(page);
      const { organizationId } = actor;
      return read(async (tx) => {
        if (doorId === undefined) return tx.stays.list(organizationId, filter, page);
        const holding = await tx.stays.holding(organizationId, [doorId]);
        const wanted = Object.entries(filter) as [keyof Stay, unknown][];
        return holding
          .filter((stay) => stay.id > (page.after ?? '') && wanted.every(([name, value]) => stay[name] === value))
          .sort((a, b) => (a.id < b.id ? -1 : 1))
          .slice(0, page.limit);
      });
    },
    async get(actor, id) {
      requireScope(actor, 'grants:read');
      return found('stay', await read((tx) => tx.stays.get(actor.organizationId, id)));
    },
    async reserve(actor, input) {
      requireScope(actor, 'stays:write');
      return write(async (tx, note) => (await reserve(tx, note, actor, input)).stay);
    },
    checkInNow: (actor, input, options) =>
      perform(actor, async (tx, note) => {
        // Whoever is still in the room is looked at by the check-in: the room is not asked for twice.
        const { property, stay } = await reserveOver(tx, note, actor, input, options.replace ?? false);
        return keeper.checkIn(tx, note, actor, property, stay, options);
      }),
    checkIn: (actor, id, options) =>
      withStay(actor, id, (tx, note, stay, property) => keeper.checkIn(tx, note, actor, property, stay, options)),
    duplicate: (actor, id, guest) =>
      withStay(actor, id, (tx, note, stay) => keeper.duplicate(tx, note, actor, stay, guest)),
    extend: (actor, id, until) =>
      withStay(actor, id, (tx, note, stay, property) =>
        keeper.extend(tx, note, actor, property, stay, { toAt: resolve(until, property, 'departure') }),
      ),
    move: (actor, id, rooms) =>
      withStay(actor, id, async (tx, note, stay, property) => {
        const doors = await roomsOf(tx, property, rooms);
        const doorIds = doors.map(({ id }) => id);
        return keeper.move(tx, note, actor, property, stay, doorIds);
      }),
    checkOut: (actor, id) => withStay(actor, id, (tx, note, stay) => keeper.checkOut(tx, note, actor, stay)),
    async cancel(actor, id) {
      requireScope(actor, 'stays:write');
      return write(async (tx, note) => {
        const stay = found('stay', await tx.stays.get(actor.organizationId, id));
        return keeper.cancel(tx, note, actor, stay);
      });
    },
    async oneShot(actor, input) {
      requireScope(actor, 'grants:write');
      const hours = checkWhole('within_hours', input.withinHours, 1, ONE_SHOT_HOURS_MOST);
      const { grant, lockIds } = await write(async (tx, note) => {
        const property = await propertyOf(tx, actor, input.propertyId);
        const doors = await roomsOf(tx, property, input.rooms, 'any');
        const person = await guestOf(tx, note, context, actor, input.guest);
        const from = wholeSeconds(now());
        return grants.issue(tx, note, actor, {
          personId: person.id,
          scope: { kind: 'doors', doorIds: doors.map(({ id }) => id) },
          notBefore: from,
          notAfter: from + hours * HOUR_MS,
          uses: 1,
          series: SERIES.services,
          ...(input.methods !== undefined && { methods: input.methods }),
        });
      });
      grants.kick(lockIds);
      return grant;
    },
    async import(actor, { propertyId, format, file, dryRun }) {
      requireScope(actor, 'stays:write');
      const read = await readFile(context.ports.clock, format, file);
      const property = await context.read((tx) => propertyOf(tx, actor, propertyId));
      const { answer, lockIds } = await applyFile(context, keeper, actor, property, format, read, dryRun);
      grants.kick(lockIds);
      return answer;
    },
  };

  /** A reservation from now on whose room may still be somebody's who should have left, or has to leave. */
  async function reserveOver(tx: Transaction, note: Note, actor: Actor, input: NewStay, replace: boolean) {
    if (!replace) return reserve(tx, note, actor, input);
    const property = await propertyOf(tx, actor, input.propertyId);
    const doors = await roomsOf(tx, property, input.rooms);
    const held = await tx.stays.holding(
      actor.organizationId,
      doors.map(({ id }) => id),
    );
    for (const former of held) if (former.state === 'checked_in') await keeper.checkOut(tx, note, actor, former);
    return reserve(tx, note, actor, input);
  }
}

async function answerOf(tx: Transaction, stay: Stay, ended: StayChanged['ended']): Promise<StayAnswer> {
  const { organizationId, id: stayId } = stay;
  const grants = await tx.grants.list(organizationId, { stayId, state: 'active' }, GRANTS_OF_STAY);
  const endings: StayEnding[] = [];
  for (const grant of ended) {
    const views = await methodViews(tx, grant);
    for (const door of await doorsOf(tx, grant)) {
      if (door.lockId === null) continue;
      const { id: grantId, personId } = grant;
      endings.push({ doorId: door.id, personId, grantId, ending: endingAt(views, door.lockId) });
    }
  }
  return { stay, grants, endings };
}

/** The property that is named, or the only one. @throws CoreError `not_found`, `invalid` */
async function propertyOf(tx: Transaction, { organizationId }: Actor, id: string | undefined): Promise<Property> {
  const field = 'property_id';
  if (id !== undefined) return found('property', await tx.properties.get(organizationId, id));
  const [only, another] = await tx.properties.list(organizationId, {}, { after: undefined, limit: 2 });
  if (only !== undefined && another === undefined) return only;
  throw new CoreError('invalid', only ? 'there is more than one property: name one' : 'there is no property yet', {
    field,
  });
}

function wholeSeconds(ms: number): number {
  return Math.floor(ms / 1000) * 1000;
}
