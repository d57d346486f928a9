import { CoreError } from '@cardea/server-core';
import type { FromGateway } from '@cardea/wire-route';
import type { Trial } from '../attack.ts';
import type { Open, Sides } from './probe.ts';
import { neverWas } from './requests.ts';
import { recordOf } from './two-tenants.ts';

/** A tenant's gateway speaks for another tenant's lock: it is told that there is none, and nothing comes of it. */
export async function gatewayReports(open: Open, sides: Sides): Promise<readonly Trial[]> {
  const world = await open();
  const { attacker, victim } = sides(world);
  const { uplink } = world.ras.core;
  const trials: Trial[] = [];
  try {
    const gateway = attacker.ids.gateway ?? '';
    const identifier = victim.ids.identifier ?? '';
    await uplink.online(gateway);
    const heard: string[] = [];
    world.ras.core.events.follow(victim.actor, ({ type }) => heard.push(type));
    const before = await recordOf(world, victim);
    const said = async (message: FromGateway): Promise<string> => {
      world.store.taken();
      const answer = await uplink.received(gateway, message).then(
        () => 'taken',
        (error: unknown) => (error instanceof CoreError ? `${error.code}: ${error.message}` : 'a mistake'),
      );
      return JSON.stringify([answer, world.store.taken()]);
    };
    for (const message of everyMessage(victim.ids.attempt ?? '')) {
      const foreign = await said({ ...message, lock: identifier });
      const nobodys = await said({ ...message, lock: neverWas(identifier) });
      const own = await said({ ...message, lock: attacker.ids.identifier ?? '' });
      const why = [
        ...(foreign === nobodys ? [] : [`${foreign} and not ${nobodys}`]),
        ...(foreign.includes('not_found') ? [] : [`${foreign} and not item-not-found`]),
        ...(own === foreign ? ['nothing is shown: its own lock is answered the same'] : []),
      ];
      trials.push({ name: [`a gateway's ${message.kind}`, ...why].join(': '), through: why.length > 0, tried: 2 });
    }
    const untouched = (await recordOf(world, victim)) === before && heard.length === 0;
    trials.push({ name: "the other tenant's record and events after all that", through: !untouched });
    const seen = await world.ras.core.locks.get(victim.actor, victim.ids.lock ?? '');
    trials.push({ name: 'its commands go through the strange gateway', through: seen.gatewayId !== null });
  } finally {
    await world.close();
  }
  return trials;
}

function everyMessage(attempt: string): readonly FromGateway[] {
  const octets = Uint8Array.of(1, 2, 3);
  return [
    { kind: 'frame', id: 'report-1', lock: '', channel: 1, octets },
    { kind: 'progress', id: `${attempt}.1`, lock: '', stage: 'failed', queuePosition: null, reason: 'no_answer' },
    { kind: 'sighting', lock: '', maker: 'cardea', rssiDbm: -40, unbound: null, state: octets },
    { kind: 'sighting', lock: '', maker: 'cardea', rssiDbm: -40, unbound: null, state: null },
  ];
}
