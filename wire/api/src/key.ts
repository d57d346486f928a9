import Type, { type Static } from 'typebox';
import { Id, LockIdentifier, Name, nullable, page, pageQuery, strict, Time } from './common.ts';
import { Ending } from './method.ts';
import { InCookie } from './person.ts';

/** So many octets in lower-case hex. */
const hex = (octets: number, description: string) => Type.String({ pattern: `^[0-9a-f]{${2 * octets}}$`, description });
const PhoneKind = Type.Enum(['phone', 'card'], { description: 'A card is a phone key in a chip.' });

/** A phone or card that may hold keys. */
export const Phone = Type.Object(
  {
    id: Id,
    person_id: Id,
    kind: PhoneKind,
    name: Name,
    public_key: hex(65, 'P-256, uncompressed.'),
    state: Type.Enum(['active', 'lost']),
    lost_at: nullable(Time),
    signs_in: Type.Boolean({ description: 'Whether it may begin sessions by its key.' }),
    created_at: Time,
  },
  { title: 'Phone' },
);
export type Phone = Static<typeof Phone>;

/** A page of phones and cards. */
export const PhonePage = page(Phone);

/** Query of GET /v1/phones. */
export const PhoneQuery = strict({ ...pageQuery, person_id: Type.Optional(Id) });

/** What a phone signs to show that it holds its private key. */
export const PhoneChallenge = Type.Object(
  { challenge: hex(32, 'Works once.'), expires_at: Time },
  { title: 'PhoneChallenge' },
);
export type PhoneChallenge = Static<typeof PhoneChallenge>;

/** Body of POST /v1/phones. */
export const NewPhone = strict({
  kind: Type.Optional(PhoneKind),
  name: Name,
  public_key: hex(65, 'P-256, uncompressed.'),
  challenge: hex(32, 'As POST /v1/phones/challenges gave it.'),
  signature: hex(64, 'ES256, r | s, over "cardea-phone-1" | challenge | public key.'),
  person_id: Type.Optional(Id),
});

/** What a phone signs to begin a session. */
export const PhoneSignInChallenge = Type.Object(
  { challenge: hex(54, 'Works once, for 60 s.'), expires_at: Time },
  { title: 'PhoneSignInChallenge' },
);
export type PhoneSignInChallenge = Static<typeof PhoneSignInChallenge>;

/** Body of POST /v1/sessions/phone; without `organization_id` it is the installation's own organization. */
export const PhoneSignIn = strict({
  organization_id: Type.Optional(Id),
  public_key: hex(65, 'P-256, uncompressed.'),
  challenge: hex(54, 'As POST /v1/sessions/phone-challenge gave it.'),
  signature: hex(64, 'ES256, r | s, over "cardea-sign-in-1" | challenge | public key | origin of this server.'),
  cookie: Type.Optional(InCookie),
});
export type PhoneSignIn = Static<typeof PhoneSignIn>;

/** A phone that was lost, with the doors that it could open. */
export const LostPhone = Type.Object(
  {
    phone: Phone,
    doors: Type.Array(Type.Object({ door_id: Id, lock_id: Id, grant_id: Id, ending: Ending })),
  },
  { title: 'LostPhone' },
);
export type LostPhone = Static<typeof LostPhone>;

/** Body of POST /v1/phones/{id}/keys. */
export const FetchKeys = strict({
  emergency: Type.Optional(
    Type.Boolean({
      description:
        'Keys that do not ask the clock of the lock, where the grant lets its person override; needs locks:manage.',
    }),
  ),
});

/** A key for one door: secret. Times and operations are a readable copy of what the lock enforces. */
export const DoorKey = Type.Object(
  {
    grant_id: Id,
    door_id: Id,
    door_name: Type.String(),
    lock_id: Id,
    lock_identifier: LockIdentifier,
    key_id: hex(16, 'The grant id that the lock sees.'),
    sealed_grant: Type.String({
      pattern: '^([0-9a-f]{266}|[0-9a-f]{400})$',
      description: 'Sealed for the lock (133 octets), or signed for its level (200).',
    }),
    level: Type.Enum(['lock', 'floor', 'property']),
    presentation_key: hex(32, 'By which the lock proves itself to the phone.'),
    advertisement_key: hex(16, "By which the lock's advertisement is recognised."),
    operations: Type.Array(Type.Enum(['unlock', 'lock', 'override'])),
    issued_at: Time,
    not_before: Time,
    not_after: nullable(Time),
    lease_ends_at: Time,
    schedule_id: nullable(Id),
    uses: nullable(Type.Integer({ minimum: 1 })),
    no_clock: Type.Boolean(),
    ready: Type.Boolean({ description: 'Whether the lock has said that it holds what the key needs.' }),
    cannot_open_after: nullable(Time),
    order: nullable(
      Type.String({ pattern: '^([0-9a-f]{2})+$', description: 'Message 24 for this lock, to be brought to it.' }),
    ),
  },
  { title: 'DoorKey' },
);
export type DoorKey = Static<typeof DoorKey>;

/** All keys of a phone: what is not in it is over. */
export const KeyBundle = Type.Object(
  {
    phone_id: Id,
    issued_at: Time,
    keys: Type.Array(DoorKey),
    without: Type.Array(
      Type.Object({
        grant_id: Id,
        door_id: Id,
        reason: Type.String({ description: 'Why there is no key: stable, docs/keys.md lists them.' }),
      }),
    ),
  },
  { title: 'KeyBundle' },
);
export type KeyBundle = Static<typeof KeyBundle>;

/** Body of POST /v1/receipts: what locks have given phones to carry. */
export const CarriedReceipts = strict({
  records: Type.Array(
    strict({
      lock_identifier: LockIdentifier,
      record: Type.String({ pattern: '^([0-9a-f]{2}){1,256}$', description: 'As the lock gave it, hex.' }),
    }),
    { minItems: 1, maxItems: 64 },
  ),
});

/** What became of each of them, in order. */
export const CarriedResults = Type.Object(
  {
    results: Type.Array(Type.Object({ result: Type.Enum(['recorded', 'known', 'forged', 'unknown_lock']) })),
  },
  { title: 'CarriedResults' },
);
export type CarriedResults = Static<typeof CarriedResults>;
