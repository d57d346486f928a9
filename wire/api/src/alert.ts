import Type, { type Static } from 'typebox';
import { Id, nullable, page, recordPageQuery, strict, Time } from './common.ts';

const Rule = Type.Enum(
  [
    'denied_burst',
    'refused_at_lock',
    'sign_in_burst',
    'sign_in_stuffing',
    'forged_messages',
    'clock_jump',
    'gateway_flapping',
    'event_gap',
    'event_chain',
    'key_trouble',
    'tamper',
    'unasked_open',
    'override_used',
  ],
  { description: 'What was found; docs/monitoring.md has the rules.' },
);
const State = Type.Enum(['open', 'acknowledged']);

/** Something that an operator should look at. */
export const Alert = Type.Object(
  {
    id: Id,
    rule: Rule,
    subject_id: Type.String({ description: 'Id of the lock, gateway, person or organization that it is about.' }),
    property_id: nullable(Id),
    door_id: nullable(Id),
    lock_id: nullable(Id),
    gateway_id: nullable(Id),
    person_id: nullable(Id),
    state: State,
    count: Type.Integer({ minimum: 1, description: 'Events counted so far.' }),
    evidence: Type.Array(Id, { maxItems: 32, description: 'Ids of the first and the last of these events.' }),
    first_at: Time,
    last_at: Time,
    acknowledged_at: nullable(Time),
    acknowledged_by: nullable(Id),
    created_at: Time,
  },
  { title: 'Alert' },
);
export type Alert = Static<typeof Alert>;

/** A page of alerts. */
export const AlertPage = page(Alert);

/** Query of GET /v1/alerts. */
export const AlertQuery = strict({ ...recordPageQuery, state: Type.Optional(State), rule: Type.Optional(Rule) });
