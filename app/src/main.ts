import { processIo, run, secretLine } from '@cardea/client-cli';
import { actorCommands } from './commands/actors.ts';
import { attackCommands } from './commands/attack.ts';
import { backupCommands } from './commands/backup.ts';
import { domainCommands } from './commands/domain.ts';
import { lockRunCommand } from './commands/lock-run.ts';
import { serviceCommands } from './commands/service.ts';
import { startCommand } from './commands/start.ts';

// The commands that speak the API are the command line's own; here join those that start something.
process.exitCode = await run(process.argv.slice(2), processIo(secretLine), [
  startCommand,
  actorCommands,
  lockRunCommand,
  domainCommands,
  attackCommands,
  backupCommands,
  serviceCommands,
]);
// A result on a pipe is written in full before the process may end; nothing else keeps it alive.
process.stdout.write('', () => process.stderr.write('', () => process.exit()));
