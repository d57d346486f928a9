import { once } from 'node:events';
import { Agent, createServer as createHttpsServer, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { connect, createServer as createTlsServer, type TLSSocket } from 'node:tls';
import BetterSqlite3 from 'better-sqlite3';
import type { BenchEstate } from './estate.ts';

/** What an unlock cannot do without, each part bare: nothing of the product is in it. */
export interface Reference {
  /** One request and its answer over HTTPS on a connection that stands. */
  roundTrip(): Promise<void>;
  /** A stanza's worth of octets to a TLS server and back, on a connection that stands. */
  echo(): Promise<void>;
  /** One small row written and committed with the store's pragmas: WAL, synchronous FULL. */
  commit(): void;
  close(): void;
}

/** Octets of a frame stanza as it goes over the uplink. */
const STANZA = Buffer.alloc(400, 'x');
const ANSWER = JSON.stringify({ id: 'x'.repeat(40), fields: 'y'.repeat(500) });
const ROW = 'z'.repeat(500);

/** The bare parts, with the estate's certificate and on its file system. */
export async function startReference({ folder, tls }: Pick<BenchEstate, 'folder' | 'tls'>): Promise<Reference> {
  const https = createHttpsServer({ cert: tls.cert, key: tls.key }, (asked, answer) => {
    asked.resume().on('end', () => answer.setHeader('content-type', 'application/json').end(ANSWER));
  });
  const httpsPort = await listening(https);
  const agent = new Agent({ ca: tls.ca, keepAlive: true });

  const echoes = createTlsServer({ cert: tls.cert, key: tls.key, minVersion: 'TLSv1.2' }, (socket) => {
    socket.setNoDelay(true);
    socket.on('data', (octets) => socket.write(octets));
    socket.on('error', () => socket.destroy());
  });
  const echoPort = await listening(echoes);
  const socket: TLSSocket = connect({ host: '127.0.0.1', port: echoPort, ca: tls.ca, servername: 'localhost' });
  socket.setNoDelay(true);
  await once(socket, 'secureConnect');

  const database = new BetterSqlite3(join(folder, 'reference.db'));
  database.pragma('locking_mode = EXCLUSIVE');
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.exec('CREATE TABLE rows (id INTEGER PRIMARY KEY, content TEXT)');
  const insert = database.prepare('INSERT INTO rows (content) VALUES (?)');
  const write = database.transaction(() => void insert.run(ROW));

  return {
    roundTrip: () =>
      new Promise((resolve, reject) => {
        const sent = request(
          { host: 'localhost', port: httpsPort, family: 4, agent, method: 'POST', path: '/' },
          (answer) => {
            answer.resume().on('end', resolve);
          },
        );
        sent.on('error', reject);
        sent.end('{}');
      }),
    echo: () =>
      new Promise((resolve) => {
        let leftOctets = STANZA.length;
        const take = (octets: Buffer): void => {
          leftOctets -= octets.length;
          if (leftOctets > 0) return;
          socket.off('data', take);
          resolve();
        };
        socket.on('data', take);
        socket.write(STANZA);
      }),
    commit: write,
    close() {
      agent.destroy();
      https.close();
      socket.destroy();
      echoes.close();
      database.close();
    },
  };
}

async function listening(server: ReturnType<typeof createTlsServer>): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
