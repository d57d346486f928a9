import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CliError, type Commands, type Context, example, socketAddress } from '@cardea/client-cli';
import type { LogSink } from '@cardea/kit-node';
import { addressLines } from '../addresses.ts';
import { isSupervised, tellSupervisor, untilAskedToEnd } from '../lifetime.ts';

/** Where `npm run build:web` puts the web apps. */
const WEB_DIR = fileURLToPath(new URL('../../../dist/', import.meta.url));

/** An actor that runs until it is stopped. */
interface Running {
  stop(): Promise<void>;
  /** What SIGHUP asks for. */
  reload?(): Promise<void>;
}

interface ServerCommandOptions {
  readonly data: string;
  readonly host?: string;
  readonly port?: string;
  readonly xmppPort?: string;
  readonly xmppStarttlsPort?: string;
  readonly publicHost?: string;
  readonly publicUrl?: string;
  readonly acmeAgreeTos?: boolean;
  readonly acmeEmail?: string;
  readonly acmeDirectory?: string;
  readonly demo?: boolean;
  readonly webDir?: string;
}

/** `cardea server`, `gateway run` and `building`: each actor's own main, in this process. */
export function actorCommands({ program, gateway, register }: Commands): void {
  gatewayRunCommand(gateway, register);
  buildingCommand(program, register);
  const server = program.command('server');
  resetPasswordCommand(server, register);
  register<[ServerCommandOptions]>(
    example(
      server
        .option('--data <dir>', 'data folder', 'data')
        .option('--host <address>', 'address to listen on')
        .option('--port <number>', 'TCP port of HTTPS (0 takes a free one)')
        .option('--xmpp-port <number>', 'TCP port of XMPP over TLS for gateways')
        .option('--xmpp-starttls-port <number>', 'opens a port of XMPP that demands STARTTLS, too (5222 by convention)')
        .option('--public-host <name>', 'name by which clients and gateways reach it')
        .option('--public-url <url>', 'address by which the world reaches it; gets a public certificate by ACME')
        .option('--acme-agree-tos', "agree to the terms of service of the ACME server (Let's Encrypt unless told)")
        .option('--acme-email <address>', 'where the ACME server may write about the certificate')
        .option('--acme-directory <name>', 'letsencrypt, letsencrypt-staging, or the URL of an ACME directory')
        .option('--web-dir <dir>', 'folder of the built web apps (dist/ where Cardea is installed unless told)')
        .option('--demo', 'take faults of virtual locks (cardea sim); for demo estates only')
        .description('run the server (RAS) alone; more can be set in DATA/ras/config.json and by CARDEA_... variables'),
      'server --data /var/lib/cardea --public-host locks.example.com --host 0.0.0.0',
      'server --data /var/lib/cardea --public-url https://door.example.org --acme-agree-tos',
    ),
    async (context, options) => {
      const { runServer } = await import('@cardea/server-main');
      const dataDir = resolve(context.io.cwd, options.data);
      const { data: _, demo, ...flags } = options;
      const breakdown = createBreakdown();
      const running = await starting(() =>
        runServer({
          dataDir,
          flags,
          environment: context.io.env,
          webDir: WEB_DIR,
          logTo: logSink(dataDir, 'server'),
          onBroken: breakdown.report,
          ...(demo === true
            ? {
                demo: isSupervised()
                  ? { onGatewayFault: (_gateway, value) => tellSupervisor({ kind: 'sim', fault: 'gateway', value }) }
                  : {},
              }
            : {}),
        }),
      );
      const owner = running.firstOwner;
      const detail = {
        url: running.url,
        xmpp_port: running.xmpp.port,
        ...(owner === undefined ? {} : { email: owner.email, password: owner.password.reveal() }),
      };
      if (isSupervised()) tellSupervisor({ kind: 'ready', detail });
      else {
        context.print(detail, () =>
          [
            'ready',
            ...addressLines(running.url),
            `XMPP      ${running.xmpp.host}:${running.xmpp.port} (TLS)`,
            ...(owner === undefined
              ? []
              : [
                  `operator  ${owner.email}`,
                  `password  ${owner.password.reveal()}  (shown this once; changed at first sign-in)`,
                ]),
            '',
          ].join('\n'),
        );
      }
      return runUntilStopped(context, running, breakdown);
    },
  );
}

/** `cardea server reset-password`: `--data` is the option of `server`, which takes it wherever it stands. */
function resetPasswordCommand(server: Commands['program'], register: Commands['register']): void {
  register(
    example(
      server
        .command('reset-password')
        .description(
          'give the owner a new password and sign this machine in again where DATA/cli.json is missing; ' +
            'the server must be stopped',
        ),
      'server reset-password',
      'server reset-password --data /var/lib/cardea',
    ),
    async (context) => {
      const { resetOwnerPassword } = await import('@cardea/server-main');
      const dataDir = resolve(context.io.cwd, server.opts<ServerCommandOptions>().data);
      const done = await starting(() => resetOwnerPassword({ dataDir, environment: context.io.env }));
      const { email, profile, profileWritten } = done;
      const password = done.password.reveal();
      context.print({ email, password, profile, profile_written: profileWritten }, () =>
        [
          `operator  ${email}`,
          `password  ${password}  (shown this once; to be changed at the next sign-in)`,
          `profile   ${profile} (${profileWritten ? 'written anew' : 'left as it was'})`,
          '',
        ].join('\n'),
      );
    },
  );
}

interface GatewayRunOptions {
  readonly data: string;
  readonly hub?: string;
  readonly server?: string;
  readonly caFile?: string;
  readonly xmpp?: string;
  readonly starttls?: boolean;
  readonly local?: string;
}

const LOCAL_EXAMPLE = '192.168.1.10:4711';

/** The local endpoint of a gateway, off unless asked for. */
export const LOCAL_OPTION = [
  '--local <host:port>',
  'where phones near by may reach their locks when the server is gone (unlock --local); nowhere unless told',
] as const;

function gatewayRunCommand(gateway: Commands['gateway'], register: Commands['register']): void {
  register<[GatewayRunOptions]>(
    example(
      gateway
        .command('run')
        .option('--data <dir>', 'data folder; its own part is DIR/gateway', 'data')
        .option('--hub <file>', 'hub.json of the simulated air (DIR/twin/hub.json unless told)')
        .option('--server <url>', 'address of the server, at the first start')
        .option('--ca-file <file>', "PEM file of the server's local authority, at the first start")
        .option('--xmpp <host:port>', "where the server's XMPP door is, when it has moved since the enrolment")
        .option('--starttls', 'that port begins in the clear: STARTTLS first, or not at all')
        .option(...LOCAL_OPTION)
        .description('run a gateway (BGW); at its first start it enrols with the token in $CARDEA_ENROLMENT_TOKEN'),
      'gateway run --data data --server https://localhost:8443 --ca-file data/ras/tls/authority.pem',
    ),
    async (context, options) => {
      const [{ runGateway }, { Secret }] = await Promise.all([
        import('@cardea/gateway'),
        import('@cardea/kit-runtime'),
      ]);
      const dataDir = resolve(context.io.cwd, options.data);
      const token = context.io.env.CARDEA_ENROLMENT_TOKEN;
      const breakdown = createBreakdown();
      const running = await starting(() =>
        runGateway({
          dataDir: join(dataDir, 'gateway'),
          hubFile: options.hub ?? join(dataDir, 'twin', 'hub.json'),
          serverUrl: options.server ?? context.io.env.CARDEA_SERVER_URL,
          caFile: options.caFile ?? context.io.env.CARDEA_CA_FILE,
          xmpp: options.xmpp === undefined ? undefined : socketAddress('--xmpp', options.xmpp, 'localhost:5223'),
          starttls: options.starttls,
          local: options.local === undefined ? undefined : socketAddress('--local', options.local, LOCAL_EXAMPLE),
          logTo: logSink(dataDir, 'gateway'),
          enrolmentToken: token === undefined ? undefined : new Secret(token),
          onBroken: breakdown.report,
        }),
      );
      const asked = untilAskedToEnd(context.io);
      try {
        await Promise.race([running.untilReady(), asked, breakdown.happened]);
        if (running.ready) {
          const detail = { gateway_id: running.gatewayId };
          if (isSupervised()) tellSupervisor({ kind: 'ready', detail });
          else context.print(detail, () => `ready\ngateway   ${running.gatewayId}\n`);
        }
        await Promise.race([asked, breakdown.happened]);
      } finally {
        await running.stop();
      }
      return 0;
    },
  );
}

function buildingCommand(program: Commands['program'], register: Commands['register']): void {
  register<[{ readonly data: string; readonly truth?: string }]>(
    example(
      program
        .command('building')
        .option('--data <dir>', 'data folder; its own part is DIR/twin', 'data')
        .option('--truth <file>', 'append what each bolt really does, one JSON object a line: for tests of the whole')
        .description('run the virtual building of the demo: the radio hub and 12 virtual locks'),
      'building --data data',
    ),
    async (context, options) => {
      const [{ runBuilding }, { createLog }] = await Promise.all([
        import('@cardea/twin-building'),
        import('@cardea/kit-node'),
      ]);
      const dataDir = resolve(context.io.cwd, options.data);
      const building = await starting(async () => {
        const log = createLog('building', 'info', logSink(dataDir, 'building'));
        const truth = options.truth === undefined ? {} : { truthFile: resolve(context.io.cwd, options.truth) };
        const running = await runBuilding({ dataDir, log, ...truth });
        log.info('building ready', { port: running.port, locks: running.locks.size });
        return running;
      });
      for (const { identifier, reason } of building.leftOut) {
        context.io.err(`cardea: the lock ${identifier} was left out: ${reason}\n`);
      }
      const detail = { hub_port: building.port, locks: building.locks.size };
      if (isSupervised()) tellSupervisor({ kind: 'ready', detail });
      else
        context.print(detail, () => `ready\nhub       127.0.0.1:${building.port}\nlocks     ${building.locks.size}\n`);
      return runUntilStopped(context, building);
    },
  );
}

/** Under a supervisor each actor writes a file of its own, since nobody reads its standard error. */
export function logSink(dataDir: string, actor: string): LogSink {
  return isSupervised() ? { kind: 'file', path: join(dataDir, 'logs', `${actor}.log`) } : { kind: 'stderr' };
}

/** Runs an actor until this process is asked to end, or it has broken down. Resolves with the exit code. */
export async function runUntilStopped(context: Context, running: Running, breakdown?: Breakdown): Promise<number> {
  const reload = (): void => {
    running.reload?.().catch((error) => context.io.err(`reload failed: ${String(error)}\n`));
  };
  const asked = untilAskedToEnd(context.io, running.reload && reload);
  try {
    await (breakdown === undefined ? asked : Promise.race([asked, breakdown.happened]));
  } finally {
    await running.stop();
  }
  return 0;
}

/** An actor's own word that it cannot go on: its disk has failed, so nothing more may be promised. */
interface Breakdown {
  report(error: unknown): void;
  /** Rejects with one line and exit code 1, for the supervisor to start the actor again. */
  readonly happened: Promise<never>;
}

function createBreakdown(): Breakdown {
  let report: Breakdown['report'] = () => {};
  const happened = new Promise<never>((_, reject) => {
    report = (error) => reject(new CliError('unexpected', error instanceof Error ? error.message : String(error)));
  });
  // It may come before anybody waits for it.
  happened.catch(() => {});
  return { report, happened };
}

/** Starts an actor: what keeps it from starting is one line and exit code 1, as a supervisor expects. */
export async function starting<T>(start: () => Promise<T>): Promise<T> {
  try {
    return await start();
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw new CliError('unexpected', error instanceof Error ? error.message : String(error), { cause: error });
  }
}
