import type { Role } from '@cardea/wire-api';
import type { Command } from 'commander';
import { all } from '../all.ts';
import type { Register } from '../context.ts';
import { usage } from '../errors.ts';
import { example } from '../help.ts';
import { fields, plain, table } from '../output/table.ts';
import { askNewPassword } from '../password.ts';
import { findPerson } from '../resolve.ts';

const ROLES: readonly Role[] = ['owner', 'manager', 'front_desk', 'maintenance', 'cleaner', 'resident', 'guest'];

/** `cardea person list|show|add|remove`. */
export function personCommands(program: Command, register: Register): void {
  const person = program.command('person').description('persons: staff, residents, guests');
  register(example(person.command('list').description('list persons'), 'person list'), async (context) => {
    const items = await all(context.api().persons.list());
    context.print({ items }, () =>
      table(
        ['E-MAIL', 'NAME', 'ROLE', 'ID'],
        items.map((one) => [plain(one.email), plain(one.name), one.role, one.id]),
      ),
    );
  });
  register<[string]>(
    example(
      person.command('show').argument('<person>', 'e-mail address or id').description('show a person'),
      'person show operator@localhost',
    ),
    async (context, given) => {
      const one = await findPerson(context.api(), given);
      context.print(one, () =>
        fields([
          ['name', plain(one.name)],
          ['e-mail', plain(one.email)],
          ['role', one.role],
          ['password', one.must_change_password ? 'to be changed at first sign-in' : 'own'],
          ['since', one.created_at],
          ['id', one.id],
        ]),
      );
    },
  );
  register<[string, { name: string; role: string }]>(
    example(
      person
        .command('add')
        .argument('<email>', 'sign-in name')
        .requiredOption('--name <name>', 'full name')
        .requiredOption('--role <role>', `one of ${ROLES.join(', ')}`)
        .description('add a person; the first password is asked for, or read from standard input'),
      'person add desk@hotel.example --name "Front desk" --role front_desk',
    ),
    async (context, email, options) => {
      const role = ROLES.find((one) => one === options.role);
      if (role === undefined)
        throw usage(`--role is ${JSON.stringify(options.role)}`, `it must be one of ${ROLES.join(', ')}`);
      const api = context.api();
      const password = await askNewPassword(context.io, 'First password for the person');
      const one = await api.persons.add({ email, name: options.name, role, password });
      context.print(
        one,
        () => `added ${plain(one.email)} (${one.id}); the password has to be changed at first sign-in\n`,
      );
    },
  );
  register<[string]>(
    example(
      person
        .command('remove')
        .argument('<person>', 'e-mail address or id')
        .description('remove a person; sessions and tokens end at once'),
      'person remove desk@hotel.example',
    ),
    async (context, given) => {
      const one = await findPerson(context.api(), given);
      await context.api().persons.remove(one.id);
      context.print(one, () => `removed ${plain(one.email)}\n`);
    },
  );
}
