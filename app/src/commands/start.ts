import { existsSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { CliError, type Commands, type Context, example, usage } from '@cardea/client-cli';
import { addressLines } from '../addresses.ts';
import { untilAskedToEnd } from '../lifetime.ts';
import { showSteps } from '../steps.ts';
import { type Supervised, supervise } from '../supervised.ts';
import { LOCAL_OPTION } from './actors.ts';

interface StartOptions {
  readonly data: string;
  readonly port?: string;
  readonly xmppPort?: string;
  readonly local?: string;
  readonly demo: string;
}

/** `cardea start`: the whole estate on this machine, each actor in a process of its own. */
export function startCommand({ program, register }: Commands): void {
  register<[StartOptions]>(
    example(
      program
        .command('start')
        .option('--data <dir>', 'data folder', 'data')
        .option('--port <number>', 'TCP port of HTTPS; XMPP takes the next one (8443 and 5223 unless told)')
        .option('--xmpp-port <number>', 'TCP port of XMPP over TLS for gateways')
        .option(...LOCAL_OPTION)
        .option('--demo <estate>', 'hotel: 12 virtual locks and a gateway; none: an empty estate', 'hotel')
        .description('start everything on this machine and keep it running until Ctrl-C'),
      'start',
      'start --data /tmp/hotel --port 18443',
    ),
    (context, options) => start(context, options),
  );
}

async function start(context: Context, options: StartOptions): Promise<number> {
  if (options.demo !== 'hotel' && options.demo !== 'none') {
    throw usage(`--demo is ${JSON.stringify(options.demo)}`, 'it must be hotel or none');
  }
  const hotel = options.demo === 'hotel';
  const dataDir = resolve(context.io.cwd, options.data);
  const actors: Supervised[] = [];
  const stop = async (): Promise<void> => {
    // Gateways and locks first, so that the server's last record of them is complete.
    for (const actor of actors.reverse()) await actor.stop();
  };
  const asked = untilAskedToEnd(context.io);
  let ending = false;
  try {
    const began = bringUp(context, options, dataDir, hotel, actors, () => ending);
    // Ctrl-C during the set-up ends it too; what the set-up then says about it is of no interest.
    const ready = await Promise.race([began, asked.then(() => undefined)]);
    if (ready !== undefined) {
      context.print(ready.document, () => ready.text);
      await asked;
    } else began.catch(() => {});
    context.io.err('ending ...\n');
    return 0;
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw new CliError(
      'unexpected',
      (error instanceof Error ? error.message : String(error)).replace(/^cardea: /, ''),
      { cause: error },
    );
  } finally {
    ending = true;
    await stop();
  }
}

interface Ready {
  readonly document: Readonly<Record<string, unknown>>;
  readonly text: string;
}

async function bringUp(
  context: Context,
  options: StartOptions,
  dataDir: string,
  hotel: boolean,
  actors: Supervised[],
  isEnding: () => boolean,
): Promise<Ready> {
  const { io } = context;
  const { step } = showSteps(io);
  const onNews = (line: string): void => {
    if (!isEnding()) io.err(`${line}\n`);
  };
  const add = (actor: Supervised): Supervised => {
    if (isEnding()) throw new Error('ending');
    actors.push(actor);
    return actor;
  };

  let gateway: Supervised | undefined;
  const server = add(
    supervise({
      name: 'server',
      args: ['server', '--data', dataDir, ...portFlags(options), ...(hotel ? ['--demo'] : [])],
      onNews,
      onMessage(message) {
        if (message.kind !== 'sim' || gateway === undefined) return;
        const done =
          message.value === 'on' ? gateway.start() : message.value === 'off' ? gateway.stop() : gateway.kill();
        done.then(
          () => onNews(`gateway: ${message.value} (by cardea sim)`),
          (error: Error) => onNews(`gateway: ${error.message}`),
        );
      },
    }),
  );
  const serverDetail = await step('server', async (note) => {
    const detail = await server.start();
    note(String(detail.url));
    return detail;
  });

  if (hotel) {
    const building = add(supervise({ name: 'building', args: ['building', '--data', dataDir], onNews }));
    await step('building: radio and 12 locks', () => building.start());
    const { furnish } = await import('../hotel/furnish.ts');
    // The ports may have changed since yesterday, when the gateway was told where to go.
    const xmpp = `${new URL(String(serverDetail.url)).hostname}:${serverDetail.xmpp_port}`;
    const local = options.local === undefined ? [] : ['--local', options.local];
    const own = add(
      supervise({ name: 'gateway', args: ['gateway', 'run', '--data', dataDir, '--xmpp', xmpp, ...local], onNews }),
    );
    gateway = own;
    await furnish({ profilePath: join(dataDir, 'cli.json'), dataDir, step, startGateway: (env) => own.start(env) });
  }
  return describeReady(context, dataDir, hotel, serverDetail);
}

/** With a port of one's own, XMPP takes the next one, so that two estates do not meet on its usual one. */
function portFlags({ port, xmppPort }: StartOptions): string[] {
  const next =
    port !== undefined && /^\d{1,5}$/.test(port) && Number(port) > 0 && Number(port) < 65_535
      ? String(Number(port) + 1)
      : undefined;
  const xmpp = xmppPort ?? next;
  return [...(port === undefined ? [] : ['--port', port]), ...(xmpp === undefined ? [] : ['--xmpp-port', xmpp])];
}

function describeReady(
  context: Context,
  dataDir: string,
  hotel: boolean,
  detail: Readonly<Record<string, unknown>>,
): Ready {
  const profile = join(dataDir, 'cli.json');
  const usual = dataDir === join(context.io.cwd, 'data');
  const where = usual
    ? ''
    : ` --profile ${relative(context.io.cwd, profile).startsWith('..') ? profile : relative(context.io.cwd, profile)}`;
  const tryThese = hotel
    ? [`unlock 101${where}`, `door list${where}`, `events --follow${where}`]
    : [`property add "My house"${where}`, `door list${where}`, `doctor${where}`];
  const { bold } = context.io.colors;
  const lines = [
    bold('ready'),
    '',
    ...addressLines(String(detail.url)),
    `XMPP      ${new URL(String(detail.url)).hostname}:${detail.xmpp_port} (TLS, for gateways)`,
    `data      ${dataDir}`,
    ...(detail.password === undefined
      ? []
      : [
          `operator  ${detail.email}`,
          `password  ${detail.password}`,
          '          shown this once; it has to be changed at the first sign-in, in the console or by `npx cardea login`',
        ]),
    '',
    existsSync(profile)
      ? 'This machine is signed in. Try:'
      : 'This machine is signed out: run `npx cardea login` first. Then try:',
    ...tryThese.map((command) => `  npx cardea ${command}`),
    '',
    'Ctrl-C ends everything.',
    '',
  ];
  return { document: { ready: true, ...detail, data: dataDir, profile }, text: lines.join('\n') };
}
