import { chmod, rm } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { Log } from '@cardea/kit-runtime';
import { GatewayError } from '../errors.ts';
import type { DomainDesk } from '../scpm/domain-desk.ts';
import { readDomainRequest } from '../scpm/domain-request.ts';
import { DomainError } from '../scpm/errors.ts';
import { CONTROL_LINE_MOST_OCTETS } from './address.ts';

/** Who is on the control socket at a time, and how long a line may take. */
const CONNECTIONS_MOST = 8;
const LINE_WITHIN_MS = 10_000;

/** The control socket of a gateway, which serves one request a connection. */
export interface ControlServer {
  close(): Promise<void>;
}

/**
 * Opens the control socket (mode 0600); what a gateway that was killed left behind is put away. Who may open it owns the
 * folder; what changes anything is asked for the PIN besides. @throws GatewayError `control`
 */
export async function openControl(address: string, desk: DomainDesk, log: Log): Promise<ControlServer> {
  if (await answers(address)) {
    throw new GatewayError('control', `${address}: another gateway runs in this folder; end it first`);
  }
  const isFile = process.platform !== 'win32';
  if (isFile) await rm(address, { force: true });
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    serve(socket, desk, log);
  });
  server.maxConnections = CONNECTIONS_MOST;
  try {
    await listen(server, address);
    if (isFile) await chmod(address, 0o600);
  } catch (error) {
    // A gateway does its work without it (a path may be too long for a socket); only nobody can ask it.
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    log.warn('no control socket', { address, code });
    return { close: async () => {} };
  }
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function listen(server: Server, address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(address, () => resolve());
  });
}

/** Whether somebody serves there. */
function answers(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(address);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

function serve(socket: Socket, desk: DomainDesk, log: Log): void {
  const parts: Buffer[] = [];
  let sizeOctets = 0;
  socket.setTimeout(LINE_WITHIN_MS, () => socket.destroy());
  socket.on('error', () => socket.destroy());
  const take = (chunk: Buffer): void => {
    const end = chunk.indexOf(0x0a);
    parts.push(end < 0 ? chunk : chunk.subarray(0, end));
    sizeOctets += chunk.length;
    if (sizeOctets > CONTROL_LINE_MOST_OCTETS) socket.destroy();
    if (end < 0) return;
    socket.off('data', take);
    // Whoever waits for locks waits longer than for a line.
    socket.setTimeout(0);
    answer(Buffer.concat(parts).toString('utf8'), desk, log).then((line) => socket.end(`${line}\n`));
  };
  socket.on('data', take);
}

async function answer(line: string, desk: DomainDesk, log: Log): Promise<string> {
  try {
    const request = readDomainRequest(JSON.parse(line));
    if (request.command !== 'status') log.info('domain command', { command: request.command });
    return JSON.stringify({ result: await desk.serve(request) });
  } catch (error) {
    if (error instanceof DomainError) {
      const { code, message, remedy } = error;
      return JSON.stringify({ error: { code, message, remedy } });
    }
    if (error instanceof SyntaxError) {
      return JSON.stringify({
        error: { code: 'invalid', message: 'not a line of JSON', remedy: 'use `cardea domain`' },
      });
    }
    log.error('domain command failed', { error: error instanceof Error ? error.name : 'unknown' });
    return JSON.stringify({ error: { code: 'busy', message: 'the gateway could not do it', remedy: 'see its log' } });
  }
}
