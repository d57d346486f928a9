import type { CarriedEvent, DoorKey, Phone } from '@cardea/client-key';
import type { Client } from '@cardea/client-sdk';
import { concat, fromAscii, fromHex, toHex } from '@cardea/kit-octets';
import { Secret } from '@cardea/kit-runtime';
import type { KeyBundle, DoorKey as SentKey } from '@cardea/wire-api';
import type { PhoneFolder } from './phone-folder.ts';

/** What a phone signs to be enrolled, before the challenge and its public key (docs/keys.md). */
const ENROLMENT_LABEL = fromAscii('cardea-phone-1');
/** No end: what four octets of seconds hold. */
const NEVER_S = 0xffff_ffff;
/** Events that are handed in at once. */
const AT_ONCE = 64;

/** Makes a phone known to the server as the person's own, or as `personId`'s: it shows that it holds its private key. */
export async function enrol(
  api: Client,
  { key, kind }: PhoneFolder,
  phone: Phone,
  { name, personId }: { readonly name: string; readonly personId: string | undefined },
): Promise<string> {
  const { challenge } = await api.phones.challenge();
  const signature = await key.sign(concat(ENROLMENT_LABEL, fromHex(challenge), key.publicKey));
  if (signature === undefined) throw new Error('a key in a file always signs');
  const enrolled = await api.phones.enrol({
    kind,
    name,
    public_key: toHex(key.publicKey),
    challenge,
    signature: toHex(signature),
    ...(personId !== undefined && { person_id: personId }),
  });
  await phone.enrolled(enrolled.id);
  return enrolled.id;
}

/** Fetches all keys of the phone anew, and keeps them. */
export async function fetchKeys(api: Client, phone: Phone, phoneId: string): Promise<KeyBundle> {
  const bundle = await api.phones.keys(phoneId);
  await phone.replaceKeys(bundle.keys.map(doorKeyOf));
  return bundle;
}

/** What became of a carried event at the server. */
export type HandedIn = 'recorded' | 'known' | 'forged' | 'unknown_lock';

/** Hands in what the phone carries. Whatever the server says of an event, it has looked at it: it is carried no more. */
export async function handIn(
  api: Client,
  phone: Phone,
): Promise<readonly (CarriedEvent & { readonly result: HandedIn })[]> {
  const all: (CarriedEvent & { result: HandedIn })[] = [];
  for (let events = phone.carried.slice(0, AT_ONCE); events.length > 0; events = phone.carried.slice(0, AT_ONCE)) {
    const records = events.map(({ identifier, octets }) => ({ lock_identifier: identifier, record: toHex(octets) }));
    const { results } = await api.receipts.handIn({ records });
    for (const [at, event] of events.entries()) {
      const result = results[at]?.result;
      if (result !== undefined) all.push({ ...event, result });
    }
    await phone.handedIn(events);
  }
  return all;
}

/** A key as the server sends it. */
function doorKeyOf(key: SentKey): DoorKey {
  return {
    doorId: key.door_id,
    doorName: key.door_name,
    identifier: key.lock_identifier,
    grantId: key.grant_id,
    airGrantId: fromHex(key.key_id),
    grant: fromHex(key.sealed_grant),
    presentationKey: new Secret(fromHex(key.presentation_key)),
    advertisementKey: new Secret(fromHex(key.advertisement_key)),
    operations: key.operations,
    issuedAtS: secondsOf(key.issued_at),
    notBeforeS: secondsOf(key.not_before),
    notAfterS: key.not_after === null ? NEVER_S : secondsOf(key.not_after),
    leaseEndS: secondsOf(key.lease_ends_at),
    order: key.order === null ? undefined : fromHex(key.order),
  };
}

const secondsOf = (time: string): number => Math.max(0, Math.floor(Date.parse(time) / 1_000));
