import { ApiProblem, createClient } from '@cardea/client-sdk';
import { Command, CommanderError } from 'commander';
import about from '../package.json' with { type: 'json' };
import { alertCommands } from './commands/alert.ts';
import { auditCommands } from './commands/audit.ts';
import { checkupCommand } from './commands/checkup.ts';
import { completionCommand } from './commands/completion.ts';
import { decodeCommand } from './commands/decode.ts';
import { doctorCommand } from './commands/doctor.ts';
import { estateCommands } from './commands/estate.ts';
import { eventCommands } from './commands/events.ts';
import { explainCommand } from './commands/explain.ts';
import { gatewayCommands } from './commands/gateway.ts';
import { grantCommands } from './commands/grant.ts';
import { lockCommands } from './commands/lock.ts';
import { loginCommands } from './commands/login.ts';
import { meCommands } from './commands/me.ts';
import { modeCommands } from './commands/modes.ts';
import { operateCommands } from './commands/operate.ts';
import { organizationCommands } from './commands/organization.ts';
import { personCommands } from './commands/person.ts';
import { phoneCommands } from './commands/phone.ts';
import { methodCommands, pinCommands } from './commands/pin.ts';
import { registerCommands } from './commands/register.ts';
import { scheduleCommands } from './commands/schedule.ts';
import { scpmCommands } from './commands/scpm.ts';
import { simCommands } from './commands/sim.ts';
import { statisticsCommand } from './commands/statistics.ts';
import { stayCommands } from './commands/stays.ts';
import { trustCommand } from './commands/trust.ts';
import { type Connect, type Register, registrar } from './context.ts';
import { CliError, EXIT } from './errors.ts';
import { fetchTrusting } from './https-fetch.ts';
import type { Io } from './io.ts';

/** The commands to which others may add theirs: what starts actors, the twin and the assessor. */
export interface Commands {
  readonly program: Command;
  /** `cardea lock`, `cardea gateway`: groups that take further commands. */
  readonly lock: Command;
  readonly gateway: Command;
  readonly register: Register;
}

/** Adds commands before the command line is read. */
export type Extension = (commands: Commands) => void;

/** A client over HTTPS that trusts the profile's own authority, where it names one. */
const connectByHttps: Connect = ({ url, token, caFile }) => createClient({ url, token, fetch: fetchTrusting(caFile) });

/** Runs one command line (without `node` and the program's own name). Resolves with the exit code; throws never. */
export async function run(
  args: readonly string[],
  io: Io,
  extensions: readonly Extension[] = [],
  connect: Connect = connectByHttps,
): Promise<number> {
  let exitCode: number = EXIT.succeeded;
  const register = registrar(io, connect, (code) => {
    exitCode = code;
  });
  const program = createProgram(io, register, extensions);
  try {
    await program.parseAsync([...args], { from: 'user' });
    return exitCode;
  } catch (error) {
    return report(error, io, args.includes('--json'));
  }
}

/** The whole tree of commands. */
export function createProgram(io: Io, register: Register, extensions: readonly Extension[]): Command {
  const program = new Command('cardea');
  program
    .description('Open doors from afar, and know that they opened because the lock said so.')
    .version(about.version, '--version', 'print the version of this program')
    .option('--json', 'print the result as JSON')
    .option(
      '--profile <file>',
      'by which this machine is signed in ($CARDEA_PROFILE, ./data/cli.json, ~/.config/cardea/cli.json)',
    )
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeOut: io.out, writeErr: io.err, outputError: () => {} })
    .exitOverride();
  program.addHelpText(
    'after',
    '\nExit codes: 0 succeeded, 1 fault of the program, 2 usage, 3 refused, 4 failed, 5 expired',
  );
  operateCommands(program, register);
  const lock = lockCommands(program, register);
  stayCommands(program, register);
  modeCommands(program, register);
  estateCommands(program, register);
  const gateway = gatewayCommands(program, register);
  organizationCommands(program, register);
  personCommands(program, register);
  grantCommands(program, register);
  scheduleCommands(program, register);
  explainCommand(program, register);
  phoneCommands(program, register);
  pinCommands(program, register);
  methodCommands(program, register);
  eventCommands(program, register);
  alertCommands(program, register);
  statisticsCommand(program, register);
  checkupCommand(program, register);
  auditCommands(program, register);
  loginCommands(program, register);
  registerCommands(program, register);
  meCommands(program, register);
  simCommands(program, register);
  decodeCommand(program, register);
  scpmCommands(program, register);
  trustCommand(program, register);
  doctorCommand(program, register);
  completionCommand(program, register);
  for (const extend of extensions) extend({ program, lock, gateway, register });
  return program;
}

function report(error: unknown, io: Io, json: boolean): number {
  if (error instanceof CommanderError && (error.exitCode === 0 || error.code === 'commander.help')) {
    return error.exitCode === 0 ? EXIT.succeeded : EXIT.usage;
  }
  const known = asCliError(error, io);
  if (json) {
    const { code, message, field = null, remedy = null } = known;
    io.err(`${JSON.stringify({ error: { code, message, field, remedy } })}\n`);
  } else {
    const field = known.field === undefined || known.message.includes(known.field) ? '' : `${known.field}: `;
    const remedy = known.remedy === undefined ? '' : `; ${known.remedy}`;
    io.err(`${io.colors.red('cardea:')} ${field}${known.message}${remedy}\n`);
  }
  if (io.env.CARDEA_DEBUG) io.err(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return EXIT[known.code];
}

function asCliError(error: unknown, io: Io): CliError {
  if (error instanceof CliError) return error;
  if (io.interrupted.aborted) return new CliError('failed', 'given up');
  if (error instanceof ApiProblem) return ofProblem(error);
  if (error instanceof CommanderError) {
    const message = error.message
      .replace(/^error: /, '')
      .replaceAll('\n', ' ')
      .replace(/\.$/, '');
    return new CliError('usage', message, { remedy: 'see `cardea --help`, or --help of the command' });
  }
  return unexpected(error);
}

/** What the server's refusal means for a shell: bad input is usage, a decision is refused, no answer is failed. */
function ofProblem(problem: ApiProblem): CliError {
  const more = {
    ...(problem.field === undefined || problem.field === null ? {} : { field: problem.field }),
    cause: problem,
  };
  const message = readable(problem.message);
  switch (problem.code) {
    case 'invalid':
    case 'malformed_json':
    case 'body_too_large':
      return new CliError('usage', message, more);
    case 'unreachable':
      return new CliError('failed', message, {
        ...more,
        remedy: 'is the server running? `cardea doctor` looks closer',
      });
    case 'malformed_answer':
    case 'internal':
    case 'unavailable':
      return new CliError('failed', message, more);
    case 'not_signed_in':
      return new CliError('refused', message, { ...more, remedy: 'run `cardea login`' });
    default:
      return new CliError('refused', message, more);
  }
}

/** A message of the server for people: where it says in words what a pattern means, the pattern is left out. */
function readable(message: string): string {
  return message.replace(/ must match pattern ".*"\. (?=\S)/, ' is not as it has to be: ').replace(/\.$/, '');
}

function unexpected(error: unknown): CliError {
  const message = error instanceof Error ? error.message : String(error);
  return new CliError('unexpected', message, {
    remedy: 'run it again with CARDEA_DEBUG=1 for the details',
    cause: error,
  });
}
