import type { Context } from '../context.ts';
import type { Core } from '../core.ts';

/** Records a fact of the server as a whole in every organization. */
export function tellUseCase(context: Context): Core['tell'] {
  return (type, detail) =>
    context.write(async (tx, note) => {
      for (const { id } of await tx.organizations.list()) await note({ organizationId: id, type, detail });
    });
}
