// A process of its own, started by flood-process.ts: holds connections of one kind against the server.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { FloodKind, FloodOptions, FloodState } from './flood-messages.ts';
import { STREAM_HEADER } from './stream-header.ts';

const { victim, kind, sockets, addresses, again, atOnce }: FloodOptions = JSON.parse(process.argv[2] ?? '{}');
const XMPP: readonly FloodKind[] = ['xmpp-silent', 'xmpp-header', 'half-stanza'];
const port = XMPP.includes(kind) ? victim.xmppPort : victim.httpPort;
/** The first octets of a TLS record of 512 octets that holds a ClientHello. */
const HALF_HELLO = Buffer.concat([Buffer.from('16030102000100', 'hex'), randomBytes(200)]);
const DRIP_MS = 1000;

const standing = new Set<Socket>();
let tried = 0;
let ended = 0;

process.on('message', () => process.send?.({ standing: standing.size, tried, ended } satisfies FloodState));
process.once('disconnect', () => process.exit(0));
process.once('SIGTERM', () => process.exit(0));
for (let worker = 0; worker < Math.min(atOnce, sockets); worker++) {
  void fill(Math.floor((sockets + worker) / Math.min(atOnce, sockets)));
}

/** Keeps `count` connections, one being opened at a time. */
async function fill(count: number): Promise<void> {
  let mine = 0;
  let wake = (): void => {};
  for (;;) {
    if (mine >= count) {
      if (!again) return;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
      continue;
    }
    mine++;
    const socket = await open();
    if (socket === undefined) {
      mine--;
      // Refused: a flood does not wait long, but it is not a loop without a turn for others either.
      await new Promise((resolve) => setTimeout(resolve, 50));
      continue;
    }
    socket.once('close', () => {
      mine--;
      wake();
    });
    if (socket.destroyed) mine--;
    if (kind === 'churn') socket.destroy();
  }
}

async function open(): Promise<Socket | undefined> {
  const number = tried++;
  const from = addresses === 0 ? '127.0.0.1' : `127.1.${(number % addresses) >> 8}.${1 + ((number % addresses) & 255)}`;
  const raw = connectTcp({ host: victim.host, port, localAddress: from });
  raw.on('error', () => {});
  // What nobody reads would hide that the server has ended it.
  if (kind === 'tcp' || kind === 'half-hello') raw.resume();
  raw.once('close', () => {
    ended++;
    standing.delete(raw);
  });
  try {
    await once(raw, 'connect');
    if (kind === 'half-hello') raw.write(HALF_HELLO);
    if (kind !== 'tcp' && kind !== 'half-hello') await speak(raw);
    if (raw.destroyed) return undefined;
    standing.add(raw);
    return raw;
  } catch {
    raw.destroy();
    return undefined;
  }
}

async function speak(raw: Socket): Promise<void> {
  const socket = connectTls({ socket: raw, ca: victim.ca, servername: 'localhost' });
  socket.on('error', () => {});
  if (kind !== 'unread') socket.resume();
  raw.once('close', () => socket.destroy());
  socket.once('close', () => raw.destroy());
  await Promise.race([
    once(socket, 'secureConnect'),
    once(raw, 'close').then(() => Promise.reject(new Error('ended in the handshake'))),
  ]);
  switch (kind) {
    case 'half-header':
      socket.write('GET /v1/doors HTTP/1.1\r\nhost: localhost\r\nx-slow: ');
      drip(raw, socket, 'x');
      return;
    case 'half-body':
      socket.write(
        'POST /v1/sessions HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 8000\r\n\r\n{',
      );
      drip(raw, socket, ' ');
      return;
    case 'unread':
      socket.pause();
      for (let i = 0; i < 20; i++) socket.write('GET /v1/openapi.json HTTP/1.1\r\nhost: localhost\r\n\r\n');
      return;
    case 'xmpp-header':
      socket.write(STREAM_HEADER);
      return;
    case 'half-stanza':
      socket.write(`${STREAM_HEADER}<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='SCRAM-SHA-256'>`);
      drip(raw, socket, 'A');
      return;
    default:
      return;
  }
}

function drip(raw: Socket, over: Socket, text: string): void {
  const timer = setInterval(() => over.write(text), DRIP_MS);
  raw.once('close', () => clearInterval(timer));
}
