import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CliError, type Commands, type Context, example, fields, usage } from '@cardea/client-cli';
import { type ServiceScope, serviceUnit, UNIT_NAME } from '../service/unit.ts';

const PROGRAM = fileURLToPath(new URL('../../bin/cardea.mjs', import.meta.url));
const INSTALLATION = dirname(dirname(dirname(PROGRAM)));

interface ScopeFlags {
  readonly system?: boolean;
  readonly user?: boolean;
  readonly root?: string;
}

interface InstallFlags extends ScopeFlags {
  readonly data?: string;
  readonly host?: string;
  readonly port?: string;
  readonly xmppPort?: string;
  readonly publicHost?: string;
  readonly publicUrl?: string;
  readonly acmeAgreeTos?: boolean;
  readonly acmeEmail?: string;
  readonly now?: boolean;
  readonly dryRun?: boolean;
}

/** `cardea service`: the server as a service of systemd. */
export function serviceCommands({ program, register }: Commands): void {
  const service = program.command('service').description('the server (RAS) as a service of systemd');
  const scoped = (name: string) =>
    service
      .command(name)
      .option('--system', 'for the machine (as root; usual for root)')
      .option('--user', 'for this user (usual for everybody else)')
      .option('--root <dir>', 'treat DIR as the root of the file system, and leave systemd alone');
  register<[InstallFlags]>(
    example(
      scoped('install')
        .option('--data <dir>', "data folder of a user's service (a machine's is /var/lib/cardea)")
        .option('--host <address>', 'address to listen on')
        .option('--port <number>', 'TCP port of HTTPS')
        .option('--xmpp-port <number>', 'TCP port of XMPP over TLS for gateways')
        .option('--public-host <name>', 'name by which clients and gateways reach it')
        .option('--public-url <url>', 'its address on the Internet, for a certificate by ACME')
        .option('--acme-agree-tos', "with --public-url: agree to the ACME server's terms of service")
        .option('--acme-email <address>', 'with --public-url: where the ACME server may write')
        .option('--now', 'start it as well')
        .option('--dry-run', 'print the unit and change nothing')
        .description('install a hardened unit, so that the server starts with the machine'),
      'service install --dry-run',
      'service install --system --host 0.0.0.0 --public-host locks.example.com --now',
    ),
    (context, flags) => install(context, flags),
  );
  register<[ScopeFlags & { readonly dryRun?: boolean }]>(
    example(
      scoped('uninstall')
        .option('--dry-run', 'say what would be done and change nothing')
        .description('stop the service and remove its unit; its data stay'),
      'service uninstall',
    ),
    async (context, flags) => {
      const place = placeOf(context, flags);
      if (!existsSync(place.file)) {
        throw new CliError('refused', `there is no ${place.file}`, { remedy: 'see `cardea service status`' });
      }
      if (flags.dryRun !== true) {
        if (place.managed) systemctl(place.scope, 'disable', '--now', UNIT_NAME);
        removing(place.file);
        if (place.managed) systemctl(place.scope, 'daemon-reload');
      }
      context.print({ removed: place.file, dry_run: flags.dryRun === true }, () => `removed  ${place.file}\n`);
      return 0;
    },
  );
  register<[ScopeFlags]>(
    example(
      scoped('status').description('whether the unit is installed, is the present one, and runs'),
      'service status',
    ),
    async (context, flags) => {
      const place = placeOf(context, flags);
      const installed = existsSync(place.file);
      const state = installed && place.managed ? systemctl(place.scope, 'is-active', UNIT_NAME).out : 'unknown';
      const document = {
        unit: place.file,
        installed,
        program_found: installed && readFileSync(place.file, 'utf8').includes(PROGRAM),
        state: installed ? state : 'not installed',
      };
      context.print(document, () =>
        fields(Object.entries(document).map(([name, value]) => [name.replaceAll('_', ' '), String(value)])),
      );
      return installed ? 0 : 4;
    },
  );
}

interface Place {
  readonly scope: ServiceScope;
  readonly file: string;
  /** Whether the systemd of this machine is to be told. */
  readonly managed: boolean;
}

function placeOf({ io }: Context, { system, user, root }: ScopeFlags): Place {
  if (process.platform !== 'linux') throw usage('this system has no systemd', 'run `cardea server` by its own means');
  if (system === true && user === true) throw usage('--system and --user exclude each other', 'give one of them');
  const scope: ServiceScope = system === true || (user !== true && process.getuid?.() === 0) ? 'system' : 'user';
  const folder =
    scope === 'system'
      ? '/etc/systemd/system'
      : join(io.env.XDG_CONFIG_HOME ?? join(io.home, '.config'), 'systemd', 'user');
  const top = root === undefined ? '' : resolve(io.cwd, root);
  return {
    scope,
    file: join(top, folder, UNIT_NAME),
    managed: root === undefined && existsSync('/run/systemd/system'),
  };
}

async function install(context: Context, flags: InstallFlags): Promise<number> {
  const place = placeOf(context, flags);
  if (place.scope === 'system' && flags.data !== undefined) {
    throw usage(
      "--data: a machine's service keeps its data in /var/lib/cardea",
      'leave it out, or install with --user',
    );
  }
  const args = serverArgs(flags);
  await checkServerFlags(flags);
  const unit = serviceUnit({
    scope: place.scope,
    node: process.execPath,
    program: PROGRAM,
    installation: INSTALLATION,
    dataDir: flags.data === undefined ? undefined : resolve(context.io.cwd, flags.data),
    args,
    lowPorts: [flags.port, flags.xmppPort].some(isLow) || flags.publicUrl !== undefined,
  });
  if (flags.dryRun === true) {
    context.print({ unit, file: place.file, dry_run: true }, () => unit);
    return 0;
  }
  writing(place.file, unit);
  const did = [`installed  ${place.file}`];
  if (place.managed) {
    systemctl(place.scope, 'daemon-reload');
    const { code, err } = systemctl(place.scope, 'enable', ...(flags.now === true ? ['--now'] : []), UNIT_NAME);
    if (code !== 0) throw new CliError('failed', `systemd would not take it (${err})`, { remedy: `see ${place.file}` });
    did.push(flags.now === true ? 'started' : `start it with: systemctl ${flagOf(place.scope)}start cardea`);
  }
  context.print(
    { file: place.file, started: place.managed && flags.now === true, dry_run: false },
    () => `${did.join('\n')}\n`,
  );
  return 0;
}

/** Refuses now what the server would refuse at each of its starts. @throws CliError `usage` */
async function checkServerFlags({ system, user, root, data, now, dryRun, ...flags }: InstallFlags): Promise<void> {
  const { readConfig, ServerError } = await import('@cardea/server-main');
  try {
    readConfig({ flags, environment: {}, file: '' });
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    const { message, remedy } = error;
    // What fits together or not is decided with the service's own config.json and environment, which are not this shell's.
    if (!message.startsWith('--')) return;
    throw usage(message.endsWith(remedy) ? message.slice(0, -remedy.length - 2) : message, remedy);
  }
}

function serverArgs({ host, port, xmppPort, publicHost, publicUrl, acmeAgreeTos, acmeEmail }: InstallFlags): string[] {
  const given: [string, string | undefined][] = [
    ['--host', host],
    ['--port', port],
    ['--xmpp-port', xmppPort],
    ['--public-host', publicHost],
    ['--public-url', publicUrl],
    ['--acme-email', acmeEmail],
  ];
  const agreed = acmeAgreeTos === true ? ['--acme-agree-tos'] : [];
  const valued = given.flatMap(([name, value]) => {
    if (value === undefined) return [];
    // A line of a unit ends where a text does: nothing may begin another one.
    if (/\p{Cc}/u.test(value)) throw usage(`${name} holds a control character`, 'write it on one line');
    return [name, value];
  });
  return [...valued, ...agreed];
}

const isLow = (port: string | undefined): boolean => port !== undefined && Number(port) > 0 && Number(port) < 1024;
const flagOf = (scope: ServiceScope): string => (scope === 'user' ? '--user ' : '');

function systemctl(scope: ServiceScope, ...args: readonly string[]) {
  const done = spawnSync('systemctl', [...(scope === 'user' ? ['--user'] : []), ...args], { encoding: 'utf8' });
  return { code: done.status ?? 1, out: (done.stdout ?? '').trim(), err: (done.stderr ?? '').trim() };
}

function writing(file: string, content: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content, { mode: 0o644 });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CliError('refused', `${file} cannot be written (${reason})`, {
      remedy: 'run it as root, or with --user; --dry-run prints the unit',
    });
  }
}

function removing(file: string): void {
  try {
    rmSync(file);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CliError('refused', `${file} cannot be removed (${reason})`, {
      remedy: 'run it as root, or with --user',
    });
  }
}
