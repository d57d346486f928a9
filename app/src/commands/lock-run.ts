import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CliError, type Commands, example, usage } from '@cardea/client-cli';
import { isSupervised, tellSupervisor, untilAskedToEnd } from '../lifetime.ts';
import { starting } from './actors.ts';

interface LockRunOptions {
  readonly data: string;
  readonly hub?: string;
  readonly identifier?: string;
  readonly maker: string;
}

const MAKERS = ['cardea', 'maker2'] as const;

/** `cardea lock run`: one virtual lock in a process of its own, on a hub's air. */
export function lockRunCommand({ lock, register }: Commands): void {
  register<[LockRunOptions]>(
    example(
      lock
        .command('run')
        .option('--data <dir>', 'data folder; its own part is DIR/lock', 'data')
        .option('--hub <file>', 'hub.json of the simulated air (DIR/twin/hub.json unless told)')
        .option('--identifier <mac>', 'which lock, 12 hex digits; made when it is new')
        .option('--maker <maker>', `of a new lock: ${MAKERS.join(' or ')}`, 'cardea')
        .description('run one virtual lock; its manifest can be imported with `cardea lock add`'),
      'lock run',
      'lock run --data /tmp/hotel --identifier C0FFEE000001',
    ),
    async (context, options) => {
      const maker = MAKERS.find((one) => one === options.maker);
      if (maker === undefined)
        throw usage(`--maker is ${JSON.stringify(options.maker)}`, `it must be ${MAKERS.join(' or ')}`);
      const dataDir = resolve(context.io.cwd, options.data);
      const identifier = chooseIdentifier(join(dataDir, 'lock'), options.identifier);
      const folder = join(dataDir, 'lock', identifier);
      const [{ runLockProcess }, { caseLabelOf, loadSingleLock }] = await Promise.all([
        import('@cardea/lock'),
        import('@cardea/twin-building'),
      ]);
      // Ctrl-C while it starts ends it too.
      const asked = untilAskedToEnd(context.io);
      const [identity, running] = await starting(async () => {
        const own = await loadSingleLock(folder, join(dataDir, 'twin'), { identifier, maker }, Date.now());
        const hubFile =
          options.hub === undefined ? join(dataDir, 'twin', 'hub.json') : resolve(context.io.cwd, options.hub);
        return [own, await runLockProcess({ hubFile, identity: own, flashFile: join(folder, 'flash') })] as const;
      });
      const manifest = join(folder, `manifest-${identity.maker}.json`);
      const label = caseLabelOf(identity);
      const detail = { ...label, maker: identity.maker, manifest };
      // What the label says goes to the person at the terminal, never through a supervisor.
      if (isSupervised()) tellSupervisor({ kind: 'ready', detail: { identifier, maker: identity.maker, manifest } });
      else {
        context.print({ ready: true, ...detail }, () =>
          [
            'ready',
            `lock      ${identifier} (${identity.maker})`,
            `label     code        ${label.printed_code ?? 'none'}`,
            `          serial key  ${label.serial_key ?? 'none'}`,
            `          QR code     ${label.qr}`,
            `manifest  ${manifest}`,
            '',
            `Take it in with: cardea lock add ${manifest}`,
            '',
          ].join('\n'),
        );
      }
      const gone = await Promise.race([asked.then(() => undefined), running.hubGone]);
      await running.stop();
      if (gone !== undefined) {
        throw new CliError('failed', `the hub is gone (${gone})`, { remedy: 'run it again when the building runs' });
      }
      return 0;
    },
  );
}

/** The lock that is named; else the only one in `folder`; else a new one with a locally administered address. */
function chooseIdentifier(folder: string, given: string | undefined): string {
  if (given !== undefined) {
    const identifier = given.replace(/[:-]/g, '').toUpperCase();
    if (!/^[0-9A-F]{12}$/.test(identifier))
      throw usage(`--identifier is ${JSON.stringify(given)}`, 'it must be 12 hex digits, such as C0FFEE000001');
    return identifier;
  }
  const known = existsSync(folder) ? readdirSync(folder).filter((name) => /^[0-9A-F]{12}$/.test(name)) : [];
  if (known.length > 1) throw usage(`${folder} holds ${known.join(', ')}`, 'say which with --identifier');
  const drawn = crypto.getRandomValues(new Uint8Array(5));
  return known[0] ?? `C2${Buffer.from(drawn).toString('hex').toUpperCase()}`;
}
