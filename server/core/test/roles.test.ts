import { Secret } from '@cardea/kit-runtime';
import type { CommandClass } from '@cardea/wire-profile';
import { describe, expect, it } from 'vitest';
import {
  type Actor,
  type Attempt,
  type AttemptOperation,
  OPERATION_CLASS,
  OPERATION_SCOPE,
  ROLES,
  type Role,
  SCOPES,
  type Scope,
} from '../src/index.ts';
import { actorOf, openWorld, page, recordOf, type World } from './kit.ts';

const roles = Object.keys(ROLES) as Role[];
const operations = Object.keys(OPERATION_SCOPE) as AttemptOperation[];
const RANK: Readonly<Record<CommandClass, number>> = { operate: 1, manage: 2, own: 3 };
const UNBOUND = 'C0FFEE000002';

const holds = (role: Role, operation: AttemptOperation): boolean =>
  ROLES[role].scopes.includes(OPERATION_SCOPE[operation]) &&
  RANK[ROLES[role].class] >= RANK[OPERATION_CLASS[operation]];

/** A hotel with a person of this role, a bound lock and one that can be bound. */
async function hotelWith(role: Role): Promise<{ world: World; actor: Actor; spareDoor: string }> {
  const world = await openWorld();
  const { organizationId } = world.owner;
  await world.store.unit(async (tx) => {
    await tx.persons.insert({
      id: 'per_x',
      organizationId,
      name: 'X',
      email: 'x@hotel.test',
      role,
      mustChangePassword: false,
      createdAt: 1,
    });
    await tx.locks.insert({
      id: 'lock_2',
      organizationId,
      identifier: UNBOUND,
      maker: 'test',
      model: 'm',
      bluetooth: '5.0',
      state: 'manifest',
      createdAt: 1,
    });
    await tx.locks.setFactoryKey('lock_2', new Secret(new Uint8Array(16)));
  });
  const spare = await world.core.estate.addDoor(world.owner, {
    propertyId: world.propertyId,
    floorId: null,
    name: '102',
  });
  return { world, actor: actorOf(organizationId, 'per_x', role), spareDoor: spare.id };
}

const MODES = { set_normal: 'normal', set_passage: 'passage', set_lockdown: 'lockdown' } as const;

/** The use case by which each operation is asked for. */
function ask(
  { core, door, lockId }: World,
  actor: Actor,
  operation: AttemptOperation,
  spareDoor: string,
): Promise<Attempt> {
  switch (operation) {
    case 'unlock':
    case 'lock':
    case 'status':
    case 'override':
      return core.attempts.operate(actor, door.id, operation, undefined);
    case 'set_normal':
    case 'set_passage':
    case 'set_lockdown':
      return core.modes.set(actor, door.id, MODES[operation], null);
    case 'set_time':
      return core.locks.setTime(actor, lockId, false);
    case 'unbind':
      return core.locks.remove(actor, lockId);
    case 'bind':
      return core.locks.enrol(actor, { doorId: spareDoor, identifier: UNBOUND });
  }
}

const matrix = roles.flatMap((role) =>
  operations.map((operation) => ({ role, operation, may: holds(role, operation) })),
);

describe('roles x operations, through the real use cases', () => {
  it('the table has not moved by accident: who may do what', () => {
    const may = Object.fromEntries(roles.map((role) => [role, operations.filter((one) => holds(role, one)).join(' ')]));
    expect(may).toEqual({
      owner: 'unlock lock status override set_time set_normal set_passage set_lockdown bind unbind',
      manager: 'unlock lock status override set_time set_normal set_passage set_lockdown bind unbind',
      front_desk: 'unlock lock status',
      maintenance: 'unlock lock status override set_time set_normal set_passage set_lockdown',
      cleaner: 'unlock lock status',
      resident: '',
      guest: '',
    });
  });

  it.each(matrix)('$role, $operation: $may', async ({ role, operation, may }) => {
    const { world, actor, spareDoor } = await hotelWith(role);
    const before = await recordOf(world.store, actor.organizationId);
    const inputs = world.script.inputs.length;
    const sent = world.sent.length;
    if (!may) {
      await expect(ask(world, actor, operation, spareDoor)).rejects.toMatchObject({ code: 'not_permitted' });
      expect(await recordOf(world.store, actor.organizationId)).toEqual(before);
      expect(world.script.inputs).toHaveLength(inputs);
      expect(world.sent).toHaveLength(sent);
      return;
    }
    const attempt = await ask(world, actor, operation, spareDoor);
    expect(attempt).toMatchObject({ operation, actorId: 'per_x', state: 'sent' });
    if (operation === 'unlock' || operation === 'lock' || operation === 'status' || operation === 'override') {
      // The class of the role goes to the lock, which enforces it once more.
      expect(world.script.inputs).toContainEqual(
        expect.objectContaining({ kind: 'operate', attempt: attempt.id, operation, class: ROLES[role].class }),
      );
    }
  });

  it.each(operations)('%s is refused to an owner whose token lacks its scope alone', async (operation) => {
    const { world, actor, spareDoor } = await hotelWith('owner');
    const scopes = SCOPES.filter((scope) => scope !== OPERATION_SCOPE[operation]);
    await expect(ask(world, { ...actor, scopes }, operation, spareDoor)).rejects.toMatchObject({
      code: 'not_permitted',
    });
    expect((await world.core.attempts.list(actor, {}, page)).length).toBe(0);
  });

  it.each(operations)('%s is refused to a guest whose token claims every scope', async (operation) => {
    const { world, actor, spareDoor } = await hotelWith('guest');
    await expect(ask(world, { ...actor, scopes: SCOPES }, operation, spareDoor)).rejects.toMatchObject({
      code: 'not_permitted',
    });
  });

  it.each(operations)('%s is refused until a password that somebody else chose is changed', async (operation) => {
    const { world, actor, spareDoor } = await hotelWith('owner');
    await expect(ask(world, { ...actor, mustChangePassword: true }, operation, spareDoor)).rejects.toMatchObject({
      code: 'password_change_required',
    });
  });
});

describe('roles x the other use cases', () => {
  type Case = readonly [string, Scope, (world: World, actor: Actor) => Promise<unknown>];
  const property = { name: 'P', timeZone: 'UTC', region: 'eu', geofence: null };
  const cases: readonly Case[] = [
    ['list properties', 'estate:read', ({ core }, actor) => core.estate.listProperties(actor, page)],
    ['list doors', 'estate:read', ({ core }, actor) => core.estate.listDoors(actor, {}, page)],
    ['list gateways', 'estate:read', ({ core }, actor) => core.gateways.list(actor, page)],
    ['add a property', 'estate:write', ({ core }, actor) => core.estate.addProperty(actor, property)],
    [
      'add a door',
      'estate:write',
      ({ core, propertyId }, actor) => core.estate.addDoor(actor, { propertyId, floorId: null, name: '109' }),
    ],
    ['list locks', 'locks:read', ({ core }, actor) => core.locks.list(actor, {}, page)],
    ['list attempts', 'locks:read', ({ core }, actor) => core.attempts.list(actor, {}, page)],
    ['ask whether a lock is legitimate', 'locks:read', ({ core }, actor) => core.locks.legitimacy(actor, UNBOUND)],
    ['list persons', 'persons:read', ({ core }, actor) => core.persons.list(actor, page)],
    [
      'add a guest',
      'persons:write',
      ({ core }, actor) =>
        core.persons.add(actor, {
          name: 'G',
          email: 'g@g.test',
          role: 'guest',
          password: new Secret('twelve monkeys!'),
        }),
    ],
    [
      'add a gateway',
      'gateways:write',
      ({ core, propertyId }, actor) => core.gateways.add(actor, { propertyId, name: 'g' }),
    ],
    ['list events', 'events:read', ({ core }, actor) => core.events.list(actor, {}, page)],
    ['follow events', 'events:read', async ({ core }, actor) => core.events.follow(actor, () => undefined)()],
    ['follow proofs', 'events:read', async ({ core }, actor) => core.events.followProofs(actor, () => undefined)()],
    [
      'make a token',
      'tokens:write',
      ({ core }, actor) => core.access.createToken(actor, { name: 't', scopes: actor.scopes, expiresInS: 60 }),
    ],
  ];
  // By `access:use` alone everybody sees what is his own: of a person without grants, nothing.
  const own = ['list properties', 'list doors', 'list attempts', 'list events', 'follow events', 'follow proofs'];
  const rows = roles.flatMap((role) =>
    cases.map(([what, scope, run]) => ({
      role,
      what,
      run,
      may: ROLES[role].scopes.includes(scope),
      own: own.includes(what),
    })),
  );

  it.each(rows)('$role, $what: $may', async ({ role, run, may, own }) => {
    const { world, actor } = await hotelWith(role);
    const before = await recordOf(world.store, actor.organizationId);
    if (may) {
      await run(world, actor);
      return;
    }
    if (own) {
      expect((await run(world, actor)) ?? []).toEqual([]);
      const without = { ...actor, scopes: actor.scopes.filter((scope) => scope !== 'access:use') };
      await expect((async () => run(world, without))()).rejects.toMatchObject({ code: 'not_permitted' });
      return;
    }
    // `follow` refuses at once, the others by their promise.
    await expect((async () => run(world, actor))()).rejects.toMatchObject({ code: 'not_permitted' });
    expect(await recordOf(world.store, actor.organizationId)).toEqual(before);
  });

  it('nobody gives or takes a role that is more than his own', async () => {
    for (const giver of roles) {
      for (const given of roles) {
        const { world, actor } = await hotelWith(giver);
        const input = { name: 'N', email: 'n@n.test', role: given, password: new Secret('twelve monkeys!') };
        const more =
          !ROLES[giver].scopes.includes('persons:write') ||
          (given === 'owner' && giver !== 'owner') ||
          RANK[ROLES[given].class] > RANK[ROLES[giver].class] ||
          ROLES[given].scopes.some((scope) => !ROLES[giver].scopes.includes(scope));
        const added = world.core.persons.add(actor, input);
        if (!more) {
          const person = await added;
          expect(person).toMatchObject({ role: given, mustChangePassword: true });
          await world.core.persons.remove(actor, person.id);
          continue;
        }
        await expect(added, `${giver} gives ${given}`).rejects.toMatchObject({ code: 'not_permitted' });
        const other = await world.core.persons.add(world.owner, input);
        await expect(world.core.persons.remove(actor, other.id), `${giver} takes ${given}`).rejects.toMatchObject({
          code: 'not_permitted',
        });
      }
    }
  });
});
