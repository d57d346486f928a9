import type { Actor } from '../actor.ts';
import { found } from '../checks.ts';
import type { Context } from '../context.ts';
import { holds, requireScope } from '../person/roles.ts';
import { type MethodView, methodViews } from './endings.ts';
import { EVERYTHING } from './rights.ts';

/** How the methods of grants stand at the locks. */
export interface MethodUseCases {
  /**
   * Those of a grant, at every lock of it; one's own with `access:use`, any with `grants:read`. `given_on`: and those of what
   * its holder has given on of it.
   */
  ofGrant(actor: Actor, grantId: string, also?: 'given_on'): Promise<readonly MethodView[]>;
}

const SCOPES_OF_ALL = ['grants:read', 'grants:write'] as const;

/** Methods as the record has them. */
export function methodUseCases(context: Context): MethodUseCases {
  return {
    async ofGrant(actor, grantId, also) {
      // Who takes a grant back is told what comes of it.
      const scope = SCOPES_OF_ALL.find((one) => holds(actor, one));
      const all = scope !== undefined;
      requireScope(actor, scope ?? 'access:use');
      return context.read(async (tx) => {
        const grant = await tx.grants.get(actor.organizationId, grantId);
        const visible = found('grant', all || grant?.personId === actor.personId ? grant : undefined);
        const views = [...(await methodViews(tx, visible))];
        if (also === undefined) return views;
        const given = await tx.grants.list(actor.organizationId, { sourceGrantId: grantId }, EVERYTHING);
        for (const one of given) views.push(...(await methodViews(tx, one)));
        return views;
      });
    },
  };
}
