import Type, { type Static } from 'typebox';
import { Id, LockIdentifier, Name, nullable, page, strict, Time } from './common.ts';
import { ReasonCount } from './statistics.ts';

/** A gateway with its presence; a gateway being online proves nothing about a lock. */
export const Gateway = Type.Object(
  {
    id: Id,
    property_id: Id,
    name: Name,
    state: Type.Enum(['enrolling', 'enrolled', 'withdrawn']),
    online: Type.Boolean(),
    last_seen_at: nullable(Time),
    queue_length: nullable(Type.Integer({ minimum: 0 })),
    locks_heard: nullable(Type.Integer({ minimum: 0, description: 'Since it came; null while it is offline.' })),
    created_at: Time,
  },
  { title: 'Gateway' },
);
export type Gateway = Static<typeof Gateway>;

/** A page of gateways. */
export const GatewayPage = page(Gateway);

/** Body of POST /v1/gateways. */
export const NewGateway = strict({ property_id: Id, name: Name });
export type NewGateway = Static<typeof NewGateway>;

/** Answer of POST /v1/gateways: the token is shown once, works once, for an hour. */
export const AddedGateway = Type.Object(
  { gateway: Gateway, enrolment_token: Type.String() },
  { title: 'AddedGateway' },
);
export type AddedGateway = Static<typeof AddedGateway>;

/** Body of POST /v1/gateway-enrolments, sent by the gateway itself. */
export const EnrolGateway = strict({
  token: Type.String({ minLength: 1, maxLength: 200 }),
  /** P-256 point, uncompressed, base64 (65 octets), for which the gateway wants a certificate; together with `proof`. */
  public_key: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9+/]{87}=$' })),
  /** ES256 signature by that key (r | s, base64, 64 octets) over `cardea gateway enrolment 1`, an octet 0, and the token. */
  proof: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9+/]{86}==$' })),
});
export type EnrolGateway = Static<typeof EnrolGateway>;

/** The gateway's account for its XMPP uplink, and where that is. */
export const GatewayEnrolment = Type.Object(
  {
    gateway_id: Id,
    password: Type.String(),
    /** PEM; null unless a public key was sent and this server issues certificates. */
    certificate: nullable(Type.String()),
    xmpp: Type.Object({
      host: Type.String(),
      port: Type.Integer({ minimum: 1, maximum: 65_535 }),
      domain: Type.String(),
    }),
  },
  { title: 'GatewayEnrolment' },
);
export type GatewayEnrolment = Static<typeof GatewayEnrolment>;

/** What is known of a gateway's radio; what a gateway says of it proves nothing. */
export const GatewayRadio = Type.Object(
  {
    gateway_id: Id,
    heard: Type.Array(
      Type.Object({
        lock_id: Id,
        identifier: LockIdentifier,
        door_id: nullable(Id),
        door_name: nullable(Type.String()),
        rssi_dbm: nullable(Type.Integer({ minimum: -127, maximum: 20 })),
        heard_at: Time,
      }),
      { maxItems: 1_000, description: 'Strongest first; empty while the gateway is offline.' },
    ),
    connections: Type.Object(
      {
        made: Type.Integer({ minimum: 0 }),
        failed: Type.Integer({ minimum: 0 }),
        p50_ms: nullable(Type.Integer({ minimum: 0 })),
        p95_ms: nullable(Type.Integer({ minimum: 0 })),
        failures: Type.Array(ReasonCount),
      },
      {
        description:
          'Of the last 200 since the server started; times from the begin of a connection to the written command.',
      },
    ),
    offline: Type.Array(Type.Object({ from: Time, to: nullable(Time) }), {
      description: 'Spells without a session in the last seven days, newest first; `to` null: it still goes on.',
    }),
  },
  { title: 'GatewayRadio' },
);
export type GatewayRadio = Static<typeof GatewayRadio>;
