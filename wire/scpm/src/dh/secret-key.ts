import { hkdfExpand, hkdfExtract, type Primitives } from '@cardea/kit-crypto';
import { concat, fromAscii, Writer } from '@cardea/kit-octets';
import { addressSizeOf } from '../address.ts';
import { ScpmError } from '../errors.ts';
import type { ScpmProfile } from '../suite/suite-of.ts';
import type { DhRun } from './fragments.ts';

/** What both ends of a run know when its values have been exchanged (9.3.1 i)). */
export interface DhOutcome extends DhRun {
  /** The key under which the run stood: 16 octets. `hardened`: the device's own key. */
  readonly preMasterKey: Uint8Array;
  /** The shared secret as DhAgreement gives it: as many octets as the group says. */
  readonly secret: Uint8Array;
  /** The addresses of the KSN and of the device: 6 octets each, or 2. */
  readonly ksn: Uint8Array;
  readonly device: Uint8Array;
  readonly ksnValue: Uint8Array;
  readonly deviceValue: Uint8Array;
}

/**
 * The 16-octet key of the frames with b4 = 1 (9.3.1 i), j)).
 *
 * `hardened`: HKDF-SHA256(salt = pre-master key, IKM = Z, info = "SCPM DH" | exchangeId(4) | group(1) | keyIndex(1) |
 * version(4) | KSN | device | SHA-256(KSN's value | device's value)): who agreed, on what and for what is part of the
 * key, and who lacks the pre-master key has nothing of it. `standard`: the first 16 octets of SHA-256(Z).
 * @throws ScpmError `length`
 */
export function dhSecretKey(primitives: Primitives, profile: ScpmProfile, outcome: DhOutcome): Uint8Array {
  const { group, secret, preMasterKey } = outcome;
  requireOctets('secret', secret, group.secretOctets);
  if (profile === 'standard') return primitives.sha256(secret).slice(0, 16);
  requireOctets('preMasterKey', preMasterKey, 16);
  return hkdfExpand(primitives, hkdfExtract(primitives, preMasterKey, secret), infoOf(primitives, outcome), 16);
}

function infoOf(primitives: Primitives, outcome: DhOutcome): Uint8Array {
  const { group, ksn, device, ksnValue, deviceValue } = outcome;
  addressSizeOf(ksn, device);
  requireOctets('ksnValue', ksnValue, group.valueOctets);
  requireOctets('deviceValue', deviceValue, group.valueOctets);
  const run = new Writer()
    .uint('exchangeId', outcome.exchangeId, 4)
    .uint('group', group.id, 1)
    .uint('keyIndex', outcome.keyIndex, 1)
    .uint('version', outcome.version, 4)
    .done();
  return concat(fromAscii('SCPM DH', 'info'), run, ksn, device, primitives.sha256(ksnValue, deviceValue));
}

function requireOctets(field: string, octets: Uint8Array, sizeOctets: number): void {
  if (octets.length !== sizeOctets) {
    throw new ScpmError('length', field, `must have ${sizeOctets} octets, has ${octets.length}`);
  }
}
