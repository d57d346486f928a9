import { hkdf, hkdfExpand, hkdfExtract, type Primitives } from '@cardea/kit-crypto';
import { concat, fromAscii } from '@cardea/kit-octets';
import { Secret } from '@cardea/kit-runtime';
import type { Run } from './key-agreement.ts';
import { type FrameKeys, frameKeys, type KeyKind } from './sealed-frame.ts';

const LABEL_HEAD = 'cardea-lock-1 ';

/** What both sides hold after a run. */
export interface AgreedKeys {
  /** The RAS's confirmation, 32 octets: HMAC-SHA256(key "confirmS", transcript hash). */
  readonly confirmS: Uint8Array;
  /** The lock's confirmation, 32 octets. */
  readonly confirmL: Uint8Array;
  /** Frame keys by kind. */
  readonly frames: Readonly<Record<KeyKind, FrameKeys>>;
  /** The new binding key (16 octets); of bind runs only. */
  readonly bindingKey: Secret | undefined;
}

/**
 * PRK = HKDF-Extract(salt = PSK, IKM = Z); keys = HKDF-Expand(PRK, "cardea-lock-1 " | label | transcript hash).
 * `z`: the shared x coordinate, 32 octets; `transcript`: SHA-256(M1 | M2).
 */
export function keySchedule(
  primitives: Primitives,
  inputs: { readonly psk: Uint8Array; readonly z: Uint8Array; readonly transcript: Uint8Array; readonly run: Run },
): AgreedKeys {
  const prk = hkdfExtract(primitives, inputs.psk, inputs.z);
  const expand = (label: string, sizeOctets: number): Uint8Array =>
    hkdfExpand(primitives, prk, concat(fromAscii(LABEL_HEAD + label), inputs.transcript), sizeOctets);
  const frames = (kind: KeyKind): FrameKeys =>
    frameKeys(primitives, kind, {
      enc: expand(`${kind} enc`, 16),
      mac: expand(`${kind} mac`, 16),
      iv: expand(`${kind} iv`, 16),
    });
  return {
    confirmS: primitives.hmacSha256(expand('confirmS', 32), inputs.transcript),
    confirmL: primitives.hmacSha256(expand('confirmL', 32), inputs.transcript),
    frames: { command: frames('command'), receipt: frames('receipt'), event: frames('event') },
    bindingKey: inputs.run === 'bind' ? new Secret(expand('bind', 16)) : undefined,
  };
}

/** Kadv = HKDF(Kbind, "adv"): gateways recognise a lock by it. 16 octets. */
export function advertisementKey(primitives: Primitives, bindingKey: Uint8Array): Uint8Array {
  return hkdf(primitives, bindingKey, 'adv', 16);
}

/** Kbeacon = HKDF(Kbind, "beacon"): seals the state part of the advertisement for the RAS. 16 octets. */
export function beaconKey(primitives: Primitives, bindingKey: Uint8Array): Uint8Array {
  return hkdf(primitives, bindingKey, 'beacon', 16);
}
