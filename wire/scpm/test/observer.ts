import { nodePrimitives as primitives } from '@cardea/kit-node';
import { equal, toHex } from '@cardea/kit-octets';
import {
  decodeAnswer,
  decodePadata,
  decodePlainFrame,
  decodeSecureFrame,
  type FrameHead,
  isSecure,
  openFrame,
  type Padata,
  sealFrame,
  suiteOf,
} from '../src/index.ts';
import type { HeldKey } from '../src/node/keys.ts';
import { lineName, sameLine } from '../src/node/keys.ts';
import type { Heard, World } from './world.ts';

/** A secure frame that was on the medium, opened with the keys of both ends. */
export interface ObservedSecure extends FrameHead {
  readonly kind: 'secure';
  readonly atMs: number;
  readonly from: Heard['from'];
  readonly octets: Uint8Array;
  /** The key under which it verified. */
  readonly key: HeldKey;
  /** Of requests and successes. */
  readonly padata: Uint8Array | undefined;
  /** What a failure answer copies, or what was on the wire. */
  readonly body: Uint8Array;
}

/** An ordinary frame that was on the medium. */
export interface ObservedPlain {
  readonly kind: 'plain';
  readonly atMs: number;
  readonly from: Heard['from'];
  readonly octets: Uint8Array;
  readonly adata: Uint8Array;
}

export type Observed = ObservedSecure | ObservedPlain;

/** Listens on a world's medium with every key that either end ever had; may lose frames (`loses`). */
export class Observer {
  readonly frames: Observed[] = [];
  /** Frames for which this says true do not arrive; they are observed all the same. */
  loses: (frame: Observed) => boolean = () => false;
  /** What arrives instead of a frame. */
  replaces: (frame: Observed) => Uint8Array = ({ octets }) => octets;
  readonly #world: World;
  readonly #keys: HeldKey[] = [];

  constructor(world: World) {
    this.#world = world;
    world.tamper = (heard) => {
      const frame = this.#observe(heard);
      this.frames.push(frame);
      return this.loses(frame) ? [] : [this.replaces(frame)];
    };
  }

  get secure(): readonly ObservedSecure[] {
    return this.frames.filter((frame) => frame.kind === 'secure');
  }

  get plain(): readonly ObservedPlain[] {
    return this.frames.filter((frame) => frame.kind === 'plain');
  }

  /** Requests of a kind, in their order. */
  requests(kind: Padata['kind']): readonly ObservedSecure[] {
    return this.secure.filter((frame) => isRequest(frame, kind));
  }

  /** The answer to a request: the success that has its SNF + 1, or the failure that copies it. */
  answerTo(request: ObservedSecure): ObservedSecure {
    const { secure } = this;
    const after = secure.slice(secure.indexOf(request) + 1);
    const answer = after.find(
      ({ response, failure, sa, da, keyIndex, snf, body }) =>
        response &&
        keyIndex === request.keyIndex &&
        equal(sa, request.da) &&
        equal(da, request.sa) &&
        (failure === undefined ? snf === request.snf + 1 : equal(body, request.body)),
    );
    if (answer === undefined) throw new Error('no answer');
    return answer;
  }

  /** Forgets what was heard, not the keys. */
  clear(): void {
    this.frames.length = 0;
  }

  #observe({ from, octets }: Heard): Observed {
    const { settings, nowMs } = this.#world;
    this.#learn();
    if (!isSecure(octets)) {
      return { kind: 'plain', atMs: nowMs, from, octets, adata: decodePlainFrame(octets, settings.addressSize).adata };
    }
    const { mdas: _, head: __, ...frame } = decodeSecureFrame(octets, settings.addressSize);
    for (const key of this.#keys) {
      if (key.keyIndex !== frame.keyIndex || (key.state === 'shared') !== frame.dh) continue;
      if (settings.profile === 'standard' && key.algorithm !== 1) continue;
      const suite = suiteOf(
        primitives,
        { profile: settings.profile, algorithm: key.algorithm, key: key.key.reveal(), ivLayout: settings.ivLayout },
        frame,
      );
      const opened = openFrame(suite, decodeSecureFrame(octets, settings.addressSize));
      if (opened.verdict !== 'ok') continue;
      const padata = 'padata' in opened ? opened.padata : undefined;
      return { kind: 'secure', atMs: nowMs, from, octets, key, padata, ...frame };
    }
    throw new Error(`a frame from ${from} opens under no key: ${toHex(octets)}`);
  }

  #learn(): void {
    const { ksn, devices } = this.#world;
    for (const { keys, peers } of [ksn, ...devices]) {
      for (const key of [...keys, ...peers.flatMap((peer) => peer.keys)]) {
        const isKnown = this.#keys.some(
          (each) =>
            sameLine(lineName(each), lineName(key)) &&
            each.algorithm === key.algorithm &&
            equal(each.key.reveal(), key.key.reveal()),
        );
        if (!isKnown) this.#keys.push(key);
      }
    }
  }
}

/** Whether a frame is a request of this kind. */
export function isRequestOf(frame: Observed, kind: Padata['kind']): frame is ObservedSecure {
  return frame.kind === 'secure' && isRequest(frame, kind);
}

function isRequest({ response, padata }: ObservedSecure, kind: Padata['kind']): boolean {
  return !response && padata !== undefined && decodePadata(padata).kind === kind;
}

/** The status that a successful response tells. */
export function statusOf({ padata }: ObservedSecure): string {
  if (padata === undefined) throw new Error('a failure tells no status');
  return decodeAnswer(padata).status;
}

/** The bits of a frame's SHD, b15 to b0. */
export function shdOf(octets: Uint8Array, addressSize = 6): number {
  const at = 3 + 2 * addressSize;
  return (octets[at] as number) | ((octets[at + 1] as number) << 8);
}

/** A requester or an attacker that the test plays: seals frames under a key, at will. */
export function sealAs(
  world: World,
  { keyIndex, algorithm, key, state }: Pick<HeldKey, 'keyIndex' | 'algorithm' | 'key' | 'state'>,
  head: Pick<FrameHead, 'sa' | 'da' | 'services' | 'snf'> & { readonly response?: boolean },
  padata: Uint8Array,
): Uint8Array {
  const { profile, ivLayout } = world.settings;
  const whole: FrameHead = { response: false, ...head, keyIndex, dh: state === 'shared' };
  return sealFrame(suiteOf(primitives, { profile, algorithm, key: key.reveal(), ivLayout }, whole), whole, padata);
}

/** Hands a frame to a node; what it transmitted in answer. */
export function hand(world: World, to: Heard['from'], octets: Uint8Array): readonly Uint8Array[] {
  const before = world.heard.length;
  world.tell(to, { kind: 'frame', octets });
  return world.heard.slice(before).map((heard) => heard.octets);
}
