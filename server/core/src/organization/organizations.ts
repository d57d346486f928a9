import { checkPage } from '../checks.ts';
import type { Context } from '../context.ts';
import type { Actor, Core } from '../core.ts';
import { CoreError } from '../errors.ts';
import { requireScope } from '../person/roles.ts';
import { newPassword } from '../person/tokens.ts';
import { foundOrganization } from './found.ts';
import type { Installation } from './installation.ts';

/** The organizations of the installation, for the owner of its own one. What they hold he does not see. */
export function organizationUseCases(context: Context, installation: Installation): Core['organizations'] {
  const requireOperator = async (actor: Actor): Promise<void> => {
    requireScope(actor, 'organizations:write');
    if (actor.organizationId !== (await installation.organizationId())) {
      throw new CoreError('not_permitted', "this is for the owner of the installation's own organization");
    }
  };
  return {
    async list(actor, page) {
      await requireOperator(actor);
      const { after = '', limit } = checkPage(page);
      const all = await context.read((tx) => tx.organizations.list());
      return all.filter(({ id }) => id > after).slice(0, limit);
    },
    async add(actor, input) {
      await requireOperator(actor);
      const password = newPassword(context);
      const founding = { organization: input.name, name: input.ownerName, email: input.ownerEmail, password };
      const made = await foundOrganization(context, founding, async (_, note, organization) => {
        await note({
          organizationId: actor.organizationId,
          type: 'estate.organization_added',
          personId: actor.personId,
          detail: { organization_id: organization.id, name: organization.name },
        });
      });
      return { ...made, password };
    },
  };
}
