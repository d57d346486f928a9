import type { Reader } from '@cardea/kit-octets';
import type { Secret } from '@cardea/kit-runtime';
import { KEY_INDEX } from '../header.ts';
import { FIRST_SNF, type HeldKey } from '../node/keys.ts';
import { type DomainSettings, newPeer } from '../node/state.ts';
import { reading, writing } from '../padata/fields.ts';
import {
  readKey,
  readLine,
  readList,
  readOptional,
  readSized,
  readVersion,
  writeKey,
  writeLine,
  writeList,
  writeOptional,
  writeSized,
  writeVersion,
} from '../record/fields.ts';
import { ALGORITHM, type AlgorithmId } from '../suite/suite.ts';
import type { DeviceState } from './state.ts';

/** What a device is, from the factory. */
export interface DeviceIdentity {
  readonly settings: DomainSettings;
  /** 6 octets, or 2. */
  readonly address: Uint8Array;
  /** On its case; 16 octets. */
  readonly serialKey: Secret;
  /** 16 octets; {@link makerKey} makes it. */
  readonly makerKey?: Secret | undefined;
  readonly algorithms: readonly AlgorithmId[];
}

/** What a device keeps without power: its KSN, the keys that it was given, and the SNFs of its lines. */
export function encodeDeviceRecord({ ksn, keys, floors, peers }: DeviceState): Uint8Array {
  return writing((writer) => {
    writeVersion(writer);
    writeOptional(writer, 'ksn', ksn, (address) => writeSized(writer, 'ksn', address));
    writeList(writer, 'keys', keys.filter(isGiven), (key) => writeKey(writer, key));
    writeList(writer, 'floors', floors, ({ keyIndex, version }) =>
      writer.uint('keyIndex', keyIndex, 1).uint('version', version, 4),
    );
    writeList(writer, 'peers', peers, ({ address, lines }) => {
      writeSized(writer, 'peer', address);
      writeList(
        writer,
        'lines',
        lines.filter(({ dh }) => !dh),
        (line) => writeLine(writer, line),
      );
    });
    return writer;
  });
}

const isGiven = ({ version, state }: HeldKey): boolean => version > 0 && state !== 'shared';

/**
 * A device after power-on: from its record, or as it came from the factory.
 * @throws ScpmError `truncated`, `length`, `unsupported` (a record that is none)
 */
export function createDevice(identity: DeviceIdentity, record: Uint8Array | undefined): DeviceState {
  const { settings, address, algorithms } = identity;
  const kept = record === undefined ? undefined : reading(record, 'record', readRecord);
  const keys = [...factoryKeys(identity), ...(kept?.keys ?? [])];
  return {
    role: 'device',
    settings,
    address,
    algorithms,
    keys,
    ksn: kept?.ksn,
    floors: kept?.floors ?? [],
    peers: kept?.peers ?? [],
    random: new Uint8Array(0),
    randomAsked: false,
    firstSnf: FIRST_SNF,
    failureToldAtMs: Number.NEGATIVE_INFINITY,
    nextId: 1,
    settingUntilMs: undefined,
    exchange: undefined,
    wish: undefined,
  };
}

function factoryKeys({ serialKey, makerKey }: DeviceIdentity): readonly HeldKey[] {
  const factory = {
    version: 0,
    algorithm: ALGORITHM.cbc,
    state: 'active',
    use: 'authenticated',
    isOfThisRun: false,
  } as const;
  const serial = { ...factory, keyIndex: KEY_INDEX.serial, key: serialKey };
  return makerKey === undefined ? [serial] : [serial, { ...factory, keyIndex: KEY_INDEX.maker, key: makerKey }];
}

function readRecord(reader: Reader): Pick<DeviceState, 'ksn' | 'keys' | 'floors' | 'peers'> {
  readVersion(reader);
  return {
    ksn: readOptional(reader, 'ksn', () => readSized(reader, 'ksn')),
    keys: readList(reader, 'keys', () => readKey(reader)),
    floors: readList(reader, 'floors', () => ({
      keyIndex: reader.uint('keyIndex', 1),
      version: reader.uint('version', 4),
    })),
    peers: readList(reader, 'peers', () => ({
      ...newPeer(readSized(reader, 'peer')),
      lines: readList(reader, 'lines', () => readLine(reader)),
    })),
  };
}
