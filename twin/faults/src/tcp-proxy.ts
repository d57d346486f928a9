import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** What a link does with what it is given. */
export type LinkState =
  | { readonly kind: 'whole' }
  /** Connections are reset, and new ones too. */
  | { readonly kind: 'drop' }
  /** Connections stay and carry nothing; what comes meanwhile is carried afterwards, as by a network that was away. */
  | { readonly kind: 'hold' }
  /** Everything comes later by this. */
  | { readonly kind: 'slow'; readonly delayMs: number };

/** A TCP link on 127.0.0.1 that can be made to fail. */
export interface TcpProxy {
  readonly port: number;
  set(state: LinkState): void;
  close(): Promise<void>;
}

/** Octets of one direction that wait for a link to carry again; past it the sender is made to wait. */
const WAITING_OCTETS = 1024 * 1024;

/** Opens a link to whatever port `target` names when a connection comes. */
export async function openTcpProxy(target: () => number): Promise<TcpProxy> {
  let state: LinkState = { kind: 'whole' };
  const open = new Set<{ wake(): void; reset(): void }>();

  const server = createServer((near) => {
    if (state.kind === 'drop') {
      near.resetAndDestroy();
      return;
    }
    const far = connect({ host: '127.0.0.1', port: target() });
    const both = [carry(near, far, () => state), carry(far, near, () => state)];
    const link = {
      wake: () => both.forEach((one) => void one()),
      reset() {
        near.resetAndDestroy();
        far.resetAndDestroy();
      },
    };
    open.add(link);
    for (const socket of [near, far]) {
      socket.on('error', () => link.reset());
      socket.on('close', () => {
        open.delete(link);
        // The end of one side is told to the other only where the link carries at all.
        if (state.kind !== 'hold') link.reset();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    set(next) {
      state = next;
      for (const link of [...open]) next.kind === 'drop' ? link.reset() : link.wake();
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const link of [...open]) link.reset();
      await closed;
    },
  };
}

/** Carries one direction; the answer carries on with what waits. */
function carry(from: Socket, to: Socket, state: () => LinkState): () => void {
  const waiting: Buffer[] = [];
  let octets = 0;
  let dueMs = 0;
  const drain = (): void => {
    if (state().kind === 'hold') return;
    for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) {
      octets -= one.length;
      if (!to.destroyed) to.write(one);
    }
    if (from.isPaused() && octets < WAITING_OCTETS) from.resume();
  };
  from.on('data', (piece: Buffer) => {
    waiting.push(piece);
    octets += piece.length;
    if (octets >= WAITING_OCTETS) from.pause();
    const now = state();
    const delayMs = now.kind === 'slow' ? now.delayMs : 0;
    // In order, though the link may have become faster meanwhile.
    dueMs = Math.max(dueMs, Date.now() + delayMs);
    if (delayMs === 0 && dueMs <= Date.now()) drain();
    else setTimeout(drain, dueMs - Date.now());
  });
  from.on('end', () => {
    drain();
    to.end();
  });
  return drain;
}
