import type { Reader } from '@cardea/kit-octets';
import type { Secret } from '@cardea/kit-runtime';
import { FIRST_SNF, type HeldKey } from '../node/keys.ts';
import { type DomainSettings, type NodeState, newPeer } from '../node/state.ts';
import { reading, writing } from '../padata/fields.ts';
import {
  readLine,
  readList,
  readSized,
  readVersion,
  writeLine,
  writeList,
  writeSized,
  writeVersion,
} from '../record/fields.ts';
import type { AlgorithmId } from '../suite/suite.ts';

/** A service provider's key at one device, as the domain hands it out (9.2.2). */
export interface ProviderDeviceKey {
  readonly device: Uint8Array;
  /** 3 to 15. */
  readonly keyIndex: number;
  readonly version: number;
  readonly algorithm: AlgorithmId;
  /** 16 octets: the device's own. */
  readonly key: Secret;
}

/** The state of a control node of a service provider (6.5): it speaks to devices that hold the provider's key. */
export interface ProviderState extends NodeState {
  readonly role: 'provider';
}

/** What a control node is. */
export interface ProviderIdentity {
  readonly settings: DomainSettings;
  /** The same at each start: a device remembers whom it has heard, and not without end. */
  readonly address: Uint8Array;
  readonly keys: readonly ProviderDeviceKey[];
}

/** A control node after a start. @throws ScpmError `truncated`, `length`, `unsupported` (a record that is none) */
export function createProvider(
  { settings, address, keys }: ProviderIdentity,
  record: Uint8Array | undefined,
): ProviderState {
  const known = record === undefined ? [] : reading(record, 'record', readRecord);
  const peers = keys.map(({ device, ...key }) => {
    const held: HeldKey = { ...key, state: 'active', use: 'authenticated', isOfThisRun: false };
    const kept = known.find((peer) => peer.address.every((octet, i) => octet === device[i]));
    return { ...newPeer(device), lines: kept?.lines ?? [], keys: [held] };
  });
  return {
    role: 'provider',
    settings,
    address,
    keys: [],
    peers,
    random: new Uint8Array(0),
    randomAsked: false,
    firstSnf: FIRST_SNF,
    failureToldAtMs: Number.NEGATIVE_INFINITY,
    nextId: 1,
  };
}

/** What a control node keeps without power: the SNFs of its lines; its keys stand where they were handed out. */
export function encodeProviderRecord({ peers }: Pick<NodeState, 'peers'>): Uint8Array {
  return writing((writer) => {
    writeVersion(writer);
    writeList(writer, 'peers', peers, ({ address, lines }) => {
      writeSized(writer, 'peer', address);
      writeList(writer, 'lines', lines, (line) => writeLine(writer, line));
    });
    return writer;
  });
}

function readRecord(reader: Reader) {
  readVersion(reader);
  return readList(reader, 'peers', () => ({
    address: readSized(reader, 'peer'),
    lines: readList(reader, 'lines', () => readLine(reader)),
  }));
}
