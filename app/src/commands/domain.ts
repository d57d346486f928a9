import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { CliError, type Commands, type Context, durationS, example, plain, usage } from '@cardea/client-cli';
import type { DomainErrorCode, DomainView } from '@cardea/gateway';
import type { Secret } from '@cardea/kit-runtime';
import { describeDomain } from '../domain-text.ts';
import { readSecret } from '../secret-file.ts';

interface DomainFlags {
  readonly data: string;
}

interface ChangeFlags extends DomainFlags {
  readonly pinFile?: string;
}

interface CreateFlags extends ChangeFlags {
  readonly scpmProfile: string;
  readonly algorithm?: string;
  readonly group: string;
  readonly rotateEvery: string;
}

interface ProviderFlags extends ChangeFlags {
  readonly locks: string;
  readonly wait: string;
  readonly out?: string;
}

interface BackupFlags extends ChangeFlags {
  readonly passphraseFile?: string;
}

type Group = Commands['program'];
type Register = Commands['register'];

/** `cardea domain`: the domain of a gateway's SCPM, by its supervisor at the gateway's own machine. */
export function domainCommands({ program, register }: Commands): void {
  const domain = program
    .command('domain')
    .description("the secure frames (SCPM) between this machine's gateway and its locks: keys, rotation, providers");
  createCommand(domain, register);
  statusCommand(domain, register);
  memberCommands(domain, register);
  rotateCommand(domain, register);
  providerCommands(domain, register);
  backupCommands(domain, register);
}

/** A subcommand with the options that all have; `changes`: it asks for the PIN. */
function subcommand(parent: Group, name: string, changes: boolean): Group {
  const command = parent.command(name).option('--data <dir>', 'data folder; the gateway is in DIR/gateway', 'data');
  return changes
    ? command.option('--pin-file <file>', "file (mode 0600) with the supervisor's PIN; asked for without it")
    : command;
}

function createCommand(domain: Group, register: Register): void {
  register<[CreateFlags]>(
    example(
      subcommand(domain, 'create', true)
        .option('--scpm-profile <profile>', 'hardened, or standard: the text as it stands, WEAK', 'hardened')
        .option('--algorithm <algorithm>', 'preferred where a lock has it: ccm or cbc')
        .option('--group <group>', 'of Diffie-Hellman: p256, modp2048, or (standard) modp1536', 'p256')
        .option('--rotate-every <duration>', 'a new key for every lock after so long; 0: by hand only', '90d')
        .description("make the gateway the key setting node of a new domain, under a supervisor's PIN"),
      'domain create',
      'domain create --rotate-every 30d --pin-file /etc/cardea/domain.pin',
    ),
    async (context, flags) => {
      const { scpmProfile: profile, group } = flags;
      const algorithm = flags.algorithm ?? (profile === 'standard' ? 'cbc' : 'ccm');
      const rotateEveryS = flags.rotateEvery === '0' ? 0 : durationS('--rotate-every', flags.rotateEvery);
      if (profile !== 'hardened' && profile !== 'standard') {
        throw usage(`--scpm-profile is ${JSON.stringify(profile)}`, 'it must be hardened or standard');
      }
      if (algorithm !== 'ccm' && algorithm !== 'cbc') {
        throw usage(`--algorithm is ${JSON.stringify(algorithm)}`, 'it must be ccm or cbc');
      }
      const pin = await readPin(context, flags, true);
      const choice = { profile, algorithm, group, rotate_every_s: rotateEveryS, pin: pin.reveal() };
      const made = await ask<{ serial_key: string; domain: DomainView }>(context, flags, 'create', choice);
      context.print(made, () =>
        [
          'created\n',
          describeDomain(made.domain, context.io.colors),
          `\nserial key of this node  ${made.serial_key}  (keep it with the PIN)\n`,
          ...(profile === 'standard' ? [context.io.colors.red(`${WEAK}\n`)] : []),
          'Locks join by themselves while they are in setting mode: for 30 minutes after power-on, or after their button.\n',
          'Keep a backup: cardea domain backup FILE\n',
        ].join(''),
      );
      return 0;
    },
  );
}

const WEAK =
  'The profile standard is WEAK: one key for all locks and for two uses; frames can be forged. For interoperability only.';

function statusCommand(domain: Group, register: Register): void {
  register<[DomainFlags]>(
    example(
      subcommand(domain, 'status', false).description(
        'show the domain: locks, versions of their keys, renewals and whom they wait for, troubles',
      ),
      'domain status',
      'domain status --data /var/lib/cardea --json',
    ),
    async (context, flags) => {
      const { domain: found } = await ask<{ domain: DomainView | null }>(context, flags, 'status', {});
      context.print({ domain: found }, () =>
        found === null
          ? 'no domain: locks are spoken to directly. `cardea domain create` makes one.\n'
          : describeDomain(found, context.io.colors),
      );
      return 0;
    },
  );
}

function memberCommands(domain: Group, register: Register): void {
  register<[string, ChangeFlags & { readonly serialKey?: string; readonly afterReset?: boolean }]>(
    example(
      subcommand(domain, 'join', true)
        .argument('<lock>', 'its identifier')
        .option('--serial-key <hex>', 'as on its case, 32 hex digits (told by the server unless given)')
        .option('--after-reset', 'the lock is in the domain, and was reset: forget its keys and begin anew')
        .description('bring a lock into the domain; it has to be in setting mode'),
      'domain join C0FFEE000001',
      'domain join C0FFEE000001 --serial-key 000102030405060708090a0b0c0d0e0f',
    ),
    async (context, given, flags) => {
      const serialKey = flags.serialKey?.replace(/[\s:-]/g, '');
      if (serialKey !== undefined && !/^[0-9A-Fa-f]{32}$/.test(serialKey)) {
        throw usage('--serial-key must be 32 hex digits', "as they stand on the lock's case");
      }
      const lock = lockOf(given);
      const key = serialKey === undefined ? {} : { serial_key: serialKey };
      const done = await change(context, flags, 'join', { lock, ...key, after_reset: flags.afterReset === true });
      context.print(done, () => `${lock} joins while it is in setting mode; see \`cardea domain status\`\n`);
      return 0;
    },
  );
  register<[string, ChangeFlags]>(
    example(
      subcommand(domain, 'remove', true)
        .argument('<lock>', 'its identifier')
        .description(
          'take a lock out, such as one that is gone: no renewal waits for it; it keeps its keys to its reset',
        ),
      'domain remove C0FFEE000001',
    ),
    async (context, given, flags) => {
      const lock = lockOf(given);
      const done = await change(context, flags, 'remove', { lock });
      context.print(done, () => `${lock} is out of the domain\n`);
      return 0;
    },
  );
}

function rotateCommand(domain: Group, register: Register): void {
  register<[ChangeFlags & { readonly provider?: string }]>(
    example(
      subcommand(domain, 'rotate', true)
        .option('--provider <provider>', "a service provider's key, by name or index, instead of the user key")
        .description('begin a new key for every lock; it comes into force once each has confirmed it'),
      'domain rotate',
      'domain rotate --provider "Lift company"',
    ),
    async (context, flags) => {
      const provider = flags.provider === undefined ? {} : { provider: flags.provider };
      const done = await change<{ begun: boolean; domain: DomainView }>(context, flags, 'rotate', provider);
      context.print(done, () =>
        [
          done.begun ? 'begun\n' : 'one is under way already\n',
          describeDomain(done.domain, context.io.colors),
          'A backup from before reaches no lock any more once this is over: make a new one then.\n',
        ].join(''),
      );
      return 0;
    },
  );
}

/** What a service provider's node needs of one domain. */
interface Handed {
  readonly provider: string;
  readonly key_index: number;
  readonly locks: readonly { readonly lock: string; readonly version: number }[];
  readonly pending: readonly string[];
}

function providerCommands(domain: Group, register: Register): void {
  const provider = domain
    .command('provider')
    .description('service providers: nodes with a key of their own, to some locks');
  register<[string, ProviderFlags]>(
    example(
      subcommand(provider, 'add', true)
        .argument('<name>', 'what it is called')
        .requiredOption('--locks <identifiers>', 'locks that it may reach, with commas between')
        .option('--out <file>', 'file to write (mode 0600) instead of showing the keys')
        .option('--wait <duration>', 'wait so long for the locks to take their keys', '60s')
        .description(
          "give a provider a key at these locks; shows, once, what its node needs: each lock's own key, never the domain's. " +
            'Again for more locks, or after a rotation of its key',
        ),
      'domain provider add "Lift company" --locks C0FFEE000001,C0FFEE000002 --out lift.json',
    ),
    async (context, name, flags) => {
      const locks = flags.locks.split(',').map((one) => lockOf(one.trim()));
      const waitS = durationS('--wait', flags.wait);
      const given = await change<Handed>(context, flags, 'provider-add', { name, locks, wait_s: waitS });
      const { out } = flags;
      if (out !== undefined) {
        await writeNew(resolve(context.io.cwd, out), `${JSON.stringify(given, null, 2)}\n`);
        const { key_index, pending } = given;
        const written = { provider: name, key_index, file: out, locks: given.locks.map(({ lock }) => lock), pending };
        context.print(written, () => handedText(given, `written to ${plain(out)}, for the provider's node alone`));
      } else {
        context.print(given, () =>
          handedText(given, `for the provider's node alone, shown this once:\n${JSON.stringify(given, null, 2)}`),
        );
      }
      return 0;
    },
  );
  register<[string, ChangeFlags]>(
    example(
      subcommand(provider, 'remove', true)
        .argument('<provider>', 'name or index')
        .description("take a provider's key back from every lock"),
      'domain provider remove "Lift company"',
    ),
    async (context, name, flags) => {
      const done = await change(context, flags, 'provider-remove', { name });
      context.print(done, () => `the key of ${plain(name)} is taken back from each lock as it is reached\n`);
      return 0;
    },
  );
}

function handedText({ provider, key_index, locks, pending }: Handed, where: string): string {
  const later = `not yet: ${pending.join(', ')}; run the same again when they have been reached\n`;
  return [
    `provider ${plain(provider)} has key index ${key_index}\n`,
    locks.length === 0
      ? 'nothing new to hand out\n'
      : `${locks.length} ${locks.length === 1 ? 'key' : 'keys'} ${where}\n`,
    ...(pending.length === 0 ? [] : [later]),
  ].join('');
}

function backupCommands(domain: Group, register: Register): void {
  const withPassphrase = (name: string): Group =>
    subcommand(domain, name, true)
      .argument('<file>', 'the backup')
      .option('--passphrase-file <file>', 'file (mode 0600) with the passphrase; asked for without it');
  register<[string, BackupFlags]>(
    example(
      withPassphrase('backup').description('write the domain to a new file, sealed by a passphrase'),
      'domain backup domain.cardea-domain',
    ),
    async (context, given, flags) => {
      const file = resolve(context.io.cwd, given);
      const pin = await readPin(context, flags, false);
      const passphrase = await readPassphrase(context, flags, true);
      const secrets = { pin: pin.reveal(), passphrase: passphrase.reveal() };
      const { backup } = await ask<{ backup: string }>(context, flags, 'backup', secrets);
      const octets = Buffer.from(backup, 'base64');
      await writeNew(file, octets);
      context.print(
        { file, size: octets.length },
        () => `backed up to ${plain(file)}; keep it apart from the passphrase\n`,
      );
      return 0;
    },
  );
  register<[string, BackupFlags]>(
    example(
      withPassphrase('restore').description(
        'lay a backup down in a gateway without a domain; every key is renewed then',
      ),
      'domain restore domain.cardea-domain',
    ),
    async (context, given, flags) => {
      const path = resolve(context.io.cwd, given);
      const octets = await readFile(path).catch(() => {
        throw usage(`${path} cannot be read`, 'name a backup that you can read');
      });
      const pin = await readPin(context, flags, false);
      const passphrase = await readPassphrase(context, flags, false);
      const done = await ask<{ domain: DomainView }>(context, flags, 'restore', {
        pin: pin.reveal(),
        passphrase: passphrase.reveal(),
        backup: octets.toString('base64'),
      });
      context.print(done, () => `restored\n${describeDomain(done.domain, context.io.colors)}${AFTERWARDS}`);
      return 0;
    },
  );
}

const AFTERWARDS = [
  'Every key is renewed as soon as the gateway runs. The gateway from which the backup came must never run again.',
  'A lock whose key was renewed after the backup is reset at the lock, and joined again.',
  '',
].join('\n');

/** @throws CliError `usage` */
function lockOf(given: string): string {
  const identifier = given.replace(/[:-]/g, '').toUpperCase();
  if (/^[0-9A-F]{12}$/.test(identifier)) return identifier;
  throw usage(`${JSON.stringify(given)} is no identifier of a lock`, 'it has 12 hex digits, such as C0FFEE000001');
}

/** Never over a file that is there: it may hold the only copy of something. */
async function writeNew(file: string, contents: string | Buffer): Promise<void> {
  try {
    await writeFile(file, contents, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EEXIST') throw usage(`${file} exists already`, 'name a new file');
    throw usage(`${file} cannot be written (${String(code)})`, 'name a file in a folder that you can write to');
  }
}

const readPin = (context: Context, { pinFile }: ChangeFlags, fresh: boolean): Promise<Secret<string>> =>
  readSecret(context, { name: 'PIN', option: '--pin-file', file: pinFile, prompt: "Supervisor's PIN: ", fresh });

const readPassphrase = (context: Context, { passphraseFile }: BackupFlags, fresh: boolean): Promise<Secret<string>> =>
  readSecret(context, {
    name: 'passphrase',
    option: '--passphrase-file',
    file: passphraseFile,
    prompt: 'Passphrase of the backup: ',
    fresh,
  });

/** Asks for a change, which takes the PIN. */
async function change<Answer extends object = { readonly domain: DomainView }>(
  context: Context,
  flags: ChangeFlags,
  command: string,
  fields: object,
): Promise<Answer> {
  const pin = await readPin(context, flags, false);
  return ask<Answer>(context, flags, command, { ...fields, pin: pin.reveal() });
}

async function ask<Answer extends object>(
  context: Context,
  { data }: DomainFlags,
  command: string,
  fields: object,
): Promise<Answer> {
  const { domainCommand } = await import('@cardea/gateway');
  try {
    const answer = await domainCommand(join(resolve(context.io.cwd, data), 'gateway'), { command, ...fields });
    // Both ends are of this program: the gateway answers each command in its own shape.
    return answer as Answer;
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error;
    const remedy = 'remedy' in error && typeof error.remedy === 'string' ? { remedy: error.remedy } : {};
    if (error.name === 'DomainError') {
      throw new CliError(EXITS[error.code as DomainErrorCode], error.message, { ...remedy, cause: error });
    }
    if (error.name === 'GatewayError' || error.name === 'EnvelopeError') {
      throw new CliError('failed', error.message, { cause: error });
    }
    throw error;
  }
}

const EXITS: Readonly<Record<DomainErrorCode, 'usage' | 'refused' | 'failed'>> = {
  invalid: 'usage',
  none: 'refused',
  exists: 'refused',
  pin: 'refused',
  wait: 'refused',
  unknown: 'refused',
  busy: 'refused',
  offline: 'failed',
  damaged: 'failed',
};
