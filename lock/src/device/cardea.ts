import { concat } from '@cardea/kit-octets';
import { decodeDeltas, encodeDeltas } from '@cardea/wire-access';
import {
  applyChange,
  type DeviceRecord,
  type DeviceState,
  type DurableChange,
  type DurableState,
  decodeDurable,
  decodeEvent,
  encodeDurable,
  encodeEvent,
  FACTORY_STATE,
  initialDevice,
  LEGACY_CHARACTERISTIC,
  LINK_CHARACTERISTIC,
  LOCK_SERVICE,
  lockLink,
  stepDevice,
} from '@cardea/wire-lock';
import { type ChangeParts, decodeChange, encodeChange } from './change-codec.ts';
import type { DeviceMachine } from './machine.ts';

/** The kind octet of a change of what the lock enforces by itself: beyond those of every maker. */
const ACCESS_KIND = 0x10;

const parts: ChangeParts<DeviceRecord> = {
  encodeRecord: (record) => encodeDurable({ ...FACTORY_STATE, record }),
  decodeRecord: (octets) => decodeDurable(octets).record,
  encodeEvent,
  decodeEvent,
};

function machine(suite: 'hardened' | 'legacy'): DeviceMachine<DeviceState, DurableState, DurableChange> {
  return {
    maker: suite === 'hardened' ? 'cardea' : 'cardea-legacy',
    service: {
      uuid: LOCK_SERVICE,
      characteristics: [
        { uuid: LINK_CHARACTERISTIC, write: true, notify: true },
        { uuid: LEGACY_CHARACTERISTIC, write: true, notify: true },
      ],
    },
    durable: {
      factory: FACTORY_STATE,
      apply: applyChange,
      encodeState: encodeDurable,
      decodeState: decodeDurable,
      encodeChange: (change) =>
        change.kind === 'access'
          ? concat(Uint8Array.of(ACCESS_KIND), encodeDeltas(change.deltas))
          : encodeChange(parts, change),
      decodeChange: (octets) =>
        octets[0] === ACCESS_KIND
          ? { kind: 'access', deltas: decodeDeltas(octets.subarray(1)) }
          : decodeChange(parts, octets),
      erases: (change) => change.kind === 'access' && change.deltas.some(({ kind }) => kind === 'forget'),
    },
    initial: (_, identity, durable) => initialDevice({ ...identity, suite }, durable),
    step: stepDevice,
    link: lockLink,
  };
}

/** A lock that speaks the hardened lock protocol. */
export const cardeaMachine: DeviceMachine<DeviceState, DurableState, DurableChange> = machine('hardened');

/** A lock that speaks the seed's own, weak protocol. */
export const cardeaLegacyMachine: DeviceMachine<DeviceState, DurableState, DurableChange> = machine('legacy');
