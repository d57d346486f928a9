import { found } from '../checks.ts';
import type { Context } from '../context.ts';
import type { Core } from '../core.ts';
import { CoreError } from '../errors.ts';
import { holds, requireScope } from '../person/roles.ts';
import { doorLockOf } from './at-the-lock.ts';
import type { Request } from './decide.ts';
import { seesLock, withoutLock } from './lock-sight.ts';
import { waysOf } from './ways.ts';

/** What explaining needs beside the record. */
export interface ExplainWorld {
  readonly context: Context;
  reach(organizationId: string, identifier: string, propertyId: string): string | undefined;
  supports(maker: string): boolean;
}

/** Explains, to whoever reads grants, and to everybody for himself. */
export function explainUseCase(world: ExplainWorld): Core['grants']['explain'] {
  const { context } = world;
  return async (actor, doorId, { personId, at = context.now(), operation = 'unlock' }) => {
    const staff = holds(actor, 'grants:read');
    if (!staff) {
      requireScope(actor, personId === actor.personId ? 'access:use' : 'grants:read');
    }
    if (!Number.isFinite(at)) throw new CoreError('invalid', 'at must be a time', { field: 'at' });
    return context.read(async (tx) => {
      const door = found('door', await tx.doors.get(actor.organizationId, doorId));
      // Of whoever is not here nothing is explained, as of nobody.
      const person = found('person', await tx.persons.get(actor.organizationId, personId));
      const property = found('property', await tx.properties.get(actor.organizationId, door.propertyId));
      const known = await doorLockOf(tx, door, world);
      const request: Request = { organizationId: actor.organizationId, personId, door, at, operation };
      const asked = { person, property, known };
      const { afar, atDoor } = await waysOf(tx, request, asked);
      const now = context.now();
      // As things are now, whatever moment is asked about: it is the present lock that would be told of.
      const present = async () => waysOf(tx, { ...request, at: now, operation: 'unlock' }, asked);
      const sees = staff || holds(actor, 'locks:read') || seesLock(person, await present(), now);
      const report = sees ? known.report : undefined;
      return {
        personId,
        doorId: door.id,
        lockId: door.lockId,
        operation,
        at,
        timeZone: property.timeZone,
        afar: sees ? afar : withoutLock(afar),
        door: sees ? atDoor : withoutLock(atDoor),
        clock: report ?? null,
        provedAt: report?.provedAt ?? null,
      };
    });
  };
}
