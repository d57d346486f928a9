import { constants } from 'node:crypto';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import { type ClientRow, DOMAIN } from './servers.ts';

/** Ways in which no server should let itself be spoken to; each says whether it did. */
export const serverProbes: readonly {
  readonly title: string;
  readonly succeeds: (port: number) => Promise<boolean>;
}[] = [
  { title: 'TLS 1.0', succeeds: agreeing({ minVersion: 'TLSv1', maxVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0' }) },
  {
    title: 'TLS 1.1',
    succeeds: agreeing({ minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' }),
  },
  { title: 'anonymous suites', succeeds: agreeing({ maxVersion: 'TLSv1.2', ciphers: 'aNULL:@SECLEVEL=0' }) },
  {
    title: 'suites without forward secrecy',
    succeeds: agreeing({ maxVersion: 'TLSv1.2', ciphers: 'kRSA:@SECLEVEL=0' }),
  },
  {
    title: 'CBC suites',
    succeeds: agreeing({
      maxVersion: 'TLSv1.2',
      ciphers: 'AES128-SHA:ECDHE-ECDSA-AES128-SHA:ECDHE-RSA-AES128-SHA:@SECLEVEL=0',
    }),
  },
  { title: 'renegotiation begun by the client', succeeds: renegotiating },
];

/** An honest handshake by TLS 1.2 and by 1.3: when it fails, the probes above show nothing. */
export const honestProbe = async (port: number): Promise<boolean> =>
  (await agreeing({ minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' })(port)) &&
  (await agreeing({ minVersion: 'TLSv1.3', maxVersion: 'TLSv1.3' })(port));

const UNCHECKED = { host: '127.0.0.1', servername: 'localhost', rejectUnauthorized: false } as const;
const PATIENCE_MS = 5_000;

function agreeing(options: ConnectionOptions): (port: number) => Promise<boolean> {
  return (port) => opened({ ...options, port }, async () => true);
}

function renegotiating(port: number): Promise<boolean> {
  return opened(
    { port, maxVersion: 'TLSv1.2' },
    (socket) =>
      new Promise((resolve) => {
        socket.once('close', () => resolve(false));
        socket.on('error', () => resolve(false));
        socket.renegotiate({ rejectUnauthorized: false }, (error) => resolve(error === null));
      }),
  );
}

/** Signs in by SASL EXTERNAL with a certificate; true when the server says that it is the gateway. */
export async function signsIn(port: number, { shown }: ClientRow): Promise<boolean> {
  const identity = shown === undefined ? {} : { cert: shown.pem, key: shown.key };
  return opened({ port, ALPNProtocols: ['xmpp-client'], ...identity }, async (socket) => {
    socket.write(
      `<?xml version='1.0'?><stream:stream to='${DOMAIN}' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>`,
    );
    await heard(socket, /<\/stream:features>|<stream:error/);
    // Asked for whether it is offered or not; without an authorization identity the certificate says who it is.
    socket.write("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='EXTERNAL'>=</auth>");
    return (await heard(socket, /<(success|failure|stream:error)\b/)).includes('<success');
  });
}

/** What came until `end` was seen, or the connection was closed. */
function heard(socket: TLSSocket, end: RegExp): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const hear = (octets: Buffer): void => {
      text += octets.toString('latin1');
      if (end.test(text)) finish();
    };
    const finish = (): void => {
      socket.removeListener('data', hear);
      socket.removeListener('close', finish);
      resolve(text);
    };
    socket.on('data', hear);
    socket.once('close', finish);
  });
}

/** Runs `use` on an open connection; false when there is none. */
function opened(options: ConnectionOptions, use: (socket: TLSSocket) => Promise<boolean>): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ secureOptions: constants.SSL_OP_LEGACY_SERVER_CONNECT, ...UNCHECKED, ...options });
    socket.setTimeout(PATIENCE_MS, () => socket.destroy());
    socket.on('error', () => resolve(false));
    socket.once('close', () => resolve(false));
    socket.once('secureConnect', () => {
      use(socket).then(
        (done) => {
          resolve(done);
          socket.destroy();
        },
        () => resolve(false),
      );
    });
  });
}
