import type { Reader, Writer } from '@cardea/kit-octets';
import { ScpmError } from '../errors.ts';
import { KEY_INDEX } from '../header.ts';
import { PADATA_MAX_OCTETS } from '../text.ts';
import {
  type FragmentPlace,
  fragmentPlace,
  masterIndex,
  providerIndex,
  readAlgorithms,
  reading,
  sized,
  within,
  writeAlgorithms,
  writing,
} from './fields.ts';
import { type KeyMaterial, readKeyMaterial, writeKeyMaterial } from './key-material.ts';
import { OPERATION, operationOf } from './operation.ts';

/** Octets of the nonce of an SNF inquiry. */
export const NONCE_OCTETS = 16;
/** Parts of a DH public value. */
export const DH_FRAGMENTS_MAX = 2;
/** Octets of a part of a DH public value: what PADATA holds besides its 13 fixed octets. */
export const DH_PART_MAX_OCTETS: number = PADATA_MAX_OCTETS - 13;
/** Parts of a lock message. */
export const LOCK_FRAGMENTS_MAX = 5;
/** Octets of a part of a lock message. */
export const LOCK_PART_MAX_OCTETS = 240;

/** 02 nonce(16): the requester has no SNF and learns it from the failure that copies this (8.1.5, Figure 10). */
export interface SnfInquiry {
  readonly kind: 'snf-inquiry';
  /** 16 octets, fresh. */
  readonly nonce: Uint8Array;
}

/** 10 keyIndex(1) = 1 version(4) alg(1) keyLen(1) key n(1) alg(n): user key initialisation (9.2.1 f)). */
export interface UserKey extends KeyMaterial {
  readonly kind: 'user-key';
  /** The answer to the algorithm inquiry as the KSN heard it: 1 to 16. */
  readonly heard: readonly number[];
}

/** 11 keyIndex(1) = 3 to 15 version(4) alg(1) keyLen(1) key: service provider key initialisation (9.2.2). */
export interface ProviderKey extends KeyMaterial {
  readonly kind: 'provider-key';
}

/** 12 keyIndex(1) = 3 to 15: a service provider's key is taken back (ours, beside 9.2.2). */
export interface ForgetKey {
  readonly kind: 'forget-key';
  readonly keyIndex: number;
}

/**
 * 20 exchangeId(4) group(1) keyIndex(1) version(4) fragment(1) total(1) part: a DH public value or a part of it
 * (9.3.1 a), e)).
 */
export interface DhValue extends FragmentPlace {
  readonly kind: 'dh-value';
  /** One run: 0 to 2^32 - 1. */
  readonly exchangeId: number;
  /** One octet; the known ones are those of DH_GROUPS. */
  readonly group: number;
  /** The key under which the run stands: 0 (serial, before the first user key), 1, or 3 to 15. */
  readonly keyIndex: number;
  /** The version of the key that will be given: 0 to 2^32 - 1. */
  readonly version: number;
  /** 1 to 242 octets. */
  readonly part: Uint8Array;
}

/** 22 keyIndex(1) version(4) alg(1) keyLen(1) key: a new master key under the DH secret (9.3.1 j)). */
export interface NewMasterKey extends KeyMaterial {
  readonly kind: 'new-master-key';
}

/** 24 keyIndex(1) version(4): the pending key becomes the active one (9.3.2). */
export interface Commit {
  readonly kind: 'commit';
  readonly keyIndex: number;
  readonly version: number;
}

/** 25 keyIndex(1) version(4): the pending key is given up (ours, beside 9.3.2). */
export interface Abort {
  readonly kind: 'abort';
  readonly keyIndex: number;
  readonly version: number;
}

/** 26 keyIndex(1): a device asks for a new master key (9.3.3). */
export interface UpdateRequest {
  readonly kind: 'update-request';
  readonly keyIndex: number;
}

/** 30 message(2) fragment(1) total(1) octets: a lock message or a part of it, opaque to SCPM (ours). */
export interface LockMessagePart extends FragmentPlace {
  readonly kind: 'lock-message';
  /** Counts the messages of a direction: 0 to 65535, then again. */
  readonly message: number;
  /** 1 to 240 octets. */
  readonly part: Uint8Array;
}

/** PADATA of a request: one operation. The answers are in `Answer`. */
export type Padata =
  | SnfInquiry
  | UserKey
  | ProviderKey
  | ForgetKey
  | DhValue
  | NewMasterKey
  | Commit
  | Abort
  | UpdateRequest
  | LockMessagePart;

/** @throws ScpmError `range`, `length` */
export function encodePadata(padata: Padata): Uint8Array {
  return writing((writer) => writeFields(writer.uint('op', OPERATION[padata.kind], 1), padata));
}

/** The inverse of {@link encodePadata}. @throws ScpmError `truncated`, `length`, `range`, `unsupported` (another operation) */
export function decodePadata(octets: Uint8Array): Padata {
  return reading(octets, 'padata', readFields);
}

function writeFields(writer: Writer, padata: Padata): Writer {
  switch (padata.kind) {
    case 'snf-inquiry':
      return writer.octets('nonce', padata.nonce, NONCE_OCTETS);
    case 'user-key':
      return writeAlgorithms(writeKeyMaterial(writer, userIndex, padata), padata.heard);
    case 'provider-key':
      return writeKeyMaterial(writer, providerIndex, padata);
    case 'forget-key':
      return writer.uint('keyIndex', providerIndex(padata.keyIndex), 1);
    case 'dh-value':
      writer.uint('exchangeId', padata.exchangeId, 4).uint('group', padata.group, 1);
      writer.uint('keyIndex', dhIndex(padata.keyIndex), 1).uint('version', padata.version, 4);
      return writeFragment(writer, padata, DH_FRAGMENTS_MAX).octets(
        'part',
        sized('part', padata.part, 1, DH_PART_MAX_OCTETS),
      );
    case 'new-master-key':
      return writeKeyMaterial(writer, masterIndex, padata);
    case 'commit':
    case 'abort':
      return writer.uint('keyIndex', masterIndex(padata.keyIndex), 1).uint('version', padata.version, 4);
    case 'update-request':
      return writer.uint('keyIndex', masterIndex(padata.keyIndex), 1);
    case 'lock-message':
      writer.uint('message', padata.message, 2);
      return writeFragment(writer, padata, LOCK_FRAGMENTS_MAX).octets(
        'part',
        sized('part', padata.part, 1, LOCK_PART_MAX_OCTETS),
      );
  }
}

function readFields(reader: Reader): Padata {
  const op = reader.uint('op', 1);
  const kind = operationOf(op);
  switch (kind) {
    case undefined:
      throw new ScpmError('unsupported', 'op', `no request has the operation ${op}`);
    case 'snf-inquiry':
      return { kind, nonce: reader.octets('nonce', NONCE_OCTETS) };
    case 'user-key':
      return { kind, ...readKeyMaterial(reader, userIndex), heard: readAlgorithms(reader) };
    case 'provider-key':
      return { kind, ...readKeyMaterial(reader, providerIndex) };
    case 'forget-key':
      return { kind, keyIndex: providerIndex(reader.uint('keyIndex', 1)) };
    case 'dh-value':
      return {
        kind,
        exchangeId: reader.uint('exchangeId', 4),
        group: reader.uint('group', 1),
        keyIndex: dhIndex(reader.uint('keyIndex', 1)),
        version: reader.uint('version', 4),
        ...readFragment(reader, DH_FRAGMENTS_MAX),
        part: sized('part', reader.rest(), 1, DH_PART_MAX_OCTETS),
      };
    case 'new-master-key':
      return { kind, ...readKeyMaterial(reader, masterIndex) };
    case 'commit':
    case 'abort':
      return { kind, keyIndex: masterIndex(reader.uint('keyIndex', 1)), version: reader.uint('version', 4) };
    case 'update-request':
      return { kind, keyIndex: masterIndex(reader.uint('keyIndex', 1)) };
    case 'lock-message':
      return {
        kind,
        message: reader.uint('message', 2),
        ...readFragment(reader, LOCK_FRAGMENTS_MAX),
        part: sized('part', reader.rest(), 1, LOCK_PART_MAX_OCTETS),
      };
  }
}

function writeFragment(writer: Writer, place: FragmentPlace, most: number): Writer {
  const { fragment, total } = fragmentPlace(place, most);
  return writer.uint('fragment', fragment, 1).uint('total', total, 1);
}

function readFragment(reader: Reader, most: number): FragmentPlace {
  const fragment = reader.uint('fragment', 1);
  return fragmentPlace({ fragment, total: reader.uint('total', 1) }, most);
}

function userIndex(value: number): number {
  return within('keyIndex', value, KEY_INDEX.user, KEY_INDEX.user);
}

function dhIndex(value: number): number {
  return value === KEY_INDEX.serial ? value : masterIndex(value);
}
