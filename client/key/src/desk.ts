import { concat, fromAscii, fromHex, toHex } from '@cardea/kit-octets';
import { Secret } from '@cardea/kit-runtime';
import type {
  BodyOf,
  CarriedResults,
  KeyBundle,
  PhoneChallenge,
  PhoneSignInChallenge,
  DoorKey as SentKey,
  Session,
} from '@cardea/wire-api';
import type { DoorKey } from './door-key.ts';
import { PhoneError } from './errors.ts';
import type { PhoneKey } from './hands.ts';
import type { Phone } from './phone.ts';
import type { CarriedEvent } from './record.ts';

/** What a phone signs to be enrolled, before the challenge and its public key (docs/keys.md). */
const ENROLMENT_LABEL = fromAscii('cardea-phone-1');
/** What a phone signs to begin a session, before the challenge, its public key and the origin (docs/people.md). */
const SIGN_IN_LABEL = fromAscii('cardea-sign-in-1');
/** No end: what four octets of seconds hold. */
const NEVER_S = 0xffff_ffff;
/** Events that are handed in at once. */
const AT_ONCE = 64;

/** What a phone asks of the RAS: the part of its API's client that it needs. */
export interface KeyServer {
  readonly phones: {
    challenge(): Promise<PhoneChallenge>;
    enrol(input: BodyOf<'POST /v1/phones'>): Promise<{ readonly id: string }>;
    keys(phoneId: string): Promise<KeyBundle>;
  };
  readonly receipts: { handIn(input: BodyOf<'POST /v1/receipts'>): Promise<CarriedResults> };
}

/** As what a phone or card is made known. */
export interface Enrolment {
  readonly kind: 'phone' | 'card';
  /** What it is called in lists. */
  readonly name: string;
  /** Whose it is; the asker's own unless told. */
  readonly personId?: string | undefined;
}

/**
 * Makes a phone known to the server, by showing that it holds its private key, and keeps the id that it got.
 * @throws PhoneError `declined` when the key did not sign
 */
export async function enrolPhone(
  server: KeyServer,
  key: PhoneKey,
  phone: Phone,
  { kind, name, personId }: Enrolment,
): Promise<string> {
  const { challenge } = await server.phones.challenge();
  const signature = await key.sign(concat(ENROLMENT_LABEL, fromHex(challenge), key.publicKey));
  if (signature === undefined) throw new PhoneError('declined', 'the key of this phone did not sign');
  const enrolled = await server.phones.enrol({
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

/** What a phone asks of the RAS before anybody is signed in. */
export interface SignInServer {
  readonly registration: {
    phoneChallenge(): Promise<PhoneSignInChallenge>;
    phone(input: BodyOf<'POST /v1/sessions/phone'>): Promise<Session>;
  };
}

/** Where a session is begun, and how it is kept. */
export interface KeySignIn {
  /** Of the server, as a browser writes it: `https://hotel.example:8443`. What is signed is good there alone. */
  readonly origin: string;
  /** The installation's own unless told. */
  readonly organizationId?: string | undefined;
  /** In a page of the server: the session goes into the cookie. */
  readonly cookie?: boolean | undefined;
}

/**
 * Begins a session by the phone's own key; it holds `access:use` alone.
 * @throws PhoneError `declined` when the key did not sign
 */
export async function signInByKey(
  { registration }: SignInServer,
  key: PhoneKey,
  { origin, organizationId, cookie }: KeySignIn,
): Promise<Session> {
  const { challenge } = await registration.phoneChallenge();
  const signature = await key.sign(concat(SIGN_IN_LABEL, fromHex(challenge), key.publicKey, fromAscii(origin)));
  if (signature === undefined) throw new PhoneError('declined', 'the key of this phone did not sign');
  return registration.phone({
    public_key: toHex(key.publicKey),
    challenge,
    signature: toHex(signature),
    ...(organizationId !== undefined && { organization_id: organizationId }),
    ...(cookie !== undefined && { cookie }),
  });
}

/** Fetches all keys of the phone anew, and keeps them. */
export async function fetchKeys(server: KeyServer, phone: Phone, phoneId: string): Promise<KeyBundle> {
  const bundle = await server.phones.keys(phoneId);
  await phone.replaceKeys(bundle.keys.map(doorKeyOf));
  return bundle;
}

/** What became of a carried event at the server. */
export type HandedIn = 'recorded' | 'known' | 'forged' | 'unknown_lock';

/** Hands in what the phone carries. Whatever the server says of an event, it has looked at it: it is carried no more. */
export async function handIn(
  server: KeyServer,
  phone: Phone,
): Promise<readonly (CarriedEvent & { readonly result: HandedIn })[]> {
  const all: (CarriedEvent & { result: HandedIn })[] = [];
  for (let events = phone.carried.slice(0, AT_ONCE); events.length > 0; events = phone.carried.slice(0, AT_ONCE)) {
    const records = events.map(({ identifier, octets }) => ({ lock_identifier: identifier, record: toHex(octets) }));
    const { results } = await server.receipts.handIn({ records });
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

// biome-ignore lint/style/noRestrictedGlobals: a time of the server is read, no clock
const secondsOf = (time: string): number => Math.max(0, Math.floor(Date.parse(time) / 1_000));
