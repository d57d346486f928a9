import { hkdf, type Primitives, type PrivateKeyHandle, sivOpen, sivSeal } from '@cardea/kit-crypto';
import { concat, fromAscii, Writer } from '@cardea/kit-octets';
import type { Random, Secret } from '@cardea/kit-runtime';
import type { FlashSeal } from './flash/store.ts';

/**
 * The secure element of a lock: what it seals can be opened by it alone, and its private keys leave it only as handles.
 * Its storage key cannot be read. Binding keys pass through the device machine while it works with them, as `Secret`s.
 */
export interface SecureElement extends FlashSeal {
  readonly random: Random;
  /** Seals what is kept of SCPM: under a key of its own, so that no record of one flash is one of the other. */
  readonly scpmSeal: FlashSeal;
  /** A fresh P-256 pair; the public key uncompressed (65 octets). */
  generate(): Promise<{ readonly publicKey: Uint8Array; readonly privateKey: PrivateKeyHandle }>;
  /** The shared x coordinate (32 octets), or undefined when the peer's point is not on the curve. */
  agree(privateKey: PrivateKeyHandle, peer: Uint8Array): Promise<Uint8Array | undefined>;
  /** ES256 by the serial key, r | s (64 octets); undefined for a lock that was made without one. */
  sign(message: Uint8Array): Promise<Uint8Array | undefined>;
  /** Whether `signature` (ES256, r | s) is this key's (P-256, uncompressed); false for a point that is not on the curve. */
  verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean>;
}

/** P-256 as an element does it. */
export interface ElementKeys extends Pick<SecureElement, 'generate' | 'agree' | 'verify'> {
  /** The handle of a private scalar (32 octets). */
  importKey(scalar: Uint8Array): { readonly privateKey: PrivateKeyHandle };
  sign(privateKey: PrivateKeyHandle, message: Uint8Array): Promise<Uint8Array>;
}

/** What a simulated element is made of. */
export interface ElementOptions {
  readonly primitives: Primitives;
  readonly random: Random;
  readonly agreement: ElementKeys;
  /** Of this lock alone, fixed at manufacture: 16 octets or more. */
  readonly rootKey: Secret;
  readonly identifier: string;
  /** The private scalar (32 octets) whose public half is in the maker's manifest, if the lock has one. */
  readonly serialKey: Secret | undefined;
}

/** A secure element in software: for virtual locks. */
export function createElement(options: ElementOptions): SecureElement {
  const { primitives, random, agreement, rootKey, identifier, serialKey } = options;
  const serial = serialKey === undefined ? undefined : agreement.importKey(serialKey.reveal()).privateKey;
  const flashSeal = (label: string) =>
    createFlashSeal(primitives, hkdf(primitives, rootKey.reveal(), label, 32), identifier);
  return {
    ...flashSeal('cardea-lock-flash-1'),
    scpmSeal: flashSeal('cardea-lock-scpm-1'),
    random,
    generate: agreement.generate,
    agree: agreement.agree,
    verify: agreement.verify,
    sign: (message) => (serial === undefined ? Promise.resolve(undefined) : agreement.sign(serial, message)),
  };
}

function createFlashSeal(primitives: Primitives, storageKey: Uint8Array, identifier: string): FlashSeal {
  const place = ({ generation, sequence }: { generation: number; sequence: number }): readonly Uint8Array[] => [
    concat(fromAscii(identifier), new Writer().uint('generation', generation, 4).uint('sequence', sequence, 4).done()),
  ];
  return {
    seal: (at, octets) => sivSeal(primitives.aes, storageKey, place(at), octets),
    open: (at, sealed) => sivOpen(primitives.aes, storageKey, place(at), sealed),
  };
}
