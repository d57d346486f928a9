import { createServer as createHttps } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { createServer as createTls } from 'node:tls';
import { type ParserLimits, StreamParser, Utf8Decoder } from '@cardea/wire-xmpp';

/** As many connections as it takes: the next one is refused, whoever it is. */
const CONNECTIONS_MAX = 400;

/** Nothing is too much, too deep or too long: a tree is built of all that comes. */
const NO_LIMITS: ParserLimits = {
  stanzaOctets: Number.MAX_SAFE_INTEGER,
  depth: Number.MAX_SAFE_INTEGER,
  elements: Number.MAX_SAFE_INTEGER,
  attributes: Number.MAX_SAFE_INTEGER,
  attributeLength: Number.MAX_SAFE_INTEGER,
  pieces: Number.MAX_SAFE_INTEGER,
};

/**
 * The double of floods and hostile XML: the same library for TLS and HTTP and the product's own parser, but with every
 * bound taken off: no time for a handshake, a header or a body, no depth, no size, and a full house refuses newcomers.
 */
export async function runWeakServer(tls: {
  readonly cert: string;
  readonly key: string;
}): Promise<{ readonly httpPort: number; readonly xmppPort: number }> {
  const http = createHttps({ ...tls, handshakeTimeout: 3_600_000, requestTimeout: 0, headersTimeout: 0 }, (_, answer) =>
    answer.end('{}'),
  );
  http.maxConnections = CONNECTIONS_MAX;
  const xmpp = createTls({ ...tls, handshakeTimeout: 3_600_000 }, (socket) => {
    const decoder = new Utf8Decoder();
    const parser = new StreamParser(NO_LIMITS);
    socket.on('error', () => socket.destroy());
    socket.on('data', (octets) => {
      try {
        parser.write(decoder.write(octets));
      } catch {
        socket.destroy();
      }
    });
  });
  xmpp.maxConnections = CONNECTIONS_MAX;
  return { httpPort: await portOf(http), xmppPort: await portOf(xmpp) };
}

function portOf(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.on('error', () => {});
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}
