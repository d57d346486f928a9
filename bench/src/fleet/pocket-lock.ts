import { agreeP256, generateP256, nodePrimitives, systemRandom } from '@cardea/kit-node';
import { type Cancel, type Clock, instant, Secret } from '@cardea/kit-runtime';
import {
  applyChange,
  type DeviceState,
  type DurableState,
  FACTORY_STATE,
  initialDevice,
  stepDevice,
} from '@cardea/wire-lock';
import type { DeviceInput } from '@cardea/wire-profile';
import { type FleetLock, KEY_VERSION } from './plan.ts';

/** A bound lock without radio, body or flash: the product's device machine, its messages handed over as they are. */
export interface PocketLock {
  /** A message of the RAS. */
  message(channel: number, octets: Uint8Array): void;
  /** Somebody opens the door: the lock has an event to tell. */
  doorOpened(): void;
  /** Its door stands open with the bolt drawn, or closed with the bolt out, from now on; the RAS learns it when it asks. */
  doorIs(open: boolean): void;
  stop(): void;
}

const LINK = 1;
const STATUS = {
  bits: { boltOut: true, jammed: false, doorOpen: false, tamper: false, privacy: false },
  batteryPercent: 90,
} as const;
const FACTORY_KEY = new Secret(new Uint8Array(16));

/** Powers the lock of this plan, its clock set. `send` gets what it says. */
export function createPocketLock(
  planned: FleetLock,
  clock: Clock,
  send: (channel: number, octets: Uint8Array) => void,
): PocketLock {
  let durable: DurableState = {
    ...FACTORY_STATE,
    record: {
      ...FACTORY_STATE.record,
      active: { keyVersion: KEY_VERSION, key: planned.key },
      timeFloorS: Math.floor(clock.now() / 1000),
    },
  };
  let state: DeviceState = initialDevice(
    { identifier: planned.identifier, model: 1, factoryKey: FACTORY_KEY, printedCode: undefined, suite: 'hardened' },
    durable,
  );
  let cancelWake: Cancel = () => {};

  const input = (what: DeviceInput): void => {
    const step = stepDevice({ primitives: nodePrimitives, now: instant(clock) }, state, what);
    state = step.state;
    for (const effect of step.effects) {
      switch (effect.kind) {
        case 'send':
          send(effect.channel, effect.octets);
          break;
        case 'act':
          input({ kind: 'acted', token: effect.token, result: 'done', detail: 0, status: STATUS });
          break;
        case 'persist':
          durable = applyChange(durable, effect.change);
          input({ kind: 'persisted', id: effect.id });
          break;
        case 'make-ephemeral':
          input({
            kind: 'ephemeral',
            id: effect.id,
            random: systemRandom.octets(effect.sizeOctets),
            ...generateP256(),
          });
          break;
        case 'make-random':
          input({ kind: 'random', id: effect.id, random: systemRandom.octets(effect.sizeOctets) });
          break;
        case 'agree':
          input({ kind: 'agreed', id: effect.id, z: agreeP256(effect.privateKey, effect.peer) });
          break;
        case 'sign':
          // It has no serial key: it says so, and is asked no more.
          input({ kind: 'signed', id: effect.id, signature: undefined });
          break;
        case 'wake':
          cancelWake();
          cancelWake = clock.after(effect.atMonotonicMs - clock.monotonic(), () => input({ kind: 'wake' }));
          break;
        default:
          // What it advertises and how its body is set up is of no use without either.
          break;
      }
    }
  };
  input({ kind: 'powered-on', status: STATUS });
  input({ kind: 'connected', link: LINK });

  return {
    message: (channel, octets) => input({ kind: 'message', link: LINK, channel, octets }),
    doorOpened: () => input({ kind: 'happened', code: 'door_opened', actor: 0, detail: 0 }),
    doorIs: (open) =>
      input({ kind: 'status', status: { ...STATUS, bits: { ...STATUS.bits, boltOut: !open, doorOpen: open } } }),
    stop: () => cancelWake(),
  };
}
