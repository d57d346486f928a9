import { createCipheriv, createDecipheriv, createSecretKey, randomBytes } from 'node:crypto';
import type { Envelope } from '@cardea/kit-node';
import { EnvelopeError } from '@cardea/kit-node';
import { Secret } from '@cardea/kit-runtime';
import { hashRaw } from '@node-rs/argon2';
import type { WrappedKey } from './header.ts';
import { TAG_OCTETS } from './sealed-stream.ts';

/** What opens a backup: a passphrase of its own, or the envelope key of the installation, kept apart from it. */
export type BackupLock =
  | { readonly kind: 'passphrase'; readonly passphrase: Secret<string>; readonly cost?: Argon2idCost }
  | { readonly kind: 'envelope'; readonly envelope: Pick<Envelope, 'seal' | 'open'> };

/** Cost of turning a passphrase into a key. */
export interface Argon2idCost {
  readonly memoryKib: number;
  readonly passes: number;
}

/** RFC 9106, 4, second recommendation, on one lane: a guess costs 64 MiB and three passes. */
const USUAL_COST: Argon2idCost = { memoryKib: 65_536, passes: 3 };
const KEY_OCTETS = 32;
const CONTEXT = 'backup key 1';
const PASSPHRASE_LEAST = 12;

/** Why this text cannot be a passphrase of a backup; undefined when it can. */
export function passphraseProblem(passphrase: string): string | undefined {
  if ([...passphrase].length < PASSPHRASE_LEAST) {
    return `the passphrase has fewer than ${PASSPHRASE_LEAST} characters`;
  }
  return undefined;
}

/** A fresh key for one backup, and the same wrapped for its header. */
export async function newBackupKey(lock: BackupLock): Promise<{ key: Secret; wrapped: WrappedKey }> {
  const key = new Secret(new Uint8Array(randomBytes(KEY_OCTETS)));
  if (lock.kind === 'envelope') {
    return { key, wrapped: { kind: 'envelope', wrapped: lock.envelope.seal(key, CONTEXT) } };
  }
  const { memoryKib, passes } = lock.cost ?? USUAL_COST;
  const salt = new Uint8Array(randomBytes(16));
  const derived = await derive(lock.passphrase, { memoryKib, passes }, salt);
  const cipher = createCipheriv('aes-256-gcm', derived, new Uint8Array(12), { authTagLength: TAG_OCTETS });
  const wrapped = Buffer.concat([cipher.update(key.reveal()), cipher.final(), cipher.getAuthTag()]);
  return { key, wrapped: { kind: 'passphrase', memoryKib, passes, salt, wrapped: new Uint8Array(wrapped) } };
}

/** The key of a backup; undefined when this lock is not the one that it was wrapped by. */
export async function unwrapBackupKey(wrapped: WrappedKey, lock: BackupLock): Promise<Secret | undefined> {
  if (wrapped.kind === 'envelope') {
    if (lock.kind !== 'envelope') return undefined;
    try {
      return lock.envelope.open(wrapped.wrapped, CONTEXT);
    } catch (error) {
      if (error instanceof EnvelopeError) return undefined;
      throw error;
    }
  }
  if (lock.kind !== 'passphrase' || wrapped.wrapped.length !== KEY_OCTETS + TAG_OCTETS) return undefined;
  const derived = await derive(lock.passphrase, wrapped, wrapped.salt);
  const decipher = createDecipheriv('aes-256-gcm', derived, new Uint8Array(12), { authTagLength: TAG_OCTETS });
  decipher.setAuthTag(wrapped.wrapped.subarray(KEY_OCTETS));
  try {
    const key = Buffer.concat([decipher.update(wrapped.wrapped.subarray(0, KEY_OCTETS)), decipher.final()]);
    return new Secret(new Uint8Array(key));
  } catch {
    return undefined;
  }
}

async function derive(passphrase: Secret<string>, cost: Argon2idCost, salt: Uint8Array) {
  // Argon2id is the algorithm unless another is named.
  const octets = await hashRaw(passphrase.reveal().normalize('NFKC'), {
    memoryCost: cost.memoryKib,
    timeCost: cost.passes,
    parallelism: 1,
    outputLen: KEY_OCTETS,
    salt,
  });
  return createSecretKey(octets);
}
