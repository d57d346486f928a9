import { found } from '../checks.ts';
import type { Context } from '../context.ts';
import type { Core } from '../core.ts';
import { CoreError } from '../errors.ts';
import { holds, requireScope } from '../person/roles.ts';
import { doorLockOf } from './at-the-lock.ts';
import type { Request } from './decide.ts';
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
    if (!holds(actor, 'grants:read')) {
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
      const { afar, atDoor } = await waysOf(tx, request, { person, property, known });
      return {
        personId,
        doorId: door.id,
        lockId: door.lockId,
        operation,
        at,
        timeZone: property.timeZone,
        afar,
        door: atDoor,
        clock: known.report ?? null,
        provedAt: known.report?.provedAt ?? null,
      };
    });
  };
}
