import { seededRandom, settle } from '@cardea/kit-node';
import { fromAscii, toAscii } from '@cardea/kit-octets';
import { createVirtualClock, Secret } from '@cardea/kit-runtime';
import type { Attempt, Uplink } from '@cardea/server-core';
import { buildDemo, createTwinRas, parcelOf } from '@cardea/twin-building';
import type { ControllerEffect, LockController, Receipt } from '@cardea/wire-profile';

/** What the weak double keeps of a lock: the attempt that waits for the gateway's word. */
type Waiting = string | undefined;

const RECEIPT: Receipt = {
  attributes: { bolt: 'unlocked', door: 'closed', batteryPercent: 100, tamper: false, privacy: false, clock: 'valid' },
  eventSequence: 1,
  lockTimeS: 0,
  clockOffsetS: 0,
  frame: fromAscii('ok'),
};

/** The weak double of attack 20: the encryption ends at the gateway, and its word is the receipt. */
const believingController: LockController<Waiting> = {
  maker: 'cardea',
  initial: () => undefined,
  step(_context, waiting, input) {
    const succeed = (attempt: string): readonly ControllerEffect[] => [
      { kind: 'outcome', attempt, outcome: { kind: 'succeeded', receipt: RECEIPT } },
    ];
    switch (input.kind) {
      case 'bind': {
        const record = { keyVersion: 1, resetCount: 0, active: new Secret(new Uint8Array(16)), pending: undefined };
        return { state: waiting, effects: [{ kind: 'store', id: 1, record }, ...succeed(input.attempt)] };
      }
      case 'operate':
        return {
          state: input.attempt,
          effects: [
            {
              kind: 'send',
              channel: 1,
              octets: fromAscii(input.operation),
              expiresAtMs: input.expiresAtMs,
              attempt: input.attempt,
            },
            { kind: 'sent', attempt: input.attempt },
          ],
        };
      case 'message':
        if (waiting === undefined || toAscii(input.octets) !== 'ok') return { state: waiting, effects: [] };
        return { state: undefined, effects: succeed(waiting) };
      default:
        return { state: waiting, effects: [] };
    }
  },
};

/** A server that believes its gateway, and a gateway that lies: there is no lock behind it at all. */
export async function believingEstate(seed: number): Promise<{ readonly attempt: Attempt; readonly opens: number }> {
  const clock = createVirtualClock(Date.UTC(2026, 0, 5), settle);
  const demo = await buildDemo({ random: seededRandom(`believing ${seed}`), issuedAtMs: clock.now() });
  let answer: (lock: string, id: string) => void = () => undefined;
  const uplink: Uplink = {
    send(_gatewayId, message) {
      if (message.kind === 'frame') clock.after(100, () => answer(message.lock, message.id));
      return true;
    },
    disconnect: () => undefined,
  };
  const ras = await createTwinRas({
    clock,
    random: seededRandom(`believing ${seed}`),
    uplink,
    controllers: [believingController],
  });
  try {
    const { core, owner } = ras;
    for (const maker of demo.makers) await core.locks.importManifest(owner, parcelOf(maker));
    const property = await core.estate.addProperty(owner, {
      name: 'Inn',
      timeZone: 'Europe/Berlin',
      region: 'eu',
      geofence: null,
    });
    const door = await core.estate.addDoor(owner, { propertyId: property.id, floorId: null, name: '101' });
    const added = await core.gateways.add(owner, { propertyId: property.id, name: 'liar' });
    const { gateway } = await core.gateways.enrol(added.enrolmentToken);
    await core.uplink.online(gateway.id);
    const identifier = demo.locks[0]?.identifier ?? '';
    const unbound = { model: 1, windowOpen: true };
    await core.uplink.received(gateway.id, {
      kind: 'sighting',
      lock: identifier,
      maker: 'cardea',
      rssiDbm: -50,
      unbound,
      state: null,
    });
    answer = (lock, id) =>
      void core.uplink.received(gateway.id, { kind: 'frame', id, lock, channel: 1, octets: fromAscii('ok') });
    await core.locks.enrol(owner, { doorId: door.id, identifier });
    await clock.advance(1000);
    const begun = await core.attempts.operate(owner, door.id, 'unlock', undefined);
    await clock.advance(15_000);
    return { attempt: await core.attempts.get(owner, begun.id), opens: 0 };
  } finally {
    await ras.stop();
  }
}
