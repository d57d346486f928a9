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

/** `cardea person list|show|add|remove|invite|reset-factors|export|erase`. */
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
      person.command('show').argument('<person>', 'e-mail address, id or name').description('show a person'),
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
      const role = roleOf(options.role);
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
        .argument('<person>', 'e-mail address, id or name')
        .description('remove a person; sessions and tokens end at once'),
      'person remove desk@hotel.example',
    ),
    async (context, given) => {
      const one = await findPerson(context.api(), given);
      await context.api().persons.remove(one.id);
      context.print(one, () => `removed ${plain(one.email)}\n`);
    },
  );
  register<[string, { name: string; role: string }]>(
    example(
      person
        .command('invite')
        .argument('<address>', 'e-mail address, or phone number such as +4930123456')
        .requiredOption('--name <name>', 'full name')
        .requiredOption('--role <role>', `one of ${ROLES.join(', ')}`)
        .description('add a person, who chooses a password by the code that is sent'),
      'person invite gwen@guest.example --name "Gwen" --role resident',
    ),
    async (context, address, options) => {
      const role = roleOf(options.role);
      const invited = await context.api().persons.invite({ address, name: options.name, role });
      context.print(
        invited,
        () => `invited ${plain(invited.person.email)} (${invited.person.id}) until ${invited.expires_at}\n`,
      );
    },
  );
  register<[string]>(
    example(
      person
        .command('reset-factors')
        .argument('<person>', 'e-mail address, id or name')
        .description('for somebody who has lost them: remove the second factors and end the sessions'),
      'person reset-factors desk@hotel.example',
    ),
    async (context, given) => {
      const one = await findPerson(context.api(), given);
      await context.api().persons.resetSecondFactors(one.id);
      context.print(one, () => `removed the second factors of ${plain(one.email)}\n`);
    },
  );
  register<[string]>(
    example(
      person
        .command('export')
        .argument('<person>', 'e-mail address, id or name')
        .description('everything that is held of a person, as JSON'),
      'person export gwen@guest.example > gwen.json',
    ),
    async (context, given) => {
      const one = await findPerson(context.api(), given);
      const held = await context.api().persons.export(one.id);
      context.print(held, () => `${JSON.stringify(held, null, 2)}\n`);
    },
  );
  register<[string, { yes?: boolean }]>(
    example(
      person
        .command('erase')
        .argument('<person>', 'e-mail address, id or name')
        .option('--yes', 'do not ask; needed where nobody types')
        .description('remove a person and destroy everything that names the person; it cannot be undone'),
      'person erase gwen@guest.example --yes',
    ),
    async (context, given, { yes }) => {
      const one = await findPerson(context.api(), given);
      if (yes !== true) {
        if (!context.io.typed) throw usage('erasure cannot be undone', 'say --yes');
        const answer = await context.io.line(`Erase ${plain(one.name)} (${plain(one.email)})? Type the address: `);
        if (answer?.trim().toLowerCase() !== one.email) throw usage('not erased', 'type the address, or say --yes');
      }
      await context.api().persons.erase(one.id);
      context.print({ id: one.id, erased: true }, () => `erased ${one.id}\n`);
    },
  );
}

function roleOf(given: string): Role {
  const role = ROLES.find((one) => one === given);
  if (role === undefined) throw usage(`--role is ${JSON.stringify(given)}`, `it must be one of ${ROLES.join(', ')}`);
  return role;
}
