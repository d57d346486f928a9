import { dirname, join, resolve } from 'node:path';
import {
  type DoorKey,
  enrolPhone,
  fetchKeys,
  handIn,
  localWay,
  type Opening,
  type Phone,
  type ProviderLockKey,
  providerWay,
  radioWay,
  usableUntilS,
  type Way,
} from '@cardea/client-key';
import { ApiProblem } from '@cardea/client-sdk';
import { connectTcp, nodeDh, nodePrimitives, systemClock, systemRandom } from '@cardea/kit-node';
import type { OfflineOperation } from '@cardea/wire-profile';
import type { Command } from 'commander';
import type { Context, Register } from '../context.ts';
import { CliError, EXIT, usage } from '../errors.ts';
import { example } from '../help.ts';
import { hubFileOf, onAir } from '../hub.ts';
import { fields, plain, table } from '../output/table.ts';
import { ago } from '../output/time.ts';
import { describeOpening, openingDocument } from '../phone/opening.ts';
import { makePhone, type PhoneFolder, readPhone } from '../phone/phone-folder.ts';
import { providerStore, readProviderFile } from '../phone/provider-file.ts';
import { findPerson } from '../resolve.ts';
import { socketAddress } from '../socket-address.ts';

interface PhoneOptions {
  /** Its folder. */
  readonly phone?: string;
}

interface NewOptions extends PhoneOptions {
  readonly name?: string;
  readonly card?: boolean;
  readonly person?: string;
}

interface OpenOptions extends PhoneOptions {
  readonly offline?: boolean;
  readonly lock?: boolean;
  readonly override?: boolean;
  readonly hub?: string;
  readonly provider?: string;
}

/** `cardea phone new|keys|open|receipts`: a phone (or card) of the simulation, in a folder of its own. */
export function phoneCommands(program: Command, register: Register): Command {
  const phone = program.command('phone').description('phones and cards, and the keys in them');
  register<[NewOptions]>(
    example(
      withFolder(phone.command('new'))
        .option('--name <name>', 'what it is called in lists', 'Phone')
        .option('--card', 'a card instead of a phone')
        .option('--person <person>', 'for whom, e-mail address, id or name; yourself unless told')
        .description(
          'make a phone of the simulation: its private key stays in its folder, the server gets the public one',
        ),
      'phone new',
      'phone new --card --name "Card 12" --person guest@hotel.example --phone card-12',
    ),
    create,
  );
  register<[PhoneOptions & { offline?: boolean }]>(
    example(
      withFolder(phone.command('keys'))
        .option('--offline', 'show what it has, without asking the server')
        .description('fetch the keys of the phone anew, and show until when each opens without the server'),
      'phone keys',
    ),
    keys,
  );
  register<[string, OpenOptions]>(
    example(
      withFolder(phone.command('open').argument('<door>', 'name or id'))
        .option('--offline', 'do not even try to reach the server')
        .option('--lock', 'lock it instead')
        .option('--override', 'open it although privacy is on, with a key that may')
        .option('--hub <file>', 'hub.json of the simulated air (beside the profile unless told)')
        .option('--provider <file>', 'inside SCPM, by the key of a service provider: what `domain provider add` wrote')
        .description('hold the phone to a door: its lock decides, whether or not the server is there'),
      'phone open 101 --offline',
    ),
    open,
  );
  register<[PhoneOptions]>(
    example(
      withFolder(phone.command('receipts')).description('hand in what locks have given the phone for the server'),
      'phone receipts',
    ),
    receipts,
  );
  return phone;
}

function withFolder(command: Command): Command {
  return command.option('--phone <folder>', 'of the phone (phone, beside the profile, unless told)');
}

/** The folder that is meant. */
export function phoneFolderOf(context: Context, given: string | undefined): string {
  return given === undefined ? join(dirname(context.profilePath), 'phone') : resolve(context.io.cwd, given);
}

async function create(context: Context, options: NewOptions): Promise<undefined> {
  const folder = phoneFolderOf(context, options.phone);
  const kind = options.card === true ? 'card' : 'phone';
  const api = context.api();
  const personId = options.person === undefined ? undefined : (await findPerson(api, options.person)).id;
  const made = await makePhone(folder, kind);
  const phone = await made.open();
  const phoneId = await enrolPhone(api, made.key, phone, { kind, name: options.name ?? 'Phone', personId });
  context.print({ id: phoneId, kind, folder }, () =>
    fields([
      [kind, phoneId],
      ['folder', `${folder} (its private key is in it: mode 0600)`],
    ]),
  );
  return undefined;
}

async function keys(context: Context, options: PhoneOptions & { offline?: boolean }): Promise<undefined> {
  const { phone } = await enrolledPhone(context, options);
  const without = options.offline === true ? [] : (await fetchKeys(context.api(), phone, phone.phoneId)).without;
  context.print(
    { phone_id: phone.phoneId, items: phone.keys.map(keyDocument), without, carried: phone.carried.length },
    () => {
      const nowMs = Date.now();
      const rows = [...phone.keys]
        .sort((a, b) => a.doorName.localeCompare(b.doorName, 'en', { numeric: true }))
        .map((key) => [
          plain(key.doorName),
          key.operations.join(', '),
          ago(new Date(1_000 * usableUntilS(key)).toISOString(), nowMs),
          key.identifier,
        ]);
      const none = without.map(({ door_id, reason }) => `no key for ${door_id}: ${reason.replaceAll('_', ' ')}\n`);
      const shown = rows.length === 0 ? 'no key\n' : table(['DOOR', 'MAY', 'ENDS OFFLINE', 'LOCK'], rows);
      return shown + none.join('') + carriedLine(phone);
    },
  );
  return undefined;
}

async function open(context: Context, door: string, options: OpenOptions): Promise<number> {
  if (options.lock === true && options.override === true) throw usage('--lock and --override', 'only one of them');
  const operation: OfflineOperation =
    options.override === true ? 'override' : options.lock === true ? 'lock' : 'unlock';
  const provider =
    options.provider === undefined ? undefined : readProviderFile(resolve(context.io.cwd, options.provider));
  const { phone: kept, own } = await enrolledPhone(context, options);
  const api = options.offline === true ? undefined : context.api();
  const reached = api !== undefined && (await reaches(context, () => fetchKeys(api, kept, kept.phoneId)));
  return onAir(hubFileOf(context, options.hub), `phone of ${kept.phoneId}`.slice(0, 64), async (air) => {
    const direct = radioWay({ radio: air.radio, clock: systemClock(), primitives: nodePrimitives });
    const phone = await own.open(provider === undefined ? direct : asProvider(direct, provider, own.folder));
    const opening = await phone.tap(door, operation);
    if (reached && api !== undefined) await reaches(context, () => handIn(api, phone));
    return tellOpening(context, { door, operation, opening, carried: phone.carried.length });
  });
}

/** The same way, inside SCPM under a service provider's key. */
function asProvider(way: Way, keys: readonly ProviderLockKey[], folder: string): Way {
  const hands = { primitives: nodePrimitives, clock: systemClock(), random: systemRandom, dh: nodeDh };
  return providerWay({ way, keys, ...hands, store: providerStore(folder) });
}

/**
 * `unlock DOOR --local GATEWAY`: presents the phone's key through the local endpoint of a gateway. The server has no part
 * in it. @throws CliError `usage`, `refused`
 */
export async function unlockLocally(
  context: Context,
  door: string,
  options: PhoneOptions & { readonly local: string },
): Promise<number> {
  const { host, port } = socketAddress('--local', options.local, '192.168.1.10:4711');
  const { own } = await enrolledPhone(context, options);
  const phone = await own.open(localWay({ open: () => connectTcp(host, port), clock: systemClock() }));
  const opening = await phone.tap(door, 'unlock');
  return tellOpening(context, { door, operation: 'unlock', opening, carried: phone.carried.length });
}

function tellOpening(
  context: Context,
  told: {
    readonly door: string;
    readonly operation: OfflineOperation;
    readonly opening: Opening;
    /** Receipts that wait for the server. */
    readonly carried: number;
  },
): number {
  const { door, operation, opening, carried } = told;
  context.print({ ...openingDocument(door, operation, opening), carried }, () =>
    describeOpening(door, operation, opening, context.io.colors),
  );
  return exitOf(opening);
}

async function receipts(context: Context, options: PhoneOptions): Promise<undefined> {
  const { phone } = await enrolledPhone(context, options);
  const results = await handIn(context.api(), phone);
  const items = results.map(({ identifier, result }) => ({ lock_identifier: identifier, result }));
  context.print({ items }, () =>
    items.length === 0
      ? 'nothing to hand in\n'
      : items.map(({ lock_identifier, result }) => `${lock_identifier}: ${result.replaceAll('_', ' ')}\n`).join(''),
  );
  return undefined;
}

/** Whether the server could be asked: a phone goes on with what it has. What it refuses is not hidden. */
async function reaches(context: Context, ask: () => Promise<unknown>): Promise<boolean> {
  try {
    await ask();
    return true;
  } catch (error) {
    if (!(error instanceof ApiProblem && (error.code === 'unreachable' || error.code === 'unavailable'))) throw error;
    context.io.err('the server cannot be reached; the phone uses the keys that it has\n');
    return false;
  }
}

interface Enrolled {
  readonly own: PhoneFolder;
  readonly phone: Phone & { readonly phoneId: string };
}

async function enrolledPhone(context: Context, options: PhoneOptions): Promise<Enrolled> {
  const folder = phoneFolderOf(context, options.phone);
  const own = readPhone(folder);
  const phone = await own.open();
  if (!isEnrolled(phone)) {
    throw new CliError('refused', `the server does not know the phone in ${folder}`, {
      remedy: 'remove the folder and make a new one with `cardea phone new`',
    });
  }
  return { own, phone };
}

function isEnrolled(phone: Phone): phone is Phone & { readonly phoneId: string } {
  return phone.phoneId !== undefined;
}

/** 0 the lock did it; 3 no key; 4 the lock or the way to it said no; 5 nobody knows. */
function exitOf(opening: Opening): number {
  if (opening.kind === 'answered') return opening.receipt.result === 'done' ? EXIT.succeeded : EXIT.failed;
  if (opening.kind === 'no_key') return EXIT.refused;
  return opening.kind === 'refused' && opening.reason === 'unknown_outcome' ? EXIT.expired : EXIT.failed;
}

/** What may be shown of a key: nothing that is secret. */
function keyDocument(key: DoorKey): Readonly<Record<string, unknown>> {
  const time = (seconds: number): string => new Date(1_000 * seconds).toISOString();
  return {
    door_id: key.doorId,
    door: key.doorName,
    lock_identifier: key.identifier,
    grant_id: key.grantId,
    operations: key.operations,
    not_before: time(key.notBeforeS),
    usable_until: time(usableUntilS(key)),
  };
}

function carriedLine({ carried }: Phone): string {
  if (carried.length === 0) return '';
  const what = carried.length === 1 ? '1 receipt of a lock waits' : `${carried.length} receipts of locks wait`;
  return `${what}: hand in with \`cardea phone receipts\`\n`;
}
