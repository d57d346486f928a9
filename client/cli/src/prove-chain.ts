import { nodeKeyAgreement, nodePrimitives } from '@cardea/kit-node';
import { equal, fromBase64, fromHex, OctetsError } from '@cardea/kit-octets';
import type { Event, Lock, LockChain } from '@cardea/wire-api';
import { LockError, lockChain } from '@cardea/wire-lock';
import { ManifestError, parseManifest, verifyManifest } from '@cardea/wire-manifest';
import type { EventCode, LockEvent } from '@cardea/wire-profile';
import { usage } from './errors.ts';

/** What can be said of a lock's head without believing the server. */
export interface ChainProof {
  /** Whether the head is signed by the serial key in the maker's manifest. */
  readonly signature: 'good' | 'wrong';
  /** Whether the events that the server shows hash to the head; `incomplete` when it does not show them all. */
  readonly events: 'agree' | 'differ' | 'incomplete';
  /** Events up to the head that are not shown. */
  readonly missing: number;
}

/** The public serial key of a lock in a maker's manifest, whose signature is checked. @throws CliError `usage` */
export async function serialKeyOf(file: string, parcel: Record<string, unknown>, lock: Lock): Promise<Uint8Array> {
  try {
    const manifest = parseManifest(parcel.manifest);
    const makerKey = fromBase64(typeof parcel.maker_key === 'string' ? parcel.maker_key : '', 'maker_key');
    if (!(await verifyManifest(manifest, makerKey, nodeKeyAgreement.verify))) {
      throw usage(`${file}: the signature is not that of maker_key`, "give the maker's manifest as it was made");
    }
    const found = manifest.locks.find(({ identifier }) => identifier === lock.identifier);
    if (found === undefined) throw usage(`${file} names no lock ${lock.identifier}`, 'give the manifest it came with');
    return fromBase64(found.serial_public_key);
  } catch (error) {
    if (error instanceof ManifestError || error instanceof OctetsError) {
      throw usage(`${file}: ${error.message}`, "give the maker's manifest as it was made");
    }
    throw error;
  }
}

/** Checks a head against the serial key, and the events of the lock that the server shows against the head. */
export async function proveChain(
  lock: Lock,
  head: NonNullable<LockChain['head']>,
  serialKey: Uint8Array,
  events: readonly Event[],
): Promise<ChainProof> {
  const hash = fromHex(head.hash);
  const signed = lockChain.signed(lock.identifier, { day: head.day, sequence: head.sequence, hash });
  const good = await nodeKeyAgreement.verify(serialKey, signed, fromHex(head.signature));
  const own = new Map(
    events.flatMap((event) => {
      const found = event.lock_id === lock.id ? lockEventOf(event) : undefined;
      return found === undefined ? [] : [[found.sequence, found] as const];
    }),
  );
  // Sorted and not counted up to: how many there are is the server's word.
  const inOrder = [...own.values()].filter(({ sequence }) => sequence <= head.sequence);
  inOrder.sort((one, other) => one.sequence - other.sequence);
  const missing = head.sequence - inOrder.length;
  const agree = missing === 0 && equal(hashOf(lock, inOrder), hash);
  return {
    signature: good ? 'good' : 'wrong',
    events: missing > 0 ? 'incomplete' : agree ? 'agree' : 'differ',
    missing,
  };
}

/** h over these events; of events that no lock can have recorded, nothing that any head names. */
function hashOf(lock: Lock, events: readonly LockEvent[]): Uint8Array {
  try {
    const start = lockChain.start(nodePrimitives, lock.identifier);
    return events.reduce((hash, event) => lockChain.next(nodePrimitives, hash, event), start);
  } catch (error) {
    if (error instanceof LockError) return new Uint8Array(0);
    throw error;
  }
}

function lockEventOf({ type, lock_sequence: sequence, detail }: Event): LockEvent | undefined {
  if (sequence === null || !type.startsWith('lock.')) return undefined;
  return {
    sequence,
    code: type.slice('lock.'.length) as EventCode,
    actor: Number(detail.actor ?? 0),
    detail: Number(detail.detail ?? 0),
    lockTimeS: Number(detail.lock_time_s ?? 0),
  };
}
