import { type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Trial } from '../attack.ts';
import type { Operation, Place } from './places.ts';
import type { Open, Sides } from './probe.ts';
import { type Change, neverWas, requestOf } from './requests.ts';
import type { Tenant } from './two-tenants.ts';

/** A stream filtered by, or resumed after, a foreign thing tells what one of a thing that never was tells. */
export async function eventStreams(
  { operations, places }: { readonly operations: readonly Operation[]; readonly places: readonly Place[] },
  open: Open,
  sides: Sides,
): Promise<readonly Trial[]> {
  const trials: Trial[] = [];
  for (const operation of operations.filter(({ media }) => media === 'text/event-stream')) {
    for (const place of [undefined, ...places.filter(({ operation: key }) => key === operation.key)]) {
      trials.push(await oneStream(operation, place, open, sides));
    }
  }
  return trials;
}

async function oneStream(operation: Operation, place: Place | undefined, open: Open, sides: Sides): Promise<Trial> {
  const name = `${operation.key}, ${place === undefined ? 'plain' : `${place.in} ${place.name}`}`;
  const world = await open();
  const { attacker, victim } = sides(world);
  const id = place === undefined ? '' : victim.ids[place.noun];
  if (id === undefined) {
    await world.close();
    return { name: `${name}: no thing of the noun ${place?.noun} to ask for`, through: true };
  }
  let ended = false;
  try {
    await world.app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = world.app.server.address() as AddressInfo;
    const follow = (asker: Tenant, value: string): Promise<() => Promise<string>> =>
      openStream(port, operation, asker, place === undefined ? {} : { place, value });
    const foreign = await follow(attacker, id);
    const nobodys = await follow(attacker, neverWas(id));
    const own = await follow(victim, id);
    // Something happens at the victim's door, and at the attacker's own.
    for (const { actor, ids } of [victim, attacker]) {
      await world.ras.core.locks.remove(actor, ids.lock ?? '', { force: true });
      await world.ras.core.estate.changeDoor(actor, ids.door ?? '', { kind: 'common' });
    }
    ended = true;
    await world.app.close();
    const [theirs, nothing, shown] = [await foreign(), await nobodys(), await own()];
    const said = [...Object.values(victim.ids), ...victim.words].filter((word) => theirs.includes(word));
    const why = [
      ...(theirs === nothing ? [] : ['it tells something else than one of nothing']),
      ...said.map((word) => `it says ${word}`),
      ...(shown.includes(victim.ids.door ?? '') ? [] : ['nothing is shown: its own tenant does not hear of it either']),
    ];
    return { name: [name, ...why].join(': '), through: why.length > 0, tried: 2 };
  } finally {
    if (!ended) await world.app.close();
    await world.ras.stop();
  }
}

/** Opens a stream and waits for its first octets; what comes is read to its end. */
function openStream(port: number, operation: Operation, asker: Tenant, change: Change): Promise<() => Promise<string>> {
  const { url, headers } = requestOf(operation, asker, change);
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path: url, headers, agent: false }, (response: IncomingMessage) => {
      let text = '';
      response.setEncoding('utf8');
      const whole = new Promise<string>((done, fail) => {
        response.on('data', (piece: string) => {
          text += piece;
          if (text.includes(': open')) resolve(() => whole);
        });
        response.on('end', () => {
          resolve(() => whole);
          done(text);
        });
        response.on('error', fail);
      });
      whole.catch(reject);
    });
    sent.on('error', reject);
    sent.end();
  });
}
