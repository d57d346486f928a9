import { createServer, type Server } from 'node:net';
import { createConnectionGuard, GUARD_LIMITS, tcpPipe } from '@cardea/kit-node';
import type { Clock } from '@cardea/kit-runtime';
import { GatewayError } from '../errors.ts';
import type { LocalDesk } from './local-desk.ts';

/** Where the local endpoint listens. */
export interface LocalAddress {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
}

/** A local endpoint that listens. */
export interface LocalEndpoint {
  readonly host: string;
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Listens for phones on the local network. The connection is not enciphered: what goes over it is what goes over the air
 * at the door, sealed and signed between phone and lock. @throws GatewayError `options` when the address cannot be had
 */
export async function listenLocally(
  desk: LocalDesk,
  { host, port }: LocalAddress,
  clock: Clock,
): Promise<LocalEndpoint> {
  const server = createServer((socket) => desk.accept(tcpPipe(socket)));
  createConnectionGuard(clock, { ...GUARD_LIMITS, strangers: 64, strangersPerAddress: 16 }).watch(server);
  await listening(server, host, port);
  const address = server.address();
  return {
    host,
    port: typeof address === 'object' && address !== null ? address.port : port,
    close: () =>
      new Promise((resolve) => {
        desk.stop();
        server.close(() => resolve());
      }),
  };
}

function listening(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) =>
      reject(new GatewayError('options', `--local ${host}:${port}: cannot listen there (${cause.message})`, { cause })),
    );
    server.listen(port, host, () => resolve());
  });
}
