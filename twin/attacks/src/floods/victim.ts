// A process of its own, started by victim-process.ts: the server under attack, with probes that the test asks over IPC.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { probeLoop } from '@cardea/kit-node';
import { runServer } from '@cardea/server-main';
import type { FromVictim, VictimAddress, VictimOptions, VictimState } from './victim-messages.ts';
import { runWeakServer } from './weak-server.ts';

const options: VictimOptions = JSON.parse(process.argv[2] ?? '{}');
const probe = probeLoop();
const send = (message: FromVictim): void => void process.send?.(message);

process.on('message', (asked) => {
  if (asked === 'memory') collect();
  send({ kind: 'state', state: state() });
});
process.once('disconnect', () => process.exit(0));
process.once('SIGTERM', () => process.exit(0));
run().then(
  (address) => send({ kind: 'ready', address }),
  (error: unknown) => send({ kind: 'failed', detail: String(error) }),
);

async function run(): Promise<VictimAddress> {
  const { dataDir, guard, patienceMs, weak } = options;
  const flags = { port: 0, xmppPort: 0, logLevel: 'error' };
  const server = await runServer({ dataDir, flags, environment: {}, guard, patienceMs });
  const { token } = JSON.parse(readFileSync(join(dataDir, 'cli.json'), 'utf8')) as { token: string };
  const caFile = server.caFile ?? '';
  const ca = readFileSync(caFile, 'utf8');
  const product = { httpPort: Number(new URL(server.url).port), xmppPort: server.xmpp.port };
  if (!weak) return { host: '127.0.0.1', ca, caFile, token, ...product };
  // The double shows the certificate that the product made for itself.
  await server.stop();
  const folder = join(dataDir, 'ras', 'tls');
  const [cert, key] = ['server.pem', 'server.key'].map((file) => readFileSync(join(folder, file), 'utf8'));
  return { host: '127.0.0.1', ca, caFile, token, ...(await runWeakServer({ cert: cert ?? '', key: key ?? '' })) };
}

function state(): VictimState {
  const { heldMs, busyMs } = probe.read();
  const { rss, heapUsed, external } = process.memoryUsage();
  probe.read();
  return { heldMs, busyMs, residentOctets: rss, heapOctets: heapUsed, externalOctets: external };
}

function collect(): void {
  // More than once: what the first finds dead may have kept others alive. `last-resort` gives free pages back, too.
  const run = globalThis.gc as ((options: object) => void) | undefined;
  for (let times = 0; times < 3; times++) run?.({ execution: 'sync', type: 'major', flavor: 'last-resort' });
}
