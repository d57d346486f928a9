import { toHex } from '@cardea/kit-octets';
import {
  type AlgorithmId,
  type Direction,
  decodeSecureFrame,
  directionKey,
  isSecure,
  openFrame,
  suiteOf,
} from '@cardea/wire-scpm';
import type { Domain } from './domain.ts';

interface KnownKey {
  readonly keyIndex: number;
  readonly dh: boolean;
  readonly algorithm: AlgorithmId;
  readonly octets: Uint8Array;
}

/** What an oracle with every key finds in the enciphered frames of a run. */
export interface Emitted {
  /** Enciphered frames, repetitions not counted. */
  readonly frames: number;
  /** Frames that no key of either end opens: of them nothing is known. */
  readonly unread: number;
  /** Pairs of different texts under one key and one IV or nonce. */
  readonly reused: number;
}

/**
 * An oracle that holds every key which either end of a domain ever held, and looks for two texts under one key and one
 * IV or nonce among all frames that were sent, arrived or not.
 */
export class EmittedTexts {
  readonly #domain: Domain;
  readonly #keys = new Map<string, KnownKey>();

  constructor(domain: Domain) {
    this.#domain = domain;
    domain.watch = () => this.#learn();
  }

  read(): Emitted {
    const { heard, settings, primitives } = this.#domain;
    const bodies = new Map<string, string>();
    const seen = new Set<string>();
    let unread = 0;
    let reused = 0;
    for (const { octets } of heard) {
      if (!isSecure(octets)) continue;
      const frame = decodeSecureFrame(octets, settings.addressSize);
      // Authentication alone and failure answers, which copy what was enciphered by another, use no IV and no nonce.
      if (frame.services === 'auth' || frame.failure !== undefined || seen.has(toHex(octets))) continue;
      seen.add(toHex(octets));
      const direction: Direction = { sa: frame.sa, da: frame.da, response: frame.response, dh: frame.dh };
      const key = [...this.#keys.values()].find(({ keyIndex, dh, algorithm, octets: of }) => {
        if (keyIndex !== frame.keyIndex || dh !== frame.dh) return false;
        const suite = suiteOf(primitives, { profile: settings.profile, algorithm, key: of }, direction);
        return openFrame(suite, frame).verdict === 'ok';
      });
      if (key === undefined) {
        unread++;
        continue;
      }
      const used =
        settings.profile === 'standard'
          ? key.octets
          : directionKey(primitives, key.octets, key.algorithm === 2 ? 'ccm' : 'enc', direction);
      const place = `${toHex(used)} ${frame.snf}`;
      const before = bodies.get(place);
      const body = toHex(frame.body);
      if (before !== undefined && before !== body) reused++;
      bodies.set(place, body);
    }
    return { frames: seen.size, unread, reused };
  }

  #learn(): void {
    const { ksn, locks } = this.#domain;
    for (const state of [ksn, ...locks.values()]) {
      for (const key of [...state.keys, ...state.peers.flatMap((peer) => peer.keys)]) {
        const octets = key.key.reveal();
        const { keyIndex, algorithm } = key;
        const known = { keyIndex, dh: key.state === 'shared', algorithm, octets };
        this.#keys.set(`${toHex(octets)} ${keyIndex} ${known.dh} ${algorithm}`, known);
      }
    }
  }
}
