import type { AskedCode } from '@cardea/wire-api';
import type { Command } from 'commander';
import type { Context, Register } from '../context.ts';
import { usage } from '../errors.ts';
import { example } from '../help.ts';
import { plain } from '../output/table.ts';
import { askNewPassword, askPassword } from '../password.ts';
import { serverOf } from './login.ts';

interface Where {
  readonly organization?: string;
  readonly caFile?: string;
}

/** `cardea register`, `cardea recover` and `cardea confirm`: an account of one's own, by a code that is sent. */
export function registerCommands(program: Command, register: Register): void {
  const where = (command: Command): Command =>
    command
      .option('--organization <id>', 'id of the organization (the installation’s own unless told)')
      .option('--ca-file <file>', 'PEM file of the authority to trust (the server’s local authority)');

  register<[string | undefined, Where & { address: string; name: string }]>(
    example(
      where(
        program
          .command('register')
          .argument('[url]', 'address of the server; the profile’s own when left out')
          .requiredOption('--address <address>', 'e-mail address, or phone number such as +4930123456')
          .requiredOption('--name <name>', 'full name'),
      ).description('ask for an account: a code is sent to the address, and `cardea confirm` takes it'),
      'register https://locks.example.com --address gwen@guest.example --name Gwen',
    ),
    async (context, url, { address, name, organization, caFile }) => {
      const server = serverOf(context, url, caFile);
      const { registration } = context.connect({ ...server, token: undefined });
      const inOne = organization === undefined ? {} : { organization_id: organization };
      await finish(context, server, await registration.register({ address, name, ...inOne }));
    },
  );

  register<[string | undefined, Where & { address: string }]>(
    example(
      where(
        program
          .command('recover')
          .argument('[url]', 'address of the server; the profile’s own when left out')
          .requiredOption('--address <address>', 'e-mail address or phone number of the account'),
      ).description('forgotten password: a code is sent to the address, and `cardea confirm` takes it'),
      'recover --address gwen@guest.example',
    ),
    async (context, url, { address, organization, caFile }) => {
      const server = serverOf(context, url, caFile);
      const { registration } = context.connect({ ...server, token: undefined });
      const inOne = organization === undefined ? {} : { organization_id: organization };
      await finish(context, server, await registration.recover({ address, ...inOne }));
    },
  );

  register<[string, { url?: string; caFile?: string; contact?: boolean }]>(
    example(
      program
        .command('confirm')
        .argument('<reference>', 'what the message names beside the code: ver_...')
        .option('--url <url>', 'address of the server; the profile’s own when left out')
        .option('--ca-file <file>', 'PEM file of the authority to trust')
        .option('--contact', 'the code is for one more address: no password is set')
        .description('take a code that was sent: code and new password are asked for, or two lines of standard input'),
      'confirm ver_0198c0de-0000-7000-8000-000000000001',
    ),
    async (context, reference, { url, caFile, contact }) => {
      await take(context, serverOf(context, url, caFile), reference, contact === true);
    },
  );
}

type Server = ReturnType<typeof serverOf>;

/** Where a person types, the code is asked for at once; else the reference is what to go on with. */
async function finish(context: Context, server: Server, { verification_id, expires_at }: AskedCode): Promise<void> {
  const reference = plain(verification_id);
  if (context.io.typed && !context.json) {
    context.io.err(`a code was sent, if that is possible; it counts until ${expires_at}\n`);
    return take(context, server, verification_id, false);
  }
  context.print(
    { verification_id, expires_at },
    () => `a code was sent, if that is possible; until ${expires_at}: cardea confirm ${reference}\n`,
  );
}

async function take(context: Context, server: Server, reference: string, contact: boolean): Promise<void> {
  if (!/^ver_[0-9A-Za-z-]{1,64}$/.test(reference)) {
    throw usage(`the reference is ${JSON.stringify(reference)}`, 'it begins with ver_ and stands in the message');
  }
  const code = await askPassword(context.io, 'Code');
  const password = contact ? undefined : await askNewPassword(context.io, 'New password');
  const anonymous = context.connect({ ...server, token: undefined });
  const person = await anonymous.registration.confirm(reference, code, password);
  context.print(person, () =>
    contact
      ? 'the address is proved\n'
      : `${plain(person.email)} (${person.id}): sign in with cardea login ${server.url} --email ${plain(person.email)}\n`,
  );
}
