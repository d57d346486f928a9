import type { Command } from 'commander';
import { all } from '../all.ts';
import type { Register } from '../context.ts';
import { example } from '../help.ts';
import { plain, table } from '../output/table.ts';

/** `cardea organization create|list`: for the installation's operator. */
export function organizationCommands(program: Command, register: Register): void {
  const organization = program
    .command('organization')
    .description("organizations (tenants) of the installation; for the owner of the installation's own one");
  register(
    example(organization.command('list').description('list organizations'), 'organization list'),
    async (context) => {
      const items = await all(context.api().organizations.list());
      context.print({ items }, () =>
        table(
          ['NAME', 'SINCE', 'ID'],
          items.map((one) => [plain(one.name), one.created_at, one.id]),
        ),
      );
    },
  );
  register<[string, { owner: string; ownerName: string }]>(
    example(
      organization
        .command('create')
        .argument('<name>', 'name of the organization')
        .requiredOption('--owner <email>', 'sign-in name of its owner')
        .option('--owner-name <name>', "the owner's name", 'Owner')
        .description('found another organization; its owner’s first password is printed this once'),
      'organization create "Sea View" --owner owner@seaview.example',
    ),
    async (context, name, options) => {
      const added = await context
        .api()
        .organizations.add({ name, owner_name: options.ownerName, owner_email: options.owner });
      const { id } = added.organization;
      context.print(added, () =>
        [
          `organization  ${plain(added.organization.name)} (${id})`,
          `owner         ${plain(added.owner.email)}`,
          `password      ${added.password}  (shown this once; changed at first sign-in)`,
          `sign in       cardea login URL --organization ${id} --email ${plain(added.owner.email)}`,
          '',
        ].join('\n'),
      );
    },
  );
}
