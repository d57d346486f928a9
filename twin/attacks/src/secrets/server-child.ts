import { runServer } from '@cardea/server-main';

// A server in a process of its own, as an operator runs it: only so are there arguments, an environment and a diagnostic
// report to be searched. Arguments: data folder, log file.
const [dataDir, logFile] = process.argv.slice(2);
if (dataDir === undefined || logFile === undefined) throw new Error('usage: server-child DATA LOG');
const server = await runServer({
  dataDir,
  flags: { port: 0, xmppPort: 0, logLevel: 'debug' },
  environment: {},
  logTo: { kind: 'file', path: logFile },
});
const end = async (): Promise<void> => {
  await server.stop();
  process.exit(0);
};
process.once('SIGTERM', () => void end());
process.once('disconnect', () => void end());
process.send?.({
  url: server.url,
  caFile: server.caFile,
  email: server.firstOwner?.email,
  password: server.firstOwner?.password.reveal(),
});
