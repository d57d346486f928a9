import { randomBytes } from 'node:crypto';
import { chmod, readdir, rm } from 'node:fs/promises';
import { createConnection, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Log } from '@cardea/kit-runtime';
import type { OpenStore } from '@cardea/server-store';
import { ServerError } from '../errors.ts';

/** Name of the socket in the server's folder (mode 0700), by which whoever owns the machine speaks to a running server. */
const SOCKET = 'control.sock';
/** The longest path that every system takes for a socket. */
const PATH_MOST_OCTETS = 103;
const SNAPSHOT = /^snapshot-[0-9a-f]{16}\.tmp$/;
const REQUEST_MOST_OCTETS = 1024;
const CONNECTIONS_MOST = 8;

/**
 * Listens at `folder`/control.sock (mode 0600). One request a connection, a line of JSON: `{"do":"snapshot"}` copies the
 * record as of one moment beside it and answers `{"snapshot":"snapshot-....tmp"}`; the copy is removed when the asker
 * hangs up. No account of an organization opens this door: the record is everybody's.
 */
export async function listenControl(folder: string, store: OpenStore, log: Log): Promise<() => Promise<void>> {
  const path = join(folder, SOCKET);
  if (process.platform === 'win32' || Buffer.byteLength(path) > PATH_MOST_OCTETS) {
    log.warn(
      'there can be no socket in the data folder (its path is too long, or the system has none): cardea backup has to wait until the server is stopped',
    );
    return async () => {};
  }
  try {
    return await listening(path, folder, store, log);
  } catch (error) {
    // Some file systems hold no sockets: a server without this door is better than none.
    log.warn('no socket could be made: cardea backup has to wait until the server is stopped', {
      error: error instanceof Error ? error.message : String(error),
    });
    return async () => {};
  }
}

async function listening(path: string, folder: string, store: OpenStore, log: Log): Promise<() => Promise<void>> {
  // The record is held by this process alone, so a socket that is there was left by one that has died.
  await rm(path, { force: true });
  for (const name of await readdir(folder)) {
    if (SNAPSHOT.test(name)) await rm(join(folder, name));
  }
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    serve(socket, folder, store, log);
  });
  server.maxConnections = CONNECTIONS_MOST;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  await chmod(path, 0o600);
  return async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
}

function serve(socket: Socket, folder: string, store: OpenStore, log: Log): void {
  socket.setEncoding('utf8');
  socket.on('error', () => {});
  const gone = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  let request = '';
  const read = (text: string): void => {
    request += text;
    if (request.length > REQUEST_MOST_OCTETS) socket.destroy();
    if (!request.includes('\n')) return;
    socket.off('data', read);
    socket.resume();
    void answer(request.slice(0, request.indexOf('\n')));
  };
  socket.on('data', read);

  const answer = async (line: string): Promise<void> => {
    if (line !== '{"do":"snapshot"}') {
      socket.end('{"error":"not known here"}\n');
      return;
    }
    const name = `snapshot-${randomBytes(8).toString('hex')}.tmp`;
    const path = join(folder, name);
    try {
      await store.snapshot(path);
      socket.write(`${JSON.stringify({ snapshot: name })}\n`);
      log.info('the record was copied for a backup');
      await gone;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      log.error('the record could not be copied for a backup', { error: message });
      socket.end(`${JSON.stringify({ error: message })}\n`);
    } finally {
      try {
        await rm(path, { force: true });
        await rm(`${path}-journal`, { force: true });
      } catch (error) {
        // Nobody waits for this: the next start of the server tries again.
        log.error('a copy of the record could not be removed', {
          error: error instanceof Error ? error.message : String(error),
        });
      }
    }
  };
}

/** A copy of the record that a running server made. */
export interface LiveSnapshot {
  readonly path: string;
  /** Removes it; the server does, when whoever asked for it is gone. */
  release(): Promise<void>;
}

/**
 * Asks the server of `folder` for a copy of its record; undefined when none listens there.
 * @throws ServerError `backup` when it cannot make one
 */
export async function requestSnapshot(folder: string): Promise<LiveSnapshot | undefined> {
  const socket = await connectControl(folder);
  if (socket === undefined) return undefined;
  const line = await firstLine(socket, '{"do":"snapshot"}\n');
  const { snapshot, error } = parse(line);
  if (typeof snapshot !== 'string' || !SNAPSHOT.test(snapshot)) {
    socket.destroy();
    const why = typeof error === 'string' ? error : 'it did not answer';
    throw new ServerError('backup', `the running server could not copy its record (${why})`, 'see its log');
  }
  const path = join(folder, snapshot);
  return {
    path,
    async release() {
      await rm(path, { force: true });
      socket.end();
    },
  };
}

/** Whether a server runs on `folder`. */
export async function isServed(folder: string): Promise<boolean> {
  const socket = await connectControl(folder);
  socket?.destroy();
  return socket !== undefined;
}

function connectControl(folder: string): Promise<Socket | undefined> {
  const path = join(folder, SOCKET);
  if (process.platform === 'win32' || Buffer.byteLength(path) > PATH_MOST_OCTETS) return Promise.resolve(undefined);
  return new Promise((resolve, reject) => {
    const socket = createConnection(path);
    socket.once('connect', () => {
      socket.removeAllListeners('error');
      socket.on('error', () => {});
      resolve(socket);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED') resolve(undefined);
      else {
        const remedy = 'run this as the user that runs the server, or as root';
        reject(new ServerError('backup', `${path}: the running server cannot be spoken to (${error.code})`, remedy));
      }
    });
  });
}

function firstLine(socket: Socket, request: string): Promise<string> {
  return new Promise((resolve) => {
    const lines = createInterface({ input: socket });
    lines.once('line', resolve);
    lines.once('close', () => resolve(''));
    socket.write(request);
  });
}

function parse(line: string): Readonly<Record<string, unknown>> {
  try {
    const json: unknown = JSON.parse(line);
    return typeof json === 'object' && json !== null ? { ...json } : {};
  } catch {
    return {};
  }
}
