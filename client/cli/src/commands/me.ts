import type { Command } from 'commander';
import type { Register } from '../context.ts';
import { usage } from '../errors.ts';
import { example } from '../help.ts';
import { fields, plain, table } from '../output/table.ts';
import { askPassword } from '../password.ts';

/** `cardea me ...`: the own second factors, addresses and sessions. */
export function meCommands(program: Command, register: Register): void {
  const me = program.command('me').description('the own account: second factors, addresses, sessions');
  const codes = (list: readonly string[]): string =>
    list.length === 0
      ? ''
      : `recovery codes, shown this once, each for one sign-in:\n${list.map((one) => `  ${one}\n`).join('')}`;

  register(example(me.command('show').description('who this machine is signed in as'), 'me show'), async (context) => {
    const api = context.api();
    const [who, factors] = [await api.me(), await api.own.secondFactors()];
    context.print({ ...who, second_factors: factors }, () =>
      fields([
        ['person', who.person_id],
        ['role', who.role],
        ['authenticator', factors.totp ? 'yes' : 'no'],
        ['passkeys', factors.passkeys.map(({ name }) => plain(name)).join(', ') || 'none'],
        ['recovery codes', String(factors.recovery_codes_left)],
        ['second factor', factors.required ? 'required by the organization' : 'optional'],
      ]),
    );
  });

  const totp = me.command('totp').description('an authenticator app (TOTP) as a second factor');
  register(
    example(
      totp
        .command('add')
        .description(
          'add an authenticator: the password, then its first code are asked for, or lines of standard input',
        ),
      'me totp add',
    ),
    async (context) => {
      const api = context.api();
      const { uri, secret } = await api.own.beginTotp(await askPassword(context.io, 'Password'));
      context.io.err(`put this into your authenticator:\n  ${uri}\n  or type the secret: ${secret}\n`);
      const { recovery_codes } = await api.own.confirmTotp(await askPassword(context.io, 'Code that it shows'));
      context.print({ recovery_codes }, () => `the authenticator counts from now on\n${codes(recovery_codes)}`);
    },
  );
  register(
    example(
      totp.command('remove').description('remove the authenticator; the password is asked for'),
      'me totp remove',
    ),
    async (context) => {
      await context.api().own.removeTotp(await askPassword(context.io, 'Password'));
      context.print({ removed: true }, () => 'the authenticator is removed\n');
    },
  );
  register<[string]>(
    example(
      me
        .command('remove-passkey')
        .argument('<id>', 'id of the passkey, as `me show --json` says it')
        .description('remove a passkey; the password is asked for'),
      'me remove-passkey pk_0198c0de-0000-7000-8000-000000000001',
    ),
    async (context, id) => {
      await context.api().own.removePasskey(id, await askPassword(context.io, 'Password'));
      context.print({ removed: id }, () => `removed ${id}\n`);
    },
  );
  register(
    example(
      me
        .command('recovery-codes')
        .description('ten new recovery codes; the former are void. The password is asked for'),
      'me recovery-codes',
    ),
    async (context) => {
      const renewed = await context.api().own.renewRecoveryCodes(await askPassword(context.io, 'Password'));
      context.print(renewed, () => codes(renewed.recovery_codes));
    },
  );

  register(
    example(me.command('sessions').description('where the account is signed in'), 'me sessions'),
    async (context) => {
      const items = await context.api().own.sessions();
      context.print({ items }, () =>
        table(
          ['DEVICE', 'ADDRESS', 'BY', 'LAST USED', 'ID'],
          items.map((one) => [
            `${plain(one.device) || '-'}${one.current ? ' (this one)' : ''}`,
            plain(one.address),
            one.factor,
            one.last_used_at,
            one.id,
          ]),
        ),
      );
    },
  );
  register<[string | undefined, { others?: boolean }]>(
    example(
      me
        .command('end-session')
        .argument('[id]', 'id of the session')
        .option('--others', 'every session but this one')
        .description('end a session, or all others'),
      'me end-session tok_0198c0de-0000-7000-8000-000000000001',
      'me end-session --others',
    ),
    async (context, id, { others }) => {
      const { own } = context.api();
      if ((others === true) === (id !== undefined))
        throw usage('name a session, or say --others', 'see cardea me sessions');
      if (id === undefined) {
        const { ended } = await own.endOtherSessions();
        context.print({ ended }, () => `ended ${ended} sessions\n`);
        return;
      }
      await own.endSession(id);
      context.print({ ended: 1 }, () => `ended ${id}\n`);
    },
  );

  const contact = me.command('contact').description('addresses of the own: each of them signs in');
  register(example(contact.command('list').description('list them'), 'me contact list'), async (context) => {
    const items = await context.api().own.contacts();
    context.print({ items }, () =>
      table(
        ['ADDRESS', 'SINCE', 'ID'],
        items.map((one) => [plain(one.address), one.verified_at, one.id]),
      ),
    );
  });
  register<[string]>(
    example(
      contact
        .command('add')
        .argument('<address>', 'e-mail address or phone number')
        .description('send a code to one more address; `cardea confirm REFERENCE --contact` takes it'),
      'me contact add +4930123456',
    ),
    async (context, address) => {
      const asked = await context.api().own.addContact(address);
      context.print(
        asked,
        () => `a code was sent, if that is possible: cardea confirm ${asked.verification_id} --contact\n`,
      );
    },
  );
  register<[string]>(
    example(
      contact.command('remove').argument('<id>', 'id of the address').description('remove an address'),
      'me contact remove con_0198c0de-0000-7000-8000-000000000001',
    ),
    async (context, id) => {
      await context.api().own.removeContact(id);
      context.print({ removed: id }, () => `removed ${id}\n`);
    },
  );
  register(
    example(me.command('export').description('everything that is held of this account'), 'me export > me.json'),
    async (context) => {
      const held = await context.api().own.export();
      context.print(held, () => `${JSON.stringify(held, null, 2)}\n`);
    },
  );
  register(
    example(
      me
        .command('erase')
        .description('erase the own account, as a resident or guest; it cannot be undone. The password is asked for'),
      'me erase',
    ),
    async (context) => {
      await context.api().own.erase(await askPassword(context.io, 'Password'));
      context.print({ erased: true }, () => 'the account is erased\n');
    },
  );
}
