import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openTcpProxy, type TcpProxy } from '../src/index.ts';

let server: Server;
let proxy: TcpProxy;
const sockets: Socket[] = [];

beforeEach(async () => {
  server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    socket.pipe(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  proxy = await openTcpProxy(() => (server.address() as AddressInfo).port);
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await proxy.close();
  server.close();
});

async function join(): Promise<Socket> {
  const socket = connect(proxy.port, '127.0.0.1');
  sockets.push(socket);
  await once(socket, 'connect');
  return socket;
}
const echo = async (socket: Socket): Promise<string> => String((await once(socket, 'data'))[0]);

it('a whole link carries both ways', async () => {
  const socket = await join();
  socket.write('there and back');
  expect(await echo(socket)).toBe('there and back');
});

it('a link that holds carries nothing, and everything once it is whole again', async () => {
  const socket = await join();
  socket.write('before');
  expect(await echo(socket)).toBe('before');
  proxy.set({ kind: 'hold' });
  let heard = '';
  socket.on('data', (piece) => {
    heard += String(piece);
  });
  socket.write('held');
  await new Promise((resolve) => setImmediate(resolve));
  expect(heard).toBe('');
  const arrived = once(socket, 'data');
  proxy.set({ kind: 'whole' });
  await arrived;
  expect(heard).toBe('held');
});

it('a link that drops resets what is open and admits nobody', async () => {
  const socket = await join();
  socket.write('x');
  await echo(socket);
  const closed = once(socket, 'error');
  proxy.set({ kind: 'drop' });
  expect((await closed)[0]).toMatchObject({ code: 'ECONNRESET' });
  const late = connect(proxy.port, '127.0.0.1');
  sockets.push(late);
  expect((await once(late, 'error'))[0]).toMatchObject({ code: 'ECONNRESET' });
});
