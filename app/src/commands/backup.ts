import { resolve } from 'node:path';
import { CliError, type Commands, type Context, example, fields, usage } from '@cardea/client-cli';
import type { Secret } from '@cardea/kit-runtime';
import type { ServerError } from '@cardea/server-main';
import { readSecret } from '../secret-file.ts';

interface OpeningFlags {
  readonly passphraseFile?: string;
  readonly envelopeKey?: string;
}

interface BackupFlags extends OpeningFlags {
  readonly data: string;
  readonly withoutKeys?: boolean;
  readonly keep?: string;
}

interface RestoreFlags extends OpeningFlags {
  readonly data: string;
  readonly force?: boolean;
}

/** `cardea backup`, `backup verify`, `restore` and `upgrade`: what is done to a whole data folder, by its owner. */
export function backupCommands({ program, register }: Commands): void {
  const backup = program.command('backup');
  register<[string, BackupFlags]>(
    example(
      backup
        .argument('<file>', 'file to write, or a folder in which it gets a name with its time')
        .option('--data <dir>', 'data folder', 'data')
        .option('--passphrase-file <file>', 'file (mode 0600) with the passphrase; asked for without it')
        .option('--without-keys', 'leave the envelope key out: it must be kept apart, and opens the backup')
        .option('--keep <number>', 'in a folder: keep so many of the newest backups, remove the others')
        .description("back up the server's record, configuration, certificates and keys, while it runs or not"),
      'backup /mnt/backups --keep 14 --passphrase-file /etc/cardea/backup.pass',
      'backup hotel.cardea-backup --without-keys',
    ),
    (context, file, flags) => backUp(context, file, flags),
  );
  register<[string, OpeningFlags]>(
    example(
      backup
        .command('verify')
        .argument('<file>', 'backup')
        .option('--envelope-key <file>', 'for a backup without keys: the envelope.key that was kept apart')
        .description('read every octet of a backup: that it opens, is whole, and holds a sound record'),
      'backup verify hotel.cardea-backup',
    ),
    async (context, file) => {
      // What `backup` takes as well stands there, wherever it was written.
      const flags = { ...backup.opts<BackupFlags>(), ...verifyFlags(backup) };
      const { verifyBackup } = await import('@cardea/server-main');
      const read = await told(() => verifyBackup(opening(context, resolve(context.io.cwd, file), flags)));
      context.print({ whole: true, ...describe(read) }, () => `whole\n${table(describe(read))}`);
      return 0;
    },
  );
  register<[string, RestoreFlags]>(
    example(
      program
        .command('restore')
        .argument('<file>', 'backup')
        .option('--data <dir>', 'data folder, whose server must be stopped', 'data')
        .option('--force', "move the server's folder that is there aside (it is kept)")
        .option('--passphrase-file <file>', 'file (mode 0600) with the passphrase; asked for without it')
        .option('--envelope-key <file>', 'for a backup without keys: the envelope.key that was kept apart')
        .description("lay a backup in the place of the server's folder; sessions and API tokens end"),
      'restore /mnt/backups/cardea-20260105T080000Z.cardea-backup --data data --force',
    ),
    async (context, file, flags) => {
      const { restoreBackup } = await import('@cardea/server-main');
      const dataDir = resolve(context.io.cwd, flags.data);
      const done = await told(() =>
        restoreBackup({
          ...opening(context, resolve(context.io.cwd, file), flags),
          dataDir,
          force: flags.force === true,
        }),
      );
      const document = { ...describe(done), data: dataDir, moved_aside: done.movedAside ?? null };
      context.print(document, () => `restored\n${table(document)}${AFTERWARDS}`);
      return 0;
    },
  );
  upgradeCommand(program, register);
}

const AFTERWARDS = [
  'At its next start the server withdraws all sessions, API tokens and enrolment tokens, and shows each lock as stale',
  'until it has proved its state again. Passwords are those of the backup.',
  '',
].join('\n');

function upgradeCommand(program: Commands['program'], register: Commands['register']): void {
  register<[{ readonly data: string; readonly back?: boolean }]>(
    example(
      program
        .command('upgrade')
        .option('--data <dir>', 'data folder, whose server must be stopped', 'data')
        .option('--back', 'go back to the backup that was kept before the last upgrade')
        .description("bring the server's record up to date now (a start does it too), or take that back"),
      'upgrade --data /var/lib/cardea',
      'upgrade --back --data /var/lib/cardea',
    ),
    async (context, { data, back }) => {
      const { upgradeRecord, undoUpgrade } = await import('@cardea/server-main');
      const dataDir = resolve(context.io.cwd, data);
      if (back === true) {
        const done = await told(() => undoUpgrade(dataDir));
        const document = { ...describe(done), moved_aside: done.movedAside ?? null };
        context.print(
          document,
          () => `went back\n${table(document)}Now start cardea ${done.header.program}.\n${AFTERWARDS}`,
        );
        return 0;
      }
      const { from, to } = await told(() => upgradeRecord(dataDir));
      context.print({ from, to }, () =>
        from === to
          ? `up to date (schema ${to})\n`
          : `schema ${from} -> ${to}; \`cardea upgrade --back\` takes it back\n`,
      );
      return 0;
    },
  );
}

async function backUp(context: Context, file: string, flags: BackupFlags): Promise<number> {
  const { createBackup, passphraseProblem } = await import('@cardea/server-main');
  const keep = flags.keep === undefined ? undefined : Number(flags.keep);
  if (keep !== undefined && (!Number.isSafeInteger(keep) || keep < 1)) {
    throw usage(`--keep is ${JSON.stringify(flags.keep)}`, 'it must be a whole number from 1 on');
  }
  if (flags.withoutKeys === true && flags.passphraseFile !== undefined) {
    throw usage('--without-keys takes no passphrase', 'the envelope key that stays out opens the backup');
  }
  let passphrase: Secret<string> | undefined;
  if (flags.withoutKeys !== true) {
    passphrase = await readPassphrase(context, flags, true);
    const problem = passphraseProblem(passphrase.reveal());
    if (problem !== undefined) throw usage(problem, 'four words or more are good, or --without-keys');
  }
  const dataDir = resolve(context.io.cwd, flags.data);
  const made = await told(() => createBackup({ dataDir, target: resolve(context.io.cwd, file), passphrase, keep }));
  const document = {
    file: made.file,
    id: made.id,
    made_at: new Date(made.madeAtMs).toISOString(),
    schema: made.schema,
    size: made.sizeOctets,
    while_running: made.live,
    with_keys: made.keys,
    parts: made.parts.map(({ name, sizeOctets, sha256 }) => ({ name, size: sizeOctets, sha256 })),
    left_out: made.leftOut,
    removed: made.removed,
  };
  const { parts, left_out, removed, ...plain } = document;
  context.print(document, () =>
    [
      `backed up\n${table({ ...plain, parts: parts.map(({ name }) => name).join(', ') })}`,
      ...(left_out.length === 0 ? [] : [`left out  ${left_out.join(', ')} (names that no backup takes)\n`]),
      ...removed.map((name) => `removed   ${name}\n`),
      ...(made.keys ? [] : ['Keep ras/envelope.key apart: without it this backup opens nothing.\n']),
    ].join(''),
  );
  return 0;
}

function opening(context: Context, file: string, flags: OpeningFlags) {
  return {
    file,
    passphrase: () => readPassphrase(context, flags, false),
    envelopeKeyFile: flags.envelopeKey === undefined ? undefined : resolve(context.io.cwd, flags.envelopeKey),
  };
}

function readPassphrase(context: Context, { passphraseFile }: OpeningFlags, fresh: boolean): Promise<Secret<string>> {
  return readSecret(context, {
    name: 'passphrase',
    option: '--passphrase-file',
    file: passphraseFile,
    prompt: 'Passphrase of the backup: ',
    fresh,
  });
}

function verifyFlags(backup: Commands['program']): OpeningFlags {
  return backup.commands.find((command) => command.name() === 'verify')?.opts<OpeningFlags>() ?? {};
}

interface Described {
  readonly header: { readonly madeAtMs: number; readonly program: string; readonly schema: number };
  readonly manifest: {
    readonly id: string;
    readonly keys: boolean;
    readonly parts: readonly { readonly name: string }[];
  };
}

function describe({ header, manifest }: Described) {
  return {
    id: manifest.id,
    made_at: new Date(header.madeAtMs).toISOString(),
    program: header.program,
    schema: header.schema,
    with_keys: manifest.keys,
    parts: manifest.parts.map(({ name }) => name),
  };
}

const table = (document: Readonly<Record<string, unknown>>): string =>
  fields(
    Object.entries(document).map(([name, value]): [string, string] => [
      name.replaceAll('_', ' '),
      Array.isArray(value) ? value.join(', ') : String(value ?? '-'),
    ]),
  );

/** What the server's own code refuses is one line for a shell: bad files and folders are refused, not faults of ours. */
async function told<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ServerError') throw error;
    const { remedy } = error as ServerError;
    const message = error.message.endsWith(remedy) ? error.message.slice(0, -remedy.length - 2) : error.message;
    throw new CliError('refused', message, { remedy, cause: error });
  }
}
