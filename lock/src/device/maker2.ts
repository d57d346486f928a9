import {
  applyMaker2Change,
  decodeEventBody,
  decodeMaker2Durable,
  encodeEventBody,
  encodeMaker2Durable,
  initialMaker2Device,
  MAKER2_FACTORY_STATE,
  MAKER2_INBOX,
  MAKER2_OUTBOX,
  MAKER2_SERVICE,
  type Maker2DeviceRecord,
  type Maker2DeviceState,
  type Maker2DurableChange,
  type Maker2DurableState,
  maker2DeviceLink,
  stepMaker2Device,
} from '@cardea/wire-maker2';
import { type ChangeParts, decodeChange, encodeChange } from './change-codec.ts';
import type { DeviceMachine } from './machine.ts';

const parts: ChangeParts<Maker2DeviceRecord> = {
  encodeRecord: (record) => encodeMaker2Durable({ ...MAKER2_FACTORY_STATE, record }),
  decodeRecord: (octets) => decodeMaker2Durable(octets).record,
  encodeEvent: encodeEventBody,
  // These locks have no clock.
  decodeEvent: (octets) => ({ ...decodeEventBody(octets), lockTimeS: 0 }),
};

/** A lock of the second maker. */
export const maker2Machine: DeviceMachine<Maker2DeviceState, Maker2DurableState, Maker2DurableChange> = {
  maker: 'maker2',
  service: {
    uuid: MAKER2_SERVICE,
    characteristics: [
      { uuid: MAKER2_INBOX, write: true, notify: false },
      { uuid: MAKER2_OUTBOX, write: false, notify: true },
    ],
  },
  durable: {
    factory: MAKER2_FACTORY_STATE,
    apply: applyMaker2Change,
    encodeState: encodeMaker2Durable,
    decodeState: decodeMaker2Durable,
    encodeChange: (change) => encodeChange(parts, change),
    decodeChange: (octets) => decodeChange(parts, octets),
  },
  initial: initialMaker2Device,
  step: stepMaker2Device,
  link: maker2DeviceLink,
};
