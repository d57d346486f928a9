import { ApiProblem, type Client } from '@cardea/client-sdk';
import type { Attempt, Lock } from '@cardea/wire-api';
import type { Command } from 'commander';
import { exitCodeOf, followAttempt } from '../attempt.ts';
import type { Context, Register } from '../context.ts';
import { usage } from '../errors.ts';
import { example } from '../help.ts';
import { knownLines } from '../lock-state.ts';
import { describeOutcome } from '../outcome.ts';
import { positionOf } from '../position.ts';
import { findDoor } from '../resolve.ts';
import { unlockLocally } from './phone.ts';

type Operation = 'unlock' | 'lock' | 'status';

/** Options of the commands that ask something of a door's lock. */
export interface OperateOptions {
  readonly ttl?: string;
  readonly position?: string;
}

const POSITION = [
  '--position <lat,lon>',
  'where you are, for a right that asks for it: 52.52,13.405[,metres]',
] as const;

interface UnlockOptions extends OperateOptions {
  readonly local?: string;
  readonly phone?: string;
}

/** `cardea unlock`, `status` and `approve`; `cardea lock DOOR` is with the lock's own commands. */
export function operateCommands(program: Command, register: Register): void {
  register<[string, UnlockOptions]>(
    example(
      withTtl(program.command('unlock').argument('<door>', 'name or id'))
        .description("unlock a door and wait for its lock's receipt")
        .option(...POSITION)
        .option('--local <host:port>', 'by the key of a phone, through a gateway near by: the server may be gone')
        .option('--phone <folder>', 'of the phone, with --local (phone, beside the profile, unless told)'),
      'unlock 101',
      'unlock 101 --json',
      'unlock 101 --local 192.168.1.10:4711',
    ),
    (context, door, { local, ...options }) => {
      if (local !== undefined) return unlockLocally(context, door, { ...options, local });
      if (options.phone !== undefined) throw usage('--phone belongs to --local', 'add --local, or use `phone open`');
      return operate(context, 'unlock', door, options);
    },
  );
  register<[string, OperateOptions]>(
    example(
      withTtl(program.command('status').argument('<door>', 'name or id')).description(
        "ask a door's lock for its state; nothing moves",
      ),
      'status 101',
    ),
    (context, door, options) => operate(context, 'status', door, options),
  );
  register<[string, Pick<OperateOptions, 'position'>]>(
    example(
      program
        .command('approve')
        .argument('<attempt>', 'id of the opening that waits')
        .description('confirm an opening that needs a second person who may open the door, and follow it')
        .option(...POSITION),
      'approve att_0198c0de-...',
    ),
    async (context, id, { position }) => {
      const api = context.api();
      const started = await api.attempts.confirm(id, position === undefined ? undefined : positionOf(position));
      const attempt = await followAttempt(context, api, started, progress);
      context.print(attempt, () => describeOutcome(attempt, attempt.door_id ?? id, context.io.colors));
      return exitCodeOf(attempt);
    },
  );
}

/** The option by which a person shortens or lengthens a command's life. */
export function withTtl(command: Command): Command {
  return command.option('--ttl <seconds>', 'seconds after which the command must not act any more (1 to 60)');
}

/** Asks `operation` of a door's lock and tells how it ended. Resolves with the exit code. */
export async function operate(
  context: Context,
  operation: Operation,
  given: string,
  options: OperateOptions,
): Promise<number> {
  const timeToLiveS = options.ttl === undefined ? undefined : timeToLive(options.ttl);
  const position = options.position === undefined ? undefined : positionOf(options.position);
  const api = context.api();
  const door = await findDoor(api, given);
  const started = await api.doors.start(door.id, operation, { timeToLiveS, position });
  const attempt = await followAttempt(context, api, started, progress);
  // A person who asked for the state is told what the record makes of it too; a program asks for the lock itself.
  const lock = operation === 'status' && !context.json ? await known(api, attempt.lock_id) : undefined;
  context.print(
    attempt,
    () =>
      describeOutcome(attempt, door.name, context.io.colors) + (lock === undefined ? '' : knownLines(lock, Date.now())),
  );
  return exitCodeOf(attempt);
}

/** What the record knows of a lock; undefined for who may ask the lock but not read the record. */
async function known(api: Client, lockId: string): Promise<Lock | undefined> {
  try {
    return await api.locks.get(lockId);
  } catch (error) {
    if (error instanceof ApiProblem) return undefined;
    throw error;
  }
}

/** Where an open attempt stands. */
export function progress(attempt: Attempt): string {
  if (attempt.state === 'sent') return 'sent, waiting for the receipt of the lock ...';
  if (attempt.queue_position === null) return 'on its way to the gateway ...';
  return attempt.queue_position === 0
    ? 'on the air ...'
    : `number ${attempt.queue_position} in the queue of the gateway ...`;
}

function timeToLive(given: string): number {
  const seconds = Number(given);
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > 60) {
    throw usage(`--ttl is ${JSON.stringify(given)}`, 'it must be a whole number of seconds from 1 to 60');
  }
  return seconds;
}
