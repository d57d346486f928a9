import { type ChildProcess, spawn } from 'node:child_process';
import { createPrivateKey, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { fetchTrusting } from '@cardea/client-cli';
import { type Client, createClient, tokenOf } from '@cardea/client-sdk';
import { runGateway } from '@cardea/gateway';
import { createEnvelope, createLog } from '@cardea/kit-node';
import { fromBase64, fromHex } from '@cardea/kit-octets';
import { Secret } from '@cardea/kit-runtime';
import { createBackup } from '@cardea/server-main';
import { openStore } from '@cardea/server-store';
import { runBuilding } from '@cardea/twin-building';
import type { Artefact, Canary } from './search.ts';
import { useAccess, useSecondFactor } from './use-access.ts';

const CHILD = fileURLToPath(new URL('server-child.ts', import.meta.url));
const PROPERTY = { name: 'Hotel', time_zone: 'Europe/Berlin', region: 'eu', geofence: null };
/** Files of an installation that are there to hold a secret, in the clear, for their owner alone. */
const KEPT = [
  /^ras\/envelope\.key$/,
  /^ras\/tls\/.*\.key$/,
  /^gateway\/envelope\.key$/,
  /^cli\.json$/,
  // The virtual locks and their makers: in a real estate none of this is on the server's machine.
  /^twin\//,
];

/** What came of running an installation with every secret known. */
export interface Searched {
  readonly canaries: readonly Canary[];
  readonly artefacts: readonly Artefact[];
  /** Files that hold a secret and that others could read. */
  readonly readable: readonly string[];
  /** What had to work for the search to mean anything. */
  readonly worked: readonly { readonly name: string; readonly well: boolean }[];
}

/** A server with a gateway and locks in `folder`, used rightly and wrongly, logs at their most talkative. */
export async function runInstallation(folder: string): Promise<Searched> {
  const dataDir = join(folder, 'data');
  const logs = { server: join(folder, 'logs', 'server.log'), gateway: join(folder, 'logs', 'gateway.log') };
  const canaries: Canary[] = [];
  const artefacts: Artefact[] = [];
  const worked: { name: string; well: boolean }[] = [];
  const plant = (name: string, secret: string | Uint8Array): void =>
    void canaries.push({ name, octets: typeof secret === 'string' ? Buffer.from(secret) : secret });
  const made = (name: string): string => {
    const secret = `canary-${randomBytes(12).toString('base64url')}`;
    plant(name, secret);
    return secret;
  };
  const keep = (name: string, octets: Uint8Array): void => void artefacts.push({ name, octets });

  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const building = await runBuilding({
    dataDir,
    log: createLog('building', 'debug', { kind: 'file', path: join(folder, 'logs', 'building.log') }),
  });
  const child = startServer(dataDir, logs.server, folder);
  try {
    const [{ url, caFile, email, password }] = (await once(child, 'message')) as [Record<string, string>];
    plant('first password of the owner', password ?? '');
    const answers: string[] = [];
    const trusting = fetchTrusting(caFile ?? '');
    const watched: typeof fetch = async (input, init) => {
      const answer = await trusting(input, init);
      // A right answer may hand a secret over, once; a wrong one never may.
      if (answer.status >= 400) {
        const head = JSON.stringify([...answer.headers]);
        answers.push(`${answer.status} ${head}\n${await answer.clone().text()}`);
      }
      return answer;
    };
    const clientOf = (token?: string): Client =>
      createClient({ url: url ?? '', fetch: watched, ...(token === undefined ? {} : { token }) });

    const used = await usePeople(clientOf, email ?? '', password ?? '', made, plant);
    await useWrongly(`${url}`, watched, used.token, canaries, made);
    const property = await used.client.properties.add(PROPERTY);
    const door = await used.client.doors.add({ property_id: property.id, floor_id: null, name: '101' });
    for (const name of ['manifest-cardea.json', 'manifest-maker2.json']) {
      const parcel = JSON.parse(readFileSync(join(dataDir, 'twin', name), 'utf8')) as Record<string, string>;
      plant(`transport key of ${name}`, fromBase64(parcel.transport_key ?? ''));
      await ignoring(used.client.locks.importManifest({ ...parcel, maker_key: 'AAAA' }));
      await used.client.locks.importManifest(parcel);
    }

    const added = await used.client.gateways.add({ property_id: property.id, name: 'corridor' });
    plant('enrolment token of the gateway', added.enrolment_token);
    const gateway = await runGateway({
      dataDir: join(dataDir, 'gateway'),
      hubFile: join(dataDir, 'twin', 'hub.json'),
      serverUrl: url,
      caFile,
      enrolmentToken: new Secret(added.enrolment_token),
      log: createLog('gateway', 'debug', { kind: 'file', path: logs.gateway }),
    });
    await gateway.untilReady();
    await ignoring(used.client.gateways.enrol(added.enrolment_token));
    const [identifier = ''] = building.locks.keys();
    const bound = await bind(used.client, door.id, identifier, () => building.locks.get(identifier)?.pressButton());
    worked.push({ name: 'a lock is bound', well: bound === 'succeeded' });
    const opened = await used.client.unlock(door.id);
    worked.push({ name: 'a door is opened', well: opened.state === 'succeeded' });
    await useAccess(used.client, used.personId, door.id, { plant, worked });
    await useSecondFactor(used.client, used.password, { plant, worked });

    keep('answers to wrong requests', Buffer.from(answers.join('\n')));
    worked.push({ name: 'wrong requests were answered', well: answers.length >= 10 });
    let log = '';
    for await (const line of used.client.audit.export()) log += line;
    keep('export of the audit log', Buffer.from(log));
    const events = await used.client.events.page({ limit: 100 });
    keep('the events', Buffer.from(JSON.stringify(events.items)));

    await keepProcess(child, folder, keep, worked);
    const passphrase = made('passphrase of a backup');
    for (const secret of [passphrase, undefined]) {
      const target = join(folder, secret === undefined ? 'without-keys.cardea-backup' : 'sealed.cardea-backup');
      const done = await createBackup({
        dataDir,
        target,
        passphrase: secret === undefined ? undefined : new Secret(secret),
        cost: { memoryKib: 8192, passes: 1 },
      });
      worked.push({ name: 'the running server was backed up', well: done.live });
      keep(relative(folder, target), readFileSync(target));
    }
    // While it runs: the database's log has not been moved into it yet.
    for (const file of filesBelow(join(dataDir, 'ras'))) {
      if (/cardea\.db/.test(file)) keep(`${relative(dataDir, file)}, running`, readFileSync(file));
    }
    await gateway.stop();
  } finally {
    await stopServer(child);
    await building.stop();
  }
  await plantStored(dataDir, plant);

  const readable: string[] = [];
  for (const file of [...filesBelow(dataDir), ...filesBelow(join(folder, 'logs'))]) {
    const name = relative(dataDir, file);
    if (process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0) readable.push(name);
    if (!KEPT.some((kept) => kept.test(name))) keep(name, readFileSync(file));
  }
  return { canaries, artefacts, readable, worked };
}

function startServer(dataDir: string, logFile: string, folder: string): ChildProcess {
  const reports = ['--report-on-signal', '--report-signal=SIGUSR2', `--report-directory=${folder}`];
  return spawn(process.execPath, [...reports, '--report-filename=report.json', CHILD, dataDir, logFile], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
}

async function stopServer(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  await gone;
}

/** Signs in and out, changes passwords, makes tokens and people: as it should be done. */
async function usePeople(
  clientOf: (token?: string) => Client,
  email: string,
  first: string,
  made: (name: string) => string,
  plant: (name: string, secret: string) => void,
): Promise<{
  readonly client: Client;
  readonly token: string;
  readonly password: string;
  readonly personId: string;
}> {
  const session = await clientOf().signIn(email, first);
  plant('token of a session', tokenOf(session));
  const next = made('own password of the owner');
  await clientOf(tokenOf(session)).changePassword(first, next);
  const again = await clientOf().signIn(email, next);
  plant('token of another session', tokenOf(again));
  const client = clientOf(tokenOf(again));
  const token = await client.tokens.create({ name: 'integrator', scopes: ['locks:read'], expires_in_s: 3600 });
  plant('API token', token.secret);
  const desk = await client.persons.add({
    name: 'Front desk',
    email: 'desk@hotel.example',
    role: 'front_desk',
    password: made('first password of a person'),
  });
  return { client, token: token.secret, password: next, personId: desk.id };
}

/** Sends secrets where they do not belong: what a person or a program does by mistake, and what is then said back. */
async function useWrongly(
  url: string,
  fetching: typeof fetch,
  token: string,
  canaries: readonly Canary[],
  made: (name: string) => string,
): Promise<void> {
  const post = (path: string, body: string, headers: Record<string, string> = {}) =>
    fetching(`${url}${path}`, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });
  const mistyped = made('mistyped password');
  const inBody = JSON.stringify({ email: 'operator@localhost', password: mistyped });
  await post('/v1/sessions', inBody);
  await post('/v1/sessions', JSON.stringify({ email: mistyped, password: 7 }));
  // The name of a field that is not known is said back, so that it can be corrected; what stands in it is not.
  await post('/v1/sessions', JSON.stringify({ email: 'operator@localhost', passwrod: mistyped, password: mistyped }));
  await post('/v1/sessions', inBody.slice(0, -2));
  await post('/v1/sessions', inBody, { 'content-type': `text/${mistyped}` });
  await post(`/v1/sessions?password=${mistyped}`, inBody);
  await post('/v1/gateway-enrolments', JSON.stringify({ token: mistyped }));
  const asBearer = (value: string, path = '/v1/me') => fetching(`${url}${path}`, { headers: { authorization: value } });
  await asBearer(`Bearer ${token}x`);
  await asBearer(`Basic ${Buffer.from(`operator:${mistyped}`).toString('base64')}`);
  await asBearer(token);
  await asBearer('Bearer x', `/v1/doors/${encodeURIComponent(token)}`);
  await asBearer('Bearer x', `/v1/no/such/path/${encodeURIComponent(mistyped)}?access_token=${token}`);
  await asBearer(`Bearer ${token}`, `/v1/locks?cursor=${encodeURIComponent(token)}`);
  await post('/v1/tokens', JSON.stringify({ name: mistyped.repeat(20), scopes: [mistyped], expires_in_s: mistyped }), {
    authorization: `Bearer ${token}`,
    'idempotency-key': token,
  });
  if (canaries.length === 0) throw new Error('nothing was planted');
}

/** What the operating system shows of a process, and what Node writes about it when it is asked to. */
async function keepProcess(
  child: ChildProcess,
  folder: string,
  keep: (name: string, octets: Uint8Array) => void,
  worked: { name: string; well: boolean }[],
): Promise<void> {
  for (const name of ['cmdline', 'environ']) {
    const path = `/proc/${child.pid}/${name}`;
    if (existsSync(path)) keep(`${name} of the server's process`, readFileSync(path));
  }
  if (process.platform === 'win32') return;
  const report = join(folder, 'report.json');
  child.kill('SIGUSR2');
  for (let i = 0; i < 100 && !isJson(report); i++) await delay(50);
  worked.push({ name: 'a diagnostic report was written', well: isJson(report) });
  if (existsSync(report)) keep('diagnostic report of the server', readFileSync(report));
}

function isJson(path: string): boolean {
  try {
    JSON.parse(readFileSync(path, 'utf8'));
    return true;
  } catch {
    return false;
  }
}

/** What the installation itself made and stored: read with its own keys, now that it has ended. */
async function plantStored(dataDir: string, plant: (name: string, secret: string | Uint8Array) => void): Promise<void> {
  const ras = join(dataDir, 'ras');
  for (const [owner, file] of [
    ['server', join(ras, 'envelope.key')],
    ['gateway', join(dataDir, 'gateway', 'envelope.key')],
  ] as const) {
    for (const line of readFileSync(file, 'utf8').trim().split('\n')) {
      plant(`envelope key of the ${owner}`, fromHex(line.split(' ')[1] ?? ''));
    }
  }
  for (const file of filesBelow(join(ras, 'tls')).filter((path) => path.endsWith('.key'))) {
    const { d } = createPrivateKey(readFileSync(file)).export({ format: 'jwk' });
    plant(`private key ${relative(ras, file)}`, Buffer.from(d ?? '', 'base64url'));
  }
  const { token } = JSON.parse(readFileSync(join(dataDir, 'cli.json'), 'utf8')) as { token: string };
  plant('token of the command line', token);
  const gatewayEnvelope = await createEnvelope(join(dataDir, 'gateway', 'envelope.key'));
  const sealed = new Uint8Array(readFileSync(join(dataDir, 'gateway', 'credentials')));
  const credentials = JSON.parse(
    new TextDecoder().decode(gatewayEnvelope.open(sealed, 'gateway credentials 1').reveal()),
  );
  plant('password of the gateway', String(credentials.password));
  const locks = JSON.parse(readFileSync(join(dataDir, 'twin', 'locks.json'), 'utf8')) as Record<string, string>[];
  for (const lock of locks) {
    plant(`factory key of ${lock.identifier}`, fromHex(lock.factory_key ?? ''));
    if ((lock.printed_code ?? '') !== '') plant(`printed code of ${lock.identifier}`, lock.printed_code ?? '');
  }

  const store = openStore({
    file: join(ras, 'cardea.db'),
    envelope: await createEnvelope(join(ras, 'envelope.key')),
  });
  try {
    await store.read(async (tx) => {
      for (const lock of await tx.locks.all()) {
        const binding = await tx.locks.binding(lock.id);
        for (const key of [binding?.active, binding?.pending]) {
          if (key !== undefined) plant(`binding key of ${lock.identifier}`, key.reveal());
        }
      }
      const signer = await tx.audit.signer();
      if (signer !== undefined) plant('signing key of the audit log', signer.scalar.reveal());
    });
  } finally {
    await store.close();
  }
}

/** Binds a lock and presses its button until the attempt is over. */
async function bind(client: Client, doorId: string, identifier: string, press: () => void): Promise<string> {
  const attempt = await client.doors.enrol(doorId, identifier);
  const pressing = setInterval(press, 250);
  try {
    return (await client.attempts.untilOver(attempt)).state;
  } finally {
    clearInterval(pressing);
  }
}

function filesBelow(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

async function ignoring(work: Promise<unknown>): Promise<void> {
  // Its refusal is what is looked at, through the answer that was kept.
  await work.catch(() => undefined);
}
