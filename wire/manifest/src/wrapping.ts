import { type Primitives, sivOpen, sivSeal } from '@cardea/kit-crypto';
import { fromAscii, fromHex, toHex } from '@cardea/kit-octets';
import { Secret } from '@cardea/kit-runtime';
import { ManifestError } from './errors.ts';
import type { ManifestLock } from './manifest.ts';

/** Octets of Kdev. */
const FACTORY_KEY_OCTETS = 16;

/** Wraps a factory key (16 octets) for the manifest of `maker`: the value of `factory_key`. @throws ManifestError `invalid` */
export function wrapFactoryKey(
  primitives: Primitives,
  transportKey: Secret,
  maker: string,
  identifier: string,
  factoryKey: Secret,
): string {
  const key = factoryKey.reveal();
  if (key.length !== FACTORY_KEY_OCTETS) throw new ManifestError('invalid', 'factory_key', 'must have 16 octets');
  return toHex(sivSeal(primitives.aes, transportKey.reveal(), associated(maker, identifier), key));
}

/**
 * The factory key of a lock. `at` is its place in the manifest, for the error.
 * @throws ManifestError `bad_wrapping`: another transport key, maker or lock
 */
export function unwrapFactoryKey(
  primitives: Primitives,
  transportKey: Secret,
  maker: string,
  lock: Pick<ManifestLock, 'identifier' | 'factory_key'>,
  at = 0,
): Secret {
  const field = `locks[${at}].factory_key`;
  const wrapped = fromHex(lock.factory_key, field);
  const key = sivOpen(primitives.aes, transportKey.reveal(), associated(maker, lock.identifier), wrapped);
  if (key === undefined || key.length !== FACTORY_KEY_OCTETS) {
    throw new ManifestError('bad_wrapping', field, "does not open under this maker's transport key");
  }
  return new Secret(key);
}

function associated(maker: string, identifier: string): readonly Uint8Array[] {
  return [fromAscii(`cardea-manifest-1 ${maker} ${identifier}`, 'identifier')];
}
