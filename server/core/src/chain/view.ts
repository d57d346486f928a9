import { found } from '../checks.ts';
import type { Context } from '../context.ts';
import type { Actor, Core } from '../core.ts';
import { chainsEvents } from '../link/controllers.ts';
import { requireScope } from '../person/roles.ts';
import { gapsOf } from './settle.ts';

/** Reads the event chain of a lock. */
export function chainUseCase(context: Context): Core['locks']['chain'] {
  return async (actor: Actor, id: string) => {
    requireScope(actor, 'locks:read');
    const known = await context.read(async (tx) => {
      const lock = await tx.locks.get(actor.organizationId, id);
      return (
        lock && {
          lock,
          chained: chainsEvents(lock.maker),
          chain: await tx.chains.get(lock.id),
          gaps: await gapsOf(tx, lock),
        }
      );
    });
    return found('lock', known);
  };
}
