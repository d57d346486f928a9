import { readFileSync } from 'node:fs';
import { nodePrimitives as primitives } from '@cardea/kit-node';
import { fromHex } from '@cardea/kit-octets';
import {
  type AddressSize,
  type AlgorithmId,
  type Check,
  decodeSecureFrame,
  type Failure,
  type FrameHead,
  type FrameSuite,
  type IvLayout,
  type Opened,
  openFrame,
  type ScpmProfile,
  type Services,
  sealFailure,
  sealFrame,
  suiteOf,
} from '../src/index.ts';

/** A frame of vectors/scpm.json, octets in hex; made by test/vectors/make.py from the text, without our code. */
export interface FrameVector {
  readonly name: string;
  readonly clause: string;
  readonly profile: ScpmProfile;
  readonly algorithm: AlgorithmId;
  readonly ivLayout: IvLayout;
  readonly key: string;
  readonly keyIndex: number;
  readonly dh: boolean;
  readonly services: Services;
  readonly response: boolean;
  readonly failure: Failure | null;
  readonly sa: string;
  readonly da: string;
  readonly snf: number;
  readonly frame: string;
}

/** A frame that opens. */
export interface AcceptVector extends FrameVector {
  readonly padata?: string;
  readonly copied?: string;
  /** `bcc` and `text` are not there of a failure answer; `mdas` is null without authentication. */
  readonly parts: {
    readonly shd: string;
    readonly bc: number;
    readonly bcc?: string;
    readonly text?: string;
    readonly body: string;
    readonly mdas: string | null;
  };
}

/** A frame that fails at one check alone. */
export interface RefuseVector extends FrameVector {
  readonly verdict: Check;
}

interface Document {
  readonly deviceKeys: readonly {
    readonly name: string;
    readonly domainKey: string;
    readonly device: string;
    readonly keyIndex: number;
    readonly keyVersion: number;
    readonly key: string;
  }[];
  readonly directionKeys: readonly {
    readonly name: string;
    readonly deviceKey: string;
    readonly sa: string;
    readonly da: string;
    readonly response: boolean;
    readonly dh: boolean;
    readonly keys: Readonly<Record<'enc' | 'mac' | 'iv' | 'ccm', string>>;
  }[];
  readonly accept: readonly AcceptVector[];
  readonly refuse: readonly RefuseVector[];
}

/** All of vectors/scpm.json. */
export const VECTORS: Document = JSON.parse(
  readFileSync(new URL('../../../vectors/scpm.json', import.meta.url), 'utf8'),
);

/** The vector of a name. */
export function vectorOf(name: string): AcceptVector {
  const found = VECTORS.accept.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no vector is called ${name}`);
  return found;
}

/** What a vector's frame says in clear. */
export function headOf({ sa, da, failure, keyIndex, dh, services, response, snf }: FrameVector): FrameHead {
  return { keyIndex, dh, services, response, snf, failure: failure ?? undefined, sa: fromHex(sa), da: fromHex(da) };
}

/** The suite of a vector, for the direction of `head` (its own unless told). */
export function suiteOfVector(vector: FrameVector, head: FrameHead = headOf(vector)): FrameSuite {
  const { profile, algorithm, ivLayout, key } = vector;
  return suiteOf(primitives, { profile, algorithm, ivLayout, key: fromHex(key) }, head);
}

export const addressSizeOfVector = ({ sa }: FrameVector): AddressSize => (sa.length === 4 ? 2 : 6);

/** Opens octets under the key of a vector, in the direction that they say themselves. */
export function openUnder(vector: FrameVector, octets: Uint8Array, snf?: number): Opened {
  const frame = decodeSecureFrame(octets, addressSizeOfVector(vector));
  return openFrame(suiteOfVector(vector, frame), frame, snf);
}

/** Seals what a vector says. */
export function sealVector(vector: AcceptVector): Uint8Array {
  const suite = suiteOfVector(vector);
  const head = headOf(vector);
  return vector.copied === undefined
    ? sealFrame(suite, head, fromHex(vector.padata ?? ''))
    : sealFailure(suite, head, fromHex(vector.copied));
}
