import type { Primitives } from '@cardea/kit-crypto';
import { equal } from '@cardea/kit-octets';
import { Secret } from '@cardea/kit-runtime';
import { deviceKey } from '../device-key.ts';
import { KEY_INDEX } from '../header.ts';
import type { HeldKey } from '../node/keys.ts';
import { ALGORITHM } from '../suite/suite.ts';
import { type DeviceEntry, type DeviceKeyVersion, domainKeyOf, type KsnState } from './state.ts';

/**
 * The keys that a KSN shares with a device: its serial key, and of each index what the device holds or may hold. Once
 * an update is committed, the KSN protects with the new key and still verifies under the old one.
 */
export function heldKeys(
  primitives: Primitives,
  state: KsnState,
  entry: DeviceEntry,
  known: readonly HeldKey[],
): readonly HeldKey[] {
  const { algorithm } = entry;
  const serial: HeldKey = {
    keyIndex: KEY_INDEX.serial,
    version: 0,
    // The algorithm that every device has: which other one was chosen is told under this key.
    algorithm: ALGORITHM.cbc,
    key: entry.serialKey,
    state: 'active',
    use: 'authenticated',
    isOfThisRun: false,
  };
  const held = entry.keys.flatMap(({ keyIndex, active, pending }) => {
    const isCommitted =
      pending !== undefined && domainKeyOf(state, keyIndex)?.next?.generation === pending.generation
        ? domainKeyOf(state, keyIndex)?.next?.committed === true
        : false;
    return [
      heldKey(keyIndex, active, isCommitted ? 'pending' : 'active'),
      heldKey(keyIndex, pending, isCommitted ? 'active' : 'pending'),
    ];
  });
  const offered = heldKey(KEY_INDEX.user, entry.offered, 'pending');
  return [serial, ...held, offered].filter((key) => key !== undefined);

  function heldKey(
    keyIndex: number,
    slot: DeviceKeyVersion | undefined,
    is: 'active' | 'pending',
  ): HeldKey | undefined {
    const key = slot && keyMaterial(primitives, state, entry.address, keyIndex, slot);
    if (slot === undefined || key === undefined) return undefined;
    const { version } = slot;
    // The same secret as before keeps the suites that were derived of it.
    const same = known.find((each) => each.keyIndex === keyIndex && each.version === version);
    const secret = same !== undefined && equal(same.key.reveal(), key) ? same.key : new Secret(key);
    // A KSN whose records and clock were put back gives a version twice, so none counts as of this run.
    const isOfThisRun = false;
    return { keyIndex, version, algorithm, key: secret, state: is, use: 'authenticated', isOfThisRun };
  }
}

/** What a device is given as the key of an index: its own in `hardened`, the domain's in `standard`. */
export function keyMaterial(
  primitives: Primitives,
  state: KsnState,
  device: Uint8Array,
  keyIndex: number,
  { version, generation }: DeviceKeyVersion,
): Uint8Array | undefined {
  const domainKey = domainKeyOf(state, keyIndex);
  const secret =
    domainKey?.generation === generation
      ? domainKey.key
      : domainKey?.next?.generation === generation
        ? domainKey.next.key
        : undefined;
  if (secret === undefined) return undefined;
  if (state.settings.profile === 'standard') return secret.reveal();
  return deviceKey(primitives, secret.reveal(), device, keyIndex, version);
}
