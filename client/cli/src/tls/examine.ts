import type { SecureVersion, TLSSocket } from 'node:tls';
import { type CertificateFacts, factsOf } from './certificate.ts';
import { handshake, type Outcome, type Target, tcp } from './handshake.ts';
import { type ClearOffer, clearOffer } from './start-tls.ts';

/** What was seen at one port. */
export interface TlsReport {
  readonly target: Target;
  readonly usual: Outcome;
  readonly certificates: readonly CertificateFacts[];
  /** Each version really tried. */
  readonly versions: readonly { readonly version: SecureVersion; readonly outcome: Outcome }[];
  /** Each kind of weak suite really tried, by TLS 1.2. */
  readonly weak: readonly { readonly kind: string; readonly outcome: Outcome }[];
  /** Whether it lets a client begin a new handshake inside a TLS 1.2 connection. */
  readonly renegotiates: boolean | undefined;
  /** The header by which browsers stay with HTTPS; undefined where HTTP is not spoken. */
  readonly strictTransport: string | null | undefined;
  /** What XMPP offers in the clear. */
  readonly clear: ClearOffer | undefined;
}

const VERSIONS: readonly SecureVersion[] = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'];

/** Kinds of suites that nobody should agree on (RFC 9325, 4.1), by OpenSSL's names. */
const WEAK: readonly (readonly [kind: string, suites: string])[] = [
  ['anonymous (nobody is authenticated)', 'aNULL'],
  ['no encryption', 'eNULL'],
  ['export and DES', 'EXPORT:DES'],
  ['RC4', 'RC4'],
  ['3DES', '3DES'],
  ["server's static key (no forward secrecy)", 'kRSA'],
  ['CBC', 'ECDHE+AES+SHA1:ECDHE+AES+SHA256+!AESGCM:ECDHE+SHA384+!AESGCM:DHE+AES+SHA1'],
];

/** Looks at a port: a usual handshake, then one for each version and each kind of weak suite. */
export async function examineTls(target: Target, nowMs: number): Promise<TlsReport> {
  let strictTransport: string | null | undefined;
  const usual = await handshake(target, {}, async (socket) => {
    if (target.alpn.includes('http/1.1')) strictTransport = await askHsts(socket, target);
  });
  const certificates = usual.kind === 'agreed' ? usual.chain.map((one) => factsOf(one, nowMs)) : [];
  const versions: { version: SecureVersion; outcome: Outcome }[] = [];
  const weak: { kind: string; outcome: Outcome }[] = [];
  let renegotiates: boolean | undefined;
  if (usual.kind === 'agreed') {
    for (const version of VERSIONS) versions.push({ version, outcome: await handshake(target, { version }) });
    for (const [kind, suites] of WEAK) {
      weak.push({ kind, outcome: await handshake(target, { version: 'TLSv1.2', suites }) });
    }
    await handshake(target, { version: 'TLSv1.2' }, async (socket) => {
      renegotiates = await renegotiate(socket);
    });
  }
  const clear = target.begins === 'starttls' ? await askClear(target) : undefined;
  return { target, usual, certificates, versions, weak, renegotiates, strictTransport, clear };
}

async function askClear(target: Target): Promise<ClearOffer | undefined> {
  const socket = await tcp(target);
  try {
    return await clearOffer(socket, target.name);
  } catch {
    return undefined;
  } finally {
    socket.destroy();
  }
}

/** Whether the other side answers a new ClientHello inside the connection with a handshake. */
function renegotiate(socket: TLSSocket): Promise<boolean> {
  return new Promise((resolve) => {
    socket.once('close', () => resolve(false));
    socket.removeAllListeners('error').on('error', () => resolve(false));
    socket.setTimeout(2_000, () => resolve(false));
    const began = socket.renegotiate({ rejectUnauthorized: false }, (error) => resolve(error === null));
    if (began === false) resolve(false);
  });
}

const MOST_HEADER = 16_384;

/** The Strict-Transport-Security header of an answer (RFC 6797), or null when it has none. */
function askHsts(socket: TLSSocket, { name, port }: Target): Promise<string | null> {
  return new Promise((resolve) => {
    let text = '';
    const end = (): void =>
      resolve(/^strict-transport-security:[ \t]*(.*?)[ \t]*$/im.exec(text.split('\r\n\r\n')[0] ?? '')?.[1] ?? null);
    socket.on('data', (octets: Buffer) => {
      text += octets.toString('latin1');
      if (text.includes('\r\n\r\n') || text.length > MOST_HEADER) end();
    });
    socket.once('close', end);
    socket.removeAllListeners('error').on('error', end);
    const host = name.includes(':') ? `[${name}]` : name;
    socket.write(`HEAD /healthz HTTP/1.1\r\nHost: ${host}:${port}\r\nConnection: close\r\nAccept: */*\r\n\r\n`);
  });
}
