import { readFileSync } from 'node:fs';
import type { Context } from '../context.ts';
import { CliError, EXIT, usage } from '../errors.ts';
import type { Finding } from '../finding.ts';
import { plain, table } from '../output/table.ts';
import { readProfile } from '../profile.ts';
import { examineTls, type TlsReport } from '../tls/examine.ts';
import { findingsOf, verdictOf } from '../tls/findings.ts';
import { handshake, type Target } from '../tls/handshake.ts';

export interface TlsOptions {
  /** A URL, `host:port` or `host`; true for the server of the profile. */
  readonly tls: string | true;
  /** `host:port`; true for the usual ports of that host. */
  readonly xmpp?: string | true;
  readonly caFile?: string;
}

const USUAL_XMPP = [
  { port: 5223, begins: 'direct' },
  { port: 5222, begins: 'starttls' },
] as const;

/** `cardea doctor --tls`: what TLS looks like from here, port by port. Resolves with the exit code. */
export async function doctorTls(context: Context, options: TlsOptions): Promise<number> {
  const reports: { report: TlsReport; findings: readonly Finding[] }[] = [];
  for (const target of await targetsOf(context, options)) {
    const report = await examineTls(target, Date.now());
    const findings = findingsOf(report);
    reports.push({ report, findings });
    if (!context.json) context.io.out(show(context, report, findings));
  }
  const verdict = verdictOf(reports.flatMap(({ findings }) => findings));
  context.print({ verdict, ports: reports.map(document) }, () => `verdict: ${verdict}\n`);
  return verdict === 'fail' ? EXIT.failed : EXIT.succeeded;
}

async function targetsOf(context: Context, { tls, xmpp, caFile }: TlsOptions): Promise<readonly Target[]> {
  const known = tls === true ? readProfile(context.profilePath) : undefined;
  const ca = readCa(caFile ?? known?.caFile);
  const https = parseAddress(tls === true ? (known?.url ?? '') : tls, 443);
  const web = { ...https, name: https.host, begins: 'direct', alpn: ['http/1.1'], ca } as const;
  if (xmpp === undefined) return [web];
  const chat = { name: https.host, alpn: ['xmpp-client'], ca } as const;
  if (xmpp !== true) {
    const { host, port } = parseAddress(xmpp, 5223);
    const direct = { ...chat, host, port, begins: 'direct' } as const;
    // By port 5222 the clear text comes first; of another one the answer to a handshake says it.
    const seen = port === 5222 ? undefined : await handshake(direct);
    const inClear = seen === undefined || (seen.kind === 'refused' && /WRONG_VERSION_NUMBER|closed/.test(seen.reason));
    return [web, inClear ? { ...direct, begins: 'starttls' } : direct];
  }
  // `cardea start --port N` gives XMPP the port after it.
  const beside = tls === true && https.port > 1024 && https.port !== 8443 ? [https.port + 1] : [];
  const usual = [...beside.map((port) => ({ port, begins: 'direct' }) as const), ...USUAL_XMPP].map(
    (one): Target => ({ ...chat, ...one, host: https.host }),
  );
  const open: Target[] = [];
  for (const target of usual) {
    const seen = await handshake(target);
    if (seen.kind !== 'refused' || seen.reason !== 'ECONNREFUSED') open.push(target);
    // What listens on the usual ports then is another server's.
    if (open.length > 0 && beside.includes(target.port)) break;
  }
  // When neither is open, the first says so.
  return [web, ...(open.length > 0 ? open : usual.slice(0, 1))];
}

/** `https://host[:port]`, `host:port`, `[address]:port` or `host`. @throws CliError `usage` */
function parseAddress(text: string, usualPort: number): { readonly host: string; readonly port: number } {
  const url = text.includes('://') ? text : `https://${text}`;
  if (!URL.canParse(url)) throw usage(`${JSON.stringify(text)} is no address`, 'give an https URL, HOST:PORT or HOST');
  const { protocol, hostname, port } = new URL(url);
  if (protocol !== 'https:' || hostname === '') {
    throw usage(`${JSON.stringify(text)} is no https address`, 'give an https URL, HOST:PORT or HOST');
  }
  // A URL hides a port that is its protocol's own: what was written counts.
  const written = /:(\d{1,5})\/?$/.exec(text)?.[1];
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(written ?? (port || usualPort)) };
}

function readCa(file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new CliError('usage', `${file} cannot be read`, { field: 'ca_file', remedy: 'correct the path', cause });
  }
}

function show({ io: { colors } }: Context, report: TlsReport, findings: readonly Finding[]): string {
  const { target, certificates } = report;
  const marks = { ok: colors.green('ok'), warn: colors.yellow('warn'), fail: colors.red('fail') };
  const begins = target.begins === 'starttls' ? ' (STARTTLS)' : '';
  const chain = certificates.map((one, depth) => [
    String(depth),
    plain(one.subject),
    one.not_before.slice(0, 10),
    one.not_after.slice(0, 10),
    one.key,
    one.signature,
  ]);
  const rows = findings.map(({ state, check, detail, remedy }) => [
    marks[state],
    check,
    remedy === undefined ? detail : `${detail}; ${remedy}`,
  ]);
  return [
    `${colors.bold(`${target.alpn[0] === 'http/1.1' ? 'HTTPS' : 'XMPP'} ${target.host}:${target.port}${begins}`)}\n`,
    chain.length === 0 ? '' : `${table(['', 'CERTIFICATE', 'FROM', 'UNTIL', 'KEY', 'SIGNATURE'], chain)}\n`,
    `${table(['', 'CHECK', 'SEEN'], rows)}\n`,
  ].join('');
}

function document({ report, findings }: { report: TlsReport; findings: readonly Finding[] }): Record<string, unknown> {
  const { target, usual, certificates, versions, weak, renegotiates, strictTransport, clear } = report;
  const { host, port, name, begins } = target;
  const outcomeOf = (one: TlsReport['usual']): string => (one.kind === 'agreed' ? one.suite : one.kind);
  return {
    host,
    port,
    name,
    begins,
    protocol: usual.kind === 'agreed' ? usual.version : null,
    suite: usual.kind === 'agreed' ? usual.suite : null,
    group: usual.kind === 'agreed' ? (usual.group ?? null) : null,
    alpn: usual.kind === 'agreed' ? (usual.alpn ?? null) : null,
    trusted: usual.kind === 'agreed' && usual.distrusted === undefined,
    certificates,
    versions: Object.fromEntries(versions.map(({ version, outcome }) => [version, outcomeOf(outcome)])),
    weak_suites: Object.fromEntries(weak.map(({ kind, outcome }) => [kind, outcomeOf(outcome)])),
    renegotiates: renegotiates ?? null,
    strict_transport_security: strictTransport ?? null,
    clear: clear === undefined ? null : { start_tls: clear.startTls, mechanisms: clear.mechanisms },
    verdict: verdictOf(findings),
    findings,
  };
}
