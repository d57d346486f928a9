import { checkPage, found } from '../checks.ts';
import type { Context } from '../context.ts';
import type { Actor } from '../core.ts';
import { doorLockOf } from '../grant/at-the-lock.ts';
import type { ExplainedWay } from '../grant/explanation.ts';
import { seesLock } from '../grant/lock-sight.ts';
import { firstSpan, openingSpan } from '../grant/opening-span.ts';
import { ownDoors } from '../grant/own-doors.ts';
import { waysOf } from '../grant/ways.ts';
import { knowLock, type LockViewer } from '../lock/view.ts';
import { endingAt, methodViewsAt } from '../method/endings.ts';
import type { Door, Person } from '../model.ts';
import { requireScope } from '../person/roles.ts';
import type { PageRequest, Transaction } from '../ports.ts';
import type { Stretch } from '../schedule/open-stretch.ts';
import type { OwnDoor, Way } from './own-door.ts';
import type { OwnUseCases } from './use-cases.ts';

/** What is known beside the record. */
export interface OwnWorld {
  readonly context: Context;
  readonly view: LockViewer;
  reach(organizationId: string, identifier: string, propertyId: string): string | undefined;
  supports(maker: string): boolean;
}

/** The doors that a person's own phone shows. */
export function ownDoorUseCase(world: OwnWorld): Pick<OwnUseCases, 'doors'> {
  const { context } = world;
  return {
    async doors(actor: Actor, page: PageRequest) {
      requireScope(actor, 'access:use');
      checkPage(page);
      const at = context.now();
      return context.read(async (tx) => {
        const person = found('person', await tx.persons.get(actor.organizationId, actor.personId));
        const shown: OwnDoor[] = [];
        const asked: Asked = { actor, person, at, spans: new Map() };
        for (const door of await ownDoors(tx, actor, {}, page)) shown.push(await ownDoor(tx, world, asked, door));
        return shown;
      });
    },
  };
}

/** Who asks, and when. */
interface Asked {
  readonly actor: Actor;
  readonly person: Person;
  readonly at: number;
  /** Of each grant, which may reach many doors. */
  readonly spans: Map<string, Stretch | undefined>;
}

async function ownDoor(
  tx: Transaction,
  world: OwnWorld,
  { actor: { organizationId, personId, scopes }, person, at, spans }: Asked,
  door: Door,
): Promise<OwnDoor> {
  const property = found('property', await tx.properties.get(organizationId, door.propertyId));
  const known = await doorLockOf(tx, door, world);
  const request = { organizationId, personId, door, at, operation: 'unlock', scopes } as const;
  const ways = await waysOf(tx, request, { person, property, known });
  const { held, afar, atDoor } = ways;
  for (const { grant, schedule } of held.grants) {
    if (!spans.has(grant.id)) spans.set(grant.id, openingSpan(grant, schedule, property.timeZone, at));
  }
  const grants = held.grants.map(({ grant }) => grant);
  const span = firstSpan(grants.flatMap(({ id }) => spans.get(id) ?? []));
  const methods = [];
  if (door.lockId !== null) for (const grant of grants) methods.push(...(await methodViewsAt(tx, grant, door.lockId)));
  return {
    id: door.id,
    door,
    property,
    admits: span === undefined ? 'none' : span.from <= at ? 'now' : 'later',
    span: span ?? null,
    grants,
    afar: wayOf(afar),
    atDoor: { ...wayOf(atDoor), opensUntil: atDoor.opensUntil },
    methods,
    ending: door.lockId === null ? { at: null, why: 'nothing_held' } : endingAt(methods, door.lockId),
    lock: known.lock !== undefined && seesLock(person, ways, at) ? world.view(await knowLock(tx, known.lock)) : null,
  };
}

/** The rules in words stay behind: they tell of the lock, too. */
function wayOf({ permitted, opens, against }: ExplainedWay): Way {
  return { permitted, opens, against };
}
