import type { Reader, Writer } from '@cardea/kit-octets';
import { Secret } from '@cardea/kit-runtime';
import { ADDRESS_SIZES } from '../address.ts';
import { ScpmError } from '../errors.ts';
import { FIRST_SNF, type Line } from '../node/keys.ts';
import { type DomainSettings, newPeer, type Peer } from '../node/state.ts';
import { reading, writing } from '../padata/fields.ts';
import {
  readAlgorithm,
  readFlag,
  readLine,
  readList,
  readOptional,
  readSecret,
  readSized,
  readVersion,
  writeLine,
  writeList,
  writeOptional,
  writeSized,
  writeVersion,
} from '../record/fields.ts';
import { IV_LAYOUTS } from '../suite/iv.ts';
import type { AlgorithmId } from '../suite/suite.ts';
import type { DeviceEntry, DeviceKeyVersion, DomainKey, KsnState } from './state.ts';

/** What a KSN keeps of its domain. */
type DomainRecord = Pick<KsnState, 'settings' | 'address' | 'preferred' | 'group' | 'lastVersion' | 'domainKeys'>;

/** A new domain. */
export interface NewDomain {
  readonly settings: DomainSettings;
  /** Of the KSN. */
  readonly address: Uint8Array;
  readonly preferred: AlgorithmId;
  /** Octet of a Diffie-Hellman group. */
  readonly group: number;
  /** 16 octets, fresh. */
  readonly userKey: Secret;
}

/** The state of the KSN of a new domain. */
export function createDomain({ userKey, ...domain }: NewDomain): KsnState {
  return ksnOf(
    { ...domain, lastVersion: 0, domainKeys: [{ keyIndex: 1, generation: 1, key: userKey, next: undefined }] },
    [],
  );
}

/** A KSN after a start, from its records. @throws ScpmError `truncated`, `length`, `range`, `unsupported` */
export function openKsn(domain: Uint8Array, devices: readonly Uint8Array[]): KsnState {
  return ksnOf(
    reading(domain, 'domain', readDomain),
    devices.map((octets) => reading(octets, 'device', readDevice)),
  );
}

function ksnOf(
  domain: DomainRecord,
  devices: readonly { readonly entry: DeviceEntry; readonly lines: readonly Line[] }[],
): KsnState {
  const peers = devices.map(({ entry, lines }): Peer => ({ ...newPeer(entry.address), lines }));
  return {
    role: 'ksn',
    ...domain,
    entries: devices.map(({ entry }) => entry),
    peers,
    keys: [],
    random: new Uint8Array(0),
    randomAsked: false,
    firstSnf: FIRST_SNF,
    failureToldAtMs: Number.NEGATIVE_INFINITY,
    nextId: 1,
    progress: [],
    exchanges: [],
  };
}

export function encodeDomain(domain: DomainRecord): Uint8Array {
  const { settings, address, preferred, group, lastVersion, domainKeys } = domain;
  return writing((writer) => {
    writeVersion(writer);
    writer.uint('profile', settings.profile === 'standard' ? 1 : 0, 1);
    writer.uint('ivLayout', IV_LAYOUTS.indexOf(settings.ivLayout), 1);
    writer.uint('addressSize', settings.addressSize, 1).octets('address', address, settings.addressSize);
    writer.uint('alg', preferred, 1).uint('group', group, 1).uint('lastVersion', lastVersion, 4);
    writeList(writer, 'keys', domainKeys, ({ keyIndex, generation, key, next }) => {
      writer.uint('keyIndex', keyIndex, 1).uint('generation', generation, 4).octets('key', key.reveal(), 16);
      writeOptional(writer, 'next', next, (following) => {
        writer.uint('generation', following.generation, 4).octets('key', following.key.reveal(), 16);
        writer.uint('committed', following.committed ? 1 : 0, 1);
      });
    });
    return writer;
  });
}

function readDomain(reader: Reader): DomainRecord {
  readVersion(reader);
  const profile = readFlag(reader, 'profile') ? 'standard' : 'hardened';
  const ivLayout = IV_LAYOUTS[reader.uint('ivLayout', 1)];
  if (ivLayout === undefined) throw new ScpmError('range', 'ivLayout', 'is none that there is');
  const sizeOctets = reader.uint('addressSize', 1);
  const addressSize = ADDRESS_SIZES.find((size) => size === sizeOctets);
  if (addressSize === undefined) throw new ScpmError('range', 'addressSize', `must be 6 or 2, is ${sizeOctets}`);
  return {
    settings: { profile, ivLayout, addressSize },
    address: reader.octets('address', addressSize),
    preferred: readAlgorithm(reader),
    group: reader.uint('group', 1),
    lastVersion: reader.uint('lastVersion', 4),
    domainKeys: readList(
      reader,
      'keys',
      (): DomainKey => ({
        keyIndex: reader.uint('keyIndex', 1),
        generation: reader.uint('generation', 4),
        key: readSecret(reader, 'key'),
        next: readOptional(reader, 'next', () => ({
          generation: reader.uint('generation', 4),
          key: readSecret(reader, 'key'),
          committed: readFlag(reader, 'committed'),
        })),
      }),
    ),
  };
}

/** One device of the domain, and the lines with it. */
export function encodeDeviceEntry(entry: DeviceEntry, lines: readonly Line[]): Uint8Array {
  const { address, serialKey, heard, algorithm, keys, offered, providers } = entry;
  return writing((writer) => {
    writeVersion(writer);
    writeSized(writer, 'address', address);
    writer.octets('serialKey', serialKey.reveal(), 16);
    writeOptional(writer, 'heard', heard, (list) =>
      writeList(writer, 'heard', list, (one) => writer.uint('alg', one, 1)),
    );
    writer.uint('alg', algorithm, 1);
    writeList(writer, 'keys', keys, ({ keyIndex, active, pending }) => {
      writer.uint('keyIndex', keyIndex, 1);
      writeSlot(writer, 'active', active);
      writeSlot(writer, 'pending', pending);
    });
    writeSlot(writer, 'offered', offered);
    writeList(writer, 'providers', providers, (keyIndex) => writer.uint('keyIndex', keyIndex, 1));
    writeList(
      writer,
      'lines',
      lines.filter(({ dh }) => !dh),
      (line) => writeLine(writer, line),
    );
    return writer;
  });
}

function readDevice(reader: Reader): { readonly entry: DeviceEntry; readonly lines: readonly Line[] } {
  readVersion(reader);
  const entry: DeviceEntry = {
    address: readSized(reader, 'address'),
    serialKey: new Secret(reader.octets('serialKey', 16)),
    heard: readOptional(reader, 'heard', () => readList(reader, 'heard', () => reader.uint('alg', 1))),
    algorithm: readAlgorithm(reader),
    keys: readList(reader, 'keys', () => ({
      keyIndex: reader.uint('keyIndex', 1),
      active: readSlot(reader, 'active'),
      pending: readSlot(reader, 'pending'),
    })),
    offered: readSlot(reader, 'offered'),
    providers: readList(reader, 'providers', () => reader.uint('keyIndex', 1)),
  };
  return { entry, lines: readList(reader, 'lines', () => readLine(reader)) };
}

function writeSlot(writer: Writer, field: string, slot: DeviceKeyVersion | undefined): void {
  writeOptional(writer, field, slot, ({ version, generation }) =>
    writer.uint('version', version, 4).uint('generation', generation, 4),
  );
}

function readSlot(reader: Reader, field: string): DeviceKeyVersion | undefined {
  return readOptional(reader, field, () => ({
    version: reader.uint('version', 4),
    generation: reader.uint('generation', 4),
  }));
}
