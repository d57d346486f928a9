import { type Attack, resultOf, type Trial } from './attack.ts';
import { type Client, clients, trustingClients } from './certificates/clients.ts';
import { forge } from './certificates/forge.ts';
import { listenHostile } from './certificates/listener.ts';
import { createWorld, honest, type Row, rows, type World } from './certificates/matrix.ts';
import { honestProbe, serverProbes, signsIn } from './certificates/probes.ts';
import { clientRows, type Server, theDoor, theServer, weakServer } from './certificates/servers.ts';

/**
 * Attack 38. A hostile server shows each bad certificate, or speaks old TLS, to each of the clients that ship (the command
 * line with the SDK, the gateway's link, a gateway that enrols): who says anything to it over the finished handshake has
 * been taken in. The other way round, a hostile client speaks old TLS to the server's ports and signs in at its XMPP door
 * by each bad certificate. The honest counterpart of each comes first and must succeed, or the rest would show nothing.
 */
export const badCertificates: Attack = {
  id: 38,
  title: 'bad certificates accepted by gateway, device or client; old TLS',
  weakDouble: 'clients that check no certificate; a server that takes every version and believes every certificate',
  async run({ weak }) {
    return resultOf([
      ...(await againstClients(weak ? trustingClients : clients)),
      ...(await againstServer(weak ? weakServer : theServer)),
      ...(await againstDoor(weak)),
    ]);
  },
};

async function againstClients(victims: readonly Client[]): Promise<Trial[]> {
  const world = await createWorld();
  const trials: Trial[] = [];
  for (const client of victims) {
    for (const row of honest) {
      trials.push({
        name: `${client.title}: refused is ${row.title}`,
        through: !(await isTakenIn(client, row, world)),
      });
    }
    for (const row of rows) {
      trials.push({ name: `${client.title}: ${row.title}`, through: await isTakenIn(client, row, world) });
    }
  }
  return trials;
}

/** Whether the client says something to a server that shows this row. */
async function isTakenIn(client: Client, row: Row, world: World): Promise<boolean> {
  const shown = await row.show(client.name, world);
  const server = await listenHostile(shown.options);
  const before = { ...process.env };
  Object.assign(process.env, shown.environment);
  try {
    await client.speak({ port: server.port, name: shown.name ?? client.name, ca: shown.ca });
    if (server.met === 0) throw new Error(`${client.title} did not come to the hostile server: nothing was tried`);
    return server.octets > 0;
  } finally {
    for (const name of Object.keys(shown.environment ?? {})) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
    await server.close();
  }
}

async function againstServer(start: () => Promise<Server>): Promise<Trial[]> {
  const server = await start();
  const trials: Trial[] = [];
  try {
    for (const [what, port] of Object.entries(server.ports)) {
      trials.push({ name: `server, ${what}: refused is an honest client`, through: !(await honestProbe(port)) });
      for (const { title, succeeds } of serverProbes) {
        trials.push({ name: `server, ${what}: ${title}`, through: await succeeds(port) });
      }
    }
  } finally {
    await server.close();
  }
  return trials;
}

async function againstDoor(weak: boolean): Promise<Trial[]> {
  const authority = await forge({ subject: 'Cardea gateways', authority: 0 });
  const server = await (weak ? weakServer() : theDoor(authority));
  const port = server.ports.XMPP ?? 0;
  try {
    const { honest: own, rows: others } = await clientRows(authority);
    const trials: Trial[] = [
      { name: 'server, gateway certificate: refused is the true gateway', through: !(await signsIn(port, own)) },
    ];
    for (const one of others) {
      trials.push({ name: `server, gateway certificate: ${one.title}`, through: await signsIn(port, one) });
    }
    return trials;
  } finally {
    await server.close();
  }
}
