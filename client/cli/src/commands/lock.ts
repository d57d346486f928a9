import type { Client } from '@cardea/client-sdk';
import type { Lock } from '@cardea/wire-api';
import type { Command } from 'commander';
import { all } from '../all.ts';
import { exitCodeOf, followAttempt } from '../attempt.ts';
import type { Context, Register } from '../context.ts';
import { CliError, EXIT, usage } from '../errors.ts';
import { example } from '../help.ts';
import { readJsonFile } from '../json-file.ts';
import { chainLines, proofLines } from '../lock-chain.ts';
import { clockLine, modeLine, provedLine } from '../lock-state.ts';
import { describeOutcome } from '../outcome.ts';
import { fields, plain, table } from '../output/table.ts';
import { ago } from '../output/time.ts';
import { proveChain, serialKeyOf } from '../prove-chain.ts';
import { findDoor, findLock, lockIdentifier } from '../resolve.ts';
import { type OperateOptions, operate, progress, withTtl } from './operate.ts';

/** `cardea lock DOOR`, and `cardea lock list|show|add|remove|enrol|chain|set-time`. */
export function lockCommands(program: Command, register: Register): Command {
  const lock = withTtl(program.command('lock').argument('[door]', 'name or id of the door to lock'));
  lock.usage('<door> [options] | <command>').description('lock a door; or, by a command, look after locks');
  example(lock, 'lock 101', 'lock list', 'lock enrol 101 --lock C0FFEE000001').addHelpText(
    'after',
    '\nA door whose name is one of the commands above is locked by its id.',
  );
  register<[string | undefined, OperateOptions]>(lock, (context, door, options) => {
    if (door === undefined)
      throw usage('neither a door nor a command is named', 'run `cardea lock DOOR`, or see `cardea lock --help`');
    return operate(context, 'lock', door, options);
  });

  register(
    example(lock.command('list').description('list locks with what is last known of them'), 'lock list'),
    async (context) => {
      const api = context.api();
      const [locks, doors] = await Promise.all([all(api.locks.list()), all(api.doors.list())]);
      const names = new Map(doors.map((door) => [door.id, door.name]));
      context.print({ items: locks }, () =>
        table(
          ['LOCK', 'DOOR', 'MAKER', 'SUITE', 'STATE', 'BOLT', 'BATTERY', 'PROVED'],
          locks.map((one) => [
            one.identifier,
            plain(one.door_id === null ? 'none' : (names.get(one.door_id) ?? one.door_id)),
            plain(one.maker),
            one.suite,
            one.state,
            one.report?.bolt ?? 'unknown',
            one.report === null ? '' : `${one.report.battery_percent} %`,
            ago(one.report?.proved_at, Date.now()) + (one.stale ? ` (stale: ${one.stale_reason})` : ''),
          ]),
        ),
      );
    },
  );

  register<[string]>(
    example(
      lock
        .command('show')
        .argument('<lock>', 'identifier, id, or the name of its door')
        .description('show a lock with what is last known of it'),
      'lock show C0FFEE000001',
      'lock show 101',
    ),
    async (context, given) => {
      const one = await findLock(context.api(), given);
      const { report } = one;
      context.print(one, () =>
        fields([
          ['lock', one.identifier],
          ['maker', `${plain(one.maker)} ${plain(one.model)}, Bluetooth ${one.bluetooth}`],
          ['suite', one.suite === 'legacy' ? 'legacy: weak, see docs/threat-model.md' : one.suite],
          ['state', one.state],
          ['door', one.door_id ?? 'none'],
          ['gateway', one.gateway_id ?? 'none reaches it now'],
          ['proved', provedLine(one, Date.now())],
          ...(report === null
            ? []
            : ([
                ['bolt', report.bolt],
                ['sensor', report.door],
                ['battery', `${report.battery_percent} %`],
                ['tamper', report.tamper ? 'yes' : 'no'],
                ['privacy', report.privacy ? 'on' : 'off'],
                ['clock', clockLine(report)],
              ] as const)),
          ['mode', modeLine(one)],
          ['id', one.id],
        ]),
      );
    },
  );

  register<[string]>(
    example(
      lock
        .command('add')
        .argument('<manifest>', "file with a maker's signed manifest")
        .description("take in a maker's manifest of locks; all of it or nothing"),
      'lock add manifest.json',
    ),
    async (context, file) => {
      const body = readJsonFile(context.io, file);
      const answer = await context.api().locks.importManifest(body);
      context.print(answer, () => `${answer.added} locks added, ${answer.known} were known\n`);
    },
  );

  register<[string, { lock: string }]>(
    example(
      lock
        .command('enrol')
        .argument('<door>', 'name or id of a door without a lock')
        .requiredOption('--lock <identifier>', "the lock's MAC address, 12 hex digits")
        .description('bind a lock to a door; somebody presses the button at the lock meanwhile'),
      'lock enrol 101 --lock C0FFEE000001',
    ),
    async (context, given, options) => {
      const identifier = lockIdentifier(options.lock);
      if (identifier === undefined)
        throw usage(`--lock is ${JSON.stringify(options.lock)}`, 'it must be 12 hex digits, such as C0FFEE000001');
      const api = context.api();
      const door = await findDoor(api, given);
      const started = await api.doors.enrol(door.id, identifier);
      if (!context.json) {
        context.io.err(
          `press the button at the lock ${identifier} (or enter its printed code) within its binding window\n`,
        );
      }
      const attempt = await followAttempt(context, api, started, () => 'waiting for the button at the lock ...');
      context.print(attempt, () => describeOutcome(attempt, door.name, context.io.colors));
      return exitCodeOf(attempt);
    },
  );

  register<[string, { force?: boolean; yes?: boolean }]>(
    example(
      lock
        .command('remove')
        .argument('<lock>', 'identifier, id, or the name of its door')
        .option(
          '--force',
          'withdraw a lock that does not answer, without asking it; to enrol it again, reset it at the lock',
        )
        .option('--yes', 'with --force: do not ask whether you are sure')
        .description('return a lock to its factory state and take it from its door'),
      'lock remove 101',
      'lock remove 101 --force',
    ),
    async (context, given, options) => {
      const api = context.api();
      const one = await findLock(api, given);
      if (options.force === true) return withdraw(context, api, one, options.yes === true);
      const started = await api.locks.remove(one.id);
      const attempt = await followAttempt(context, api, started, progress);
      context.print(attempt, () => describeOutcome(attempt, one.identifier, context.io.colors));
      return exitCodeOf(attempt);
    },
  );

  register<[string, { manifest?: string }]>(
    example(
      lock
        .command('chain')
        .argument('<lock>', 'identifier, id, or the name of its door')
        .option(
          '--manifest <file>',
          "the maker's manifest: checks the head and the events here, whatever the server says",
        )
        .description("show how far a lock's events are verified against what it has signed, and what is missing"),
      'lock chain 101',
      'lock chain 101 --manifest manifest.json',
    ),
    async (context, given, { manifest }) => {
      const api = context.api();
      const one = await findLock(api, given);
      const chain = await api.locks.chain(one.id);
      if (manifest === undefined) {
        context.print(chain, () => chainLines(one.identifier, chain, Date.now()));
        return;
      }
      const key = await serialKeyOf(manifest, readJsonFile(context.io, manifest), one);
      if (chain.head === null)
        throw new CliError('refused', 'the lock has signed no head yet', { remedy: 'ask again after its next poll' });
      const { head } = chain;
      const prove = async (query: { door_id?: string }) =>
        proveChain(one, head, key, await all(api.events.list(query)));
      // Its door's events are few; what the lock told before it had a door is among all events.
      const ofDoor = one.door_id === null ? undefined : await prove({ door_id: one.door_id });
      const proof = ofDoor === undefined || ofDoor.events === 'incomplete' ? await prove({}) : ofDoor;
      context.print({ ...chain, proof }, () => chainLines(one.identifier, chain, Date.now()) + proofLines(proof));
      return proof.signature === 'wrong' || proof.events === 'differ' ? EXIT.failed : EXIT.succeeded;
    },
  );

  register<[string, { stepBack?: boolean }]>(
    example(
      lock
        .command('set-time')
        .argument('<lock>', 'identifier, id, or the name of its door')
        .option('--step-back', 'confirm that the clock may be set back by more than 60 s')
        .description("set a lock's clock by the server's"),
      'lock set-time 101 --step-back',
    ),
    async (context, given, options) => {
      const api = context.api();
      const one = await findLock(api, given);
      const started = await api.locks.setTime(one.id, options.stepBack === true);
      const attempt = await followAttempt(context, api, started, progress);
      context.print(attempt, () => describeOutcome(attempt, given, context.io.colors));
      return exitCodeOf(attempt);
    },
  );
  return lock;
}

/** Withdraws a lock without asking it, once the person has named it again. */
async function withdraw(context: Context, api: Client, one: Lock, sure: boolean): Promise<number> {
  if (!sure) {
    if (!context.io.typed) throw usage('--force asks before it withdraws a lock', 'without a terminal, add --yes');
    context.io.err(
      `${one.identifier} is not asked: it keeps its key, and opens for it, until it is reset at the lock.\n` +
        'After that it can be enrolled again.\n',
    );
    const answer = await context.io.line('Type its identifier to withdraw it: ');
    if (lockIdentifier(answer?.trim() ?? '') !== one.identifier)
      throw usage('nothing was done', 'that is not the lock');
  }
  const attempt = await api.locks.remove(one.id, { force: true });
  context.print(
    attempt,
    () => `${one.identifier} is withdrawn; the lock itself still holds its key: reset it at the lock\n`,
  );
  return EXIT.succeeded;
}
