import { hostname } from 'node:os';
import { ApiProblem, type Client, tokenOf } from '@cardea/client-sdk';
import type { Session } from '@cardea/wire-api';
import type { Command } from 'commander';
import type { Context, Register } from '../context.ts';
import { CliError, usage } from '../errors.ts';
import { example } from '../help.ts';
import { plain } from '../output/table.ts';
import { askNewPassword, askPassword } from '../password.ts';
import { type Profile, readProfile, removeProfile, writeProfile } from '../profile.ts';

/** How long `login` lasts: an API token of its own, withdrawn by `logout`. */
const TOKEN_DAYS = 30;

/** `cardea login` and `cardea logout`. */
export function loginCommands(program: Command, register: Register): void {
  register<[string | undefined, { email: string; organization?: string; caFile?: string }]>(
    example(
      program
        .command('login')
        .argument('[url]', 'address of the server; the profile’s own when left out')
        .requiredOption('--email <email>', 'sign-in name')
        .option('--organization <id>', 'id of the organization to sign in to (the installation’s own unless told)')
        .option('--ca-file <file>', 'PEM file of the authority to trust (the server’s local authority)')
        .description(
          'sign this machine in; the password is asked for without echo, or read from standard input. ' +
            'A password that has to be changed is changed on the way (second line of standard input); ' +
            'where there is a second factor its code is asked for (next line).',
        ),
      'login --email operator@localhost',
      'login https://locks.example.com --email desk@hotel.example < password.txt',
    ),
    async (context, url, options) => {
      const server = serverOf(context, url, options.caFile);
      const { api, session } = await signIn(context, server, options);
      const me = await api.me();
      if (!me.scopes.includes('tokens:write')) {
        // A guest has no tokens: this machine is signed in as long as the session lasts.
        writeProfile(context.profilePath, { ...server, token: tokenOf(session) });
        const { expires_at } = session;
        context.print(
          { url: server.url, email: options.email, role: me.role, expires_at, profile: context.profilePath },
          () => `signed in at ${server.url} as ${plain(options.email)} (${me.role}) until ${expires_at}\n`,
        );
        return undefined;
      }
      const created = await api.tokens.create({
        name: `cardea on ${hostname()}`.slice(0, 100),
        scopes: [...me.scopes],
        expires_in_s: TOKEN_DAYS * 86_400,
      });
      writeProfile(context.profilePath, { ...server, token: created.secret });
      await api.signOut();
      const result = {
        url: server.url,
        email: options.email,
        role: me.role,
        expires_at: created.token.expires_at,
        profile: context.profilePath,
      };
      context.print(
        result,
        () =>
          `signed in at ${server.url} as ${plain(options.email)} (${me.role}) until ${result.expires_at}; kept in ${result.profile}\n`,
      );
    },
  );

  register(
    example(program.command('logout').description('withdraw this machine’s token and forget it'), 'logout'),
    async (context) => {
      const profile = readProfile(context.profilePath);
      let withdrawn = true;
      try {
        await context.connect(profile).signOut();
      } catch (error) {
        // A token that the server does not take any more is as good as withdrawn; an unreachable server is not.
        if (!(error instanceof CliError)) throw error;
        withdrawn = error.code === 'refused';
        if (!withdrawn)
          context.io.err(`the server was not reached (${error.message}); its token stays valid until it expires\n`);
      }
      removeProfile(context.profilePath);
      context.print({ url: profile.url, withdrawn }, () => `signed out of ${profile.url}\n`);
    },
  );
}

/** The server that a command without a token is about. @throws CliError `usage` */
export function serverOf(
  context: Context,
  url: string | undefined,
  caFile: string | undefined,
): Pick<Profile, 'url' | 'caFile'> {
  let known: Profile | undefined;
  try {
    known = readProfile(context.profilePath);
  } catch (error) {
    if (url === undefined) throw usage('no server is named', 'run cardea login URL --email EMAIL');
    if (!(error instanceof CliError)) throw error;
  }
  const address = url ?? known?.url ?? '';
  if (!URL.canParse(address) || new URL(address).protocol !== 'https:') {
    throw usage(`URL is ${JSON.stringify(address)}`, 'it must be an https:// address, such as https://localhost:8443');
  }
  const clean = new URL(address).origin;
  return { url: clean, caFile: caFile ?? (known?.url === clean ? known.caFile : undefined) };
}

/** The API under a session of the person, whose password is changed first when it has to be. */
async function signIn(
  context: Context,
  server: Pick<Profile, 'url' | 'caFile'>,
  { email, organization }: { readonly email: string; readonly organization?: string },
): Promise<{ readonly api: Client; readonly session: Session }> {
  const anonymous = context.connect({ ...server, token: undefined });
  const password = await askPassword(context.io, `Password of ${plain(email)}`);
  const device = `cardea on ${hostname()}`.slice(0, 100);
  const session = await anonymous
    .signIn(email, password, { organizationId: organization, device })
    .catch((problem: unknown) => secondStep(context, anonymous, problem));
  const api = context.connect({ ...server, token: tokenOf(session) });
  if (!session.person.must_change_password) return { api, session };
  context.io.err('this password was generated for you and has to be changed now\n');
  const next = await askNewPassword(context.io, 'New password');
  await api.changePassword(password, next);
  return { api, session };
}

/** Asks for the second step where the password alone was not enough. */
async function secondStep(context: Context, anonymous: Client, problem: unknown): Promise<Session> {
  const step = problem instanceof ApiProblem ? problem.secondFactor : undefined;
  if (step === undefined) throw problem;
  if (!step.methods.includes('totp')) context.io.err('passkeys need a browser: take a recovery code here\n');
  const given = await askPassword(context.io, 'Code of the authenticator, or a recovery code');
  const answer = /^\s*\d{3}\s*\d{3}\s*$/.test(given) ? { totp: given } : { recovery_code: given };
  return anonymous.registration.secondStep({ step: step.step, ...answer });
}
