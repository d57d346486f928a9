import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import type { Client } from '@cardea/client-sdk';
import type { Command } from 'commander';
import { all } from '../all.ts';
import type { Context, Register } from '../context.ts';
import { EXIT, usage } from '../errors.ts';
import type { Finding } from '../finding.ts';
import { example } from '../help.ts';
import { fetchTrusting } from '../https-fetch.ts';
import { plain } from '../output/table.ts';
import { ago } from '../output/time.ts';
import { type Profile, readProfile } from '../profile.ts';
import { factsOf } from '../tls/certificate.ts';
import { identityFindings } from '../tls/findings.ts';
import { handshake } from '../tls/handshake.ts';
import { doctorTls, type TlsOptions } from './doctor-tls.ts';

const DAY_MS = 86_400_000;
const CLOCK_LIMIT_S = 2;

/** `cardea doctor`: looks at everything between this command and a lock, and says what to do. */
export function doctorCommand(program: Command, register: Register): void {
  register<[Partial<TlsOptions>]>(
    example(
      program
        .command('doctor')
        .option('--tls [target]', 'look at TLS alone, of the server or of a URL, HOST:PORT or HOST')
        .option('--xmpp [host:port]', 'with --tls: XMPP too, on its usual ports unless told')
        .option('--ca-file <file>', 'with --tls: trust this authority (PEM) and no other')
        .description('check this machine, the server, gateways and locks; each finding with its remedy'),
      'doctor',
      'doctor --tls --xmpp',
      'doctor --tls https://door.example.org --json',
    ),
    async (context, { tls, ...more }) => {
      if (tls !== undefined) return doctorTls(context, { tls, ...more });
      if (more.xmpp !== undefined || more.caFile !== undefined) {
        throw usage('--xmpp and --ca-file are for TLS', 'add --tls');
      }
      const findings: Finding[] = [];
      for await (const finding of examine(context)) {
        findings.push(finding);
        if (!context.json) context.io.out(line(context, finding));
      }
      const failed = findings.some(({ state }) => state === 'fail');
      context.print({ ok: !failed, findings }, () => '');
      return failed ? EXIT.failed : EXIT.succeeded;
    },
  );
}

function line({ io: { colors } }: Context, { state, check, detail, remedy }: Finding): string {
  const mark = { ok: colors.green('ok  '), warn: colors.yellow('warn'), fail: colors.red('fail') }[state];
  return `${mark}  ${check}: ${detail}${remedy === undefined ? '' : `; ${remedy}`}\n`;
}

async function* examine(context: Context): AsyncGenerator<Finding> {
  yield nodeVersion();
  let profile: Profile;
  try {
    profile = readProfile(context.profilePath);
    yield { state: 'ok', check: 'profile', detail: context.profilePath };
  } catch (error) {
    yield {
      state: 'fail',
      check: 'profile',
      detail: error instanceof Error ? error.message : String(error),
      remedy: 'start the server with npm start, or run cardea login URL',
    };
    return;
  }
  if (profile.caFile !== undefined) yield authority(profile.caFile);
  const reachable = await port(profile.url);
  yield reachable;
  if (reachable.state === 'fail') return;
  yield* await attempt('certificate', () => certificate(profile));
  const client = context.connect(profile);
  yield* await attempt('signed in', async () => {
    const me = await client.me();
    return [{ state: 'ok', check: 'signed in', detail: `as ${me.role}, ${me.scopes.length} scopes` }];
  });
  yield* await attempt('clock', () => clock(profile));
  yield* await attempt('gateways', () => gateways(client));
  yield* await attempt('locks', () => locks(client));
}

async function attempt(check: string, look: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await look();
  } catch (error) {
    return [{ state: 'fail', check, detail: error instanceof Error ? error.message : String(error) }];
  }
}

function nodeVersion(): Finding {
  const { node } = process.versions;
  return Number(node.split('.')[0]) >= 24
    ? { state: 'ok', check: 'Node', detail: node }
    : {
        state: 'fail',
        check: 'Node',
        detail: `${node} is too old`,
        remedy: 'run `npm ci` once (it brings Node 24), or install Node 24',
      };
}

function authority(file: string): Finding {
  const check = 'authority';
  if (!existsSync(file))
    return {
      state: 'fail',
      check,
      detail: `${file} is missing`,
      remedy: 'start the server once, or log in again with --ca-file',
    };
  try {
    const daysLeft = Math.floor((new X509Certificate(readFileSync(file)).validToDate.getTime() - Date.now()) / DAY_MS);
    return daysLeft > 30
      ? { state: 'ok', check, detail: `${file}, ${daysLeft} days left` }
      : {
          state: daysLeft < 0 ? 'fail' : 'warn',
          check,
          detail: `${daysLeft} days left`,
          remedy: 'restart the server: it makes a new one, which clients have to trust',
        };
  } catch {
    return {
      state: 'fail',
      check,
      detail: `${file} holds no certificate`,
      remedy: 'start the server once: it makes a new one',
    };
  }
}

async function port(url: string): Promise<Finding> {
  const { hostname, port: given } = new URL(url);
  const number = Number(given === '' ? 443 : given);
  const reason = await new Promise<string | undefined>((resolve) => {
    const socket = createConnection({ host: hostname.replace(/^\[|\]$/g, ''), port: number, timeout: 3000 });
    const end = (why: string | undefined): void => {
      socket.destroy();
      resolve(why);
    };
    socket.once('connect', () => end(undefined));
    socket.once('timeout', () => end('no answer within 3 s'));
    socket.once('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
  });
  return reason === undefined
    ? { state: 'ok', check: 'server', detail: `${url} takes connections` }
    : {
        state: 'fail',
        check: 'server',
        detail: `${url} does not answer (${reason})`,
        remedy: 'start it with npm start, or correct the address: cardea login URL',
      };
}

/** Whether the server's certificate is its own and good for a while: one line, or each thing that is not well. */
async function certificate(profile: Profile): Promise<Finding[]> {
  const { hostname, port: given } = new URL(profile.url);
  const host = hostname.replace(/^\[|\]$/g, '');
  const ca = profile.caFile === undefined ? undefined : readFileSync(profile.caFile, 'utf8');
  const target = {
    host,
    port: Number(given === '' ? 443 : given),
    name: host,
    begins: 'direct',
    alpn: ['http/1.1'],
    ca,
  } as const;
  const usual = await handshake(target);
  if (usual.kind !== 'agreed') return [{ state: 'fail', check: 'certificate', detail: `no TLS (${usual.reason})` }];
  const certificates = usual.chain.map((one) => factsOf(one, Date.now()));
  const findings = identityFindings({ target, usual, certificates });
  const unwell = findings.filter(({ state }) => state !== 'ok');
  if (unwell.length > 0) return unwell.map((one) => ({ ...one, check: `certificate, ${one.check}` }));
  return [
    { state: 'ok', check: 'certificate', detail: `${usual.version}, ${certificates[0]?.days_left ?? 0} days left` },
  ];
}

/** Compares the clocks by the server's Date header, which is good to a second. */
async function clock(profile: Profile): Promise<Finding[]> {
  const answer = await fetchTrusting(profile.caFile)(`${profile.url}/healthz`);
  const offsetS = Math.round((Date.parse(answer.headers.get('date') ?? '') - Date.now()) / 1000);
  return [
    Math.abs(offsetS) <= CLOCK_LIMIT_S
      ? { state: 'ok', check: 'clock', detail: `agrees with the server's to ${CLOCK_LIMIT_S} s` }
      : {
          state: 'warn',
          check: 'clock',
          detail: `the server's is ${Math.abs(offsetS)} s ${offsetS > 0 ? 'ahead' : 'behind'}`,
          remedy: 'set both by NTP',
        },
  ];
}

async function gateways(client: Client): Promise<Finding[]> {
  const found = await all(client.gateways.list());
  if (found.length === 0)
    return [{ state: 'warn', check: 'gateways', detail: 'there are none', remedy: 'add one: cardea gateway add NAME' }];
  return found
    .filter((one) => one.state !== 'withdrawn')
    .map((one) =>
      one.online
        ? { state: 'ok', check: `gateway ${plain(one.name)}`, detail: 'online' }
        : {
            state: 'fail',
            check: `gateway ${plain(one.name)}`,
            detail: `offline, last seen ${ago(one.last_seen_at, Date.now())}`,
            remedy: 'check its power and network',
          },
    );
}

async function locks(client: Client): Promise<Finding[]> {
  const bound = (await all(client.locks.list())).filter((one) => one.state === 'bound');
  const names = new Map((await all(client.doors.list())).map((door) => [door.id, plain(door.name)]));
  const troubled = bound.flatMap((one): Finding[] => {
    const door = (one.door_id === null ? undefined : names.get(one.door_id)) ?? one.identifier;
    const check = `door ${door}, lock ${one.identifier}`;
    if (one.stale)
      return [
        {
          state: 'warn',
          check,
          detail: `stale (${one.stale_reason}), last proved ${ago(one.report?.proved_at, Date.now())}`,
          remedy: `ask it: cardea status ${door}`,
        },
      ];
    if (one.report === null) return [];
    const { bolt, battery_percent: battery, tamper, clock: lockClock } = one.report;
    if (bolt === 'jammed')
      return [
        { state: 'fail', check, detail: 'the bolt is jammed', remedy: `free it, then move it: cardea lock ${door}` },
      ];
    if (tamper) return [{ state: 'fail', check, detail: 'its tamper switch is open', remedy: 'look at it' }];
    if (battery <= 20) return [{ state: 'warn', check, detail: `battery ${battery} %`, remedy: 'change it' }];
    // A maker2 lock has no clock, and is not worse for it.
    if (lockClock !== 'valid' && one.maker !== 'maker2')
      return [
        { state: 'warn', check, detail: `its clock is ${lockClock}`, remedy: `set it: cardea lock set-time ${door}` },
      ];
    return [];
  });
  const well = bound.length - troubled.length;
  return [
    { state: 'ok', check: 'locks', detail: `${well} of ${bound.length} bound locks are proved and well` },
    ...troubled,
  ];
}
