import { type DoorKey, enrolPhone, fetchKeys, handIn, renewalDueS } from '@cardea/client-key';
import type { Client } from '@cardea/client-sdk';
import type { Me, OwnDoor } from '@cardea/wire-api';
import type { KeptDoor, Vault } from '../kept/vault.ts';
import type { OwnPhone } from './own-phone.ts';

/** Whether any key is past half of its lease, or there is none: then a phone that has network asks for all of them. */
export function keysAreDue(keys: readonly DoorKey[], nowS: number): boolean {
  return keys.length === 0 || keys.some((key) => renewalDueS(key) <= nowS);
}

/** What the server knows of the person's doors. */
export interface Refreshed {
  readonly me: Me;
  readonly doors: readonly KeptDoor[];
  /** Doors for which there is no key, each with the stable reason (docs/keys.md). */
  readonly without: ReadonlyMap<string, string>;
}

/** As what the phone is made known. */
export interface Enrolling {
  readonly deviceName: string;
  /** The person has just proved who it is: the phone is enrolled again, so that it may begin the next sessions by its key. */
  readonly signedInAnew: boolean;
}

/**
 * Speaks with the server for the phone: makes it known, hands in what it carries, fetches its keys and doors anew. What
 * was done before a failure stays done. @throws ApiProblem, `conflict` when its key was reported lost or is somebody else's
 */
export async function refresh(
  api: Client,
  vault: Vault,
  { phone, key }: OwnPhone,
  { deviceName, signedInAnew }: Enrolling,
): Promise<Refreshed> {
  const known = signedInAnew ? undefined : phone.phoneId;
  const phoneId = known ?? (await enrolPhone(api, key, phone, { kind: 'phone', name: deviceName }));
  await handIn(api, phone);
  const { without } = await fetchKeys(api, phone, phoneId);
  const doors = (await api.own.doors()).map(keptDoorOf);
  await vault.keepDoors(doors);
  return { me: await api.me(), doors, without: new Map(without.map(({ door_id, reason }) => [door_id, reason])) };
}

function keptDoorOf(door: OwnDoor): KeptDoor {
  return {
    id: door.id,
    name: door.name,
    zone: door.property.time_zone,
    opensFrom: door.opens_from,
    opensUntil: door.opens_until,
    fromAfar: door.from_afar,
    hasPin: door.methods.some(({ method, state }) => method === 'pin' && state === 'set'),
  };
}
