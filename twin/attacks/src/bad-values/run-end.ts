import type { DhAgreement, DhPair } from '@cardea/kit-crypto';
import { nodePrimitives } from '@cardea/kit-node';
import { fromHex } from '@cardea/kit-octets';
import {
  assemble,
  type DhAssembly,
  type DhGroup,
  decodePadata,
  decodeSecureFrame,
  dhSecretKey,
  encodePadata,
  fragmentsOf,
  openFrame,
  publicValueFault,
  sealFrame,
  suiteOf,
} from '@cardea/wire-scpm';

/** What checks a peer's value at one end of a run: the protocol before the agreement, or not; and the agreement. */
export interface RunEnd {
  readonly checks: boolean;
  readonly dh: DhAgreement;
}

const RUN = { exchangeId: 1, keyIndex: 1, version: 2 };
const KSN = fromHex('02000000000a');
const DEVICE = fromHex('02000000000b');

/** The secret at an end which is sent a value; undefined when it refuses. */
export function secretAt(
  { checks, dh }: RunEnd,
  group: DhGroup,
  own: DhPair,
  value: Uint8Array,
): Uint8Array | undefined {
  // What has another size fits no request of its group, and is put to the checks all the same.
  const came = value.length === group.valueOctets ? sent(group, value) : value;
  if (checks && publicValueFault(group, came) !== undefined) return undefined;
  return dh.agree(own.privateKey, came);
}

/** A value as it comes out of the requests that carry it. */
function sent(group: DhGroup, value: Uint8Array): Uint8Array {
  let assembly: DhAssembly | undefined;
  for (const request of fragmentsOf({ ...RUN, group }, value)) {
    const padata = decodePadata(encodePadata(request));
    const next = padata.kind === 'dh-value' ? assemble(assembly, group, padata) : undefined;
    if (next?.kind === 'whole') return next.value;
    assembly = next?.kind === 'more' ? next.assembly : undefined;
  }
  throw new Error(`a value of group ${group.id} did not come through`);
}

/** A listener with the pre-master key, which a run is to heal from, reads the new master key under a foretold secret. */
export function readsNewKey(
  group: DhGroup,
  preMasterKey: Uint8Array,
  values: { readonly ksn: Uint8Array; readonly device: Uint8Array },
  secret: Uint8Array,
  foretold: readonly Uint8Array[],
): boolean {
  const suite = (z: Uint8Array) => {
    const outcome = { ...RUN, group, preMasterKey, ksn: KSN, device: DEVICE };
    const key = dhSecretKey(nodePrimitives, 'hardened', {
      ...outcome,
      secret: z,
      ksnValue: values.ksn,
      deviceValue: values.device,
    });
    const direction = { sa: KSN, da: DEVICE, response: false, dh: true };
    return suiteOf(nodePrimitives, { profile: 'hardened', algorithm: 1, key }, direction);
  };
  const head = { sa: KSN, da: DEVICE, keyIndex: 1, dh: true, services: 'auth+enc', response: false, snf: 1 } as const;
  const masterKey = new Uint8Array(16).fill(0x4d);
  const padata = encodePadata({ kind: 'new-master-key', keyIndex: 1, version: 2, algorithm: 1, key: masterKey });
  const frame = decodeSecureFrame(sealFrame(suite(secret), head, padata), 6);
  return foretold.some((z) => openFrame(suite(z), frame).verdict === 'ok');
}
