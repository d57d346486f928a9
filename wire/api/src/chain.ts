import Type, { type Static } from 'typebox';
import { Id, nullable, Time } from './common.ts';

const Sequence = Type.Integer({ minimum: 0, description: "The lock's own number of an event, from 1 without gaps." });
const Hash = Type.String({ pattern: '^[0-9a-f]{64}$', description: 'SHA-256 in hex.' });

/** Events of a lock that its signed head counts and the record cannot show. */
export const ChainGap = Type.Object(
  {
    id: Id,
    kind: Type.Enum(['missing', 'lost', 'reset', 'altered'], {
      description:
        'missing: they never came and nobody says why; lost: the lock said that its ring gave them up; reset: a reset cleared them; altered: all are there and do not hash to what the lock has signed.',
    }),
    from: Sequence,
    to: Sequence,
    seen_at: Time,
    closed_at: nullable(
      Type.String({ format: 'date-time', description: 'When they came after all and proved right.' }),
    ),
    head_sequence: Sequence,
  },
  { title: 'ChainGap' },
);
export type ChainGap = Static<typeof ChainGap>;

/** The newest head that a lock has signed. */
export const ChainHead = Type.Object(
  {
    day: Type.Integer({ minimum: 0, description: "Days since 1970-01-01 by the lock's clock; 0 when it was unset." }),
    sequence: Sequence,
    hash: Hash,
    signature: Type.String({
      pattern: '^[0-9a-f]{128}$',
      description: "ES256 by the lock's serial key, r | s in hex.",
    }),
  },
  { title: 'ChainHead' },
);
export type ChainHead = Static<typeof ChainHead>;

/** How far a lock's event chain is verified against what the lock itself has signed. */
export const LockChain = Type.Object(
  {
    lock_id: Id,
    chained: Type.Boolean({ description: "False where the maker's protocol has no chain: then nothing is verified." }),
    verified_to: Type.Integer({
      minimum: 0,
      description: 'Up to this event the record holds what the lock has signed, but for the gaps.',
    }),
    head: nullable(ChainHead),
    last_head_at: nullable(Time),
    unsettled_since: nullable(
      Type.String({ format: 'date-time', description: 'Since when the head counts events that have not come yet.' }),
    ),
    gaps: Type.Array(ChainGap),
  },
  { title: 'LockChain' },
);
export type LockChain = Static<typeof LockChain>;
