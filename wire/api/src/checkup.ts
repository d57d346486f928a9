import Type, { type Static } from 'typebox';
import { Time } from './common.ts';

/** What one rule of the security check has found. */
export const Finding = Type.Object(
  {
    id: Type.String({ description: 'Name of the rule; docs/insights.md has them.' }),
    level: Type.Enum(['warning', 'advice', 'ok']),
    detail: Type.String({ description: 'In a sentence, in English.' }),
    values: Type.Record(Type.String(), Type.Number(), { description: 'Numbers of the sentence, by name.' }),
    subjects: Type.Array(
      Type.Object({
        kind: Type.Enum(['person', 'token', 'property', 'door', 'gateway', 'grant']),
        id: Type.String(),
        name: Type.String(),
      }),
      { maxItems: 20, description: 'The first of those that it is about; `values.count` says how many there are.' },
    ),
    where: Type.Enum(
      [
        'people',
        'sign_in_policy',
        'tokens',
        'properties',
        'doors',
        'batteries',
        'gateways',
        'alerts',
        'audit',
        'grants',
        'configuration',
      ],
      { description: 'Where something is done about it.' },
    ),
  },
  { title: 'Finding' },
);
export type Finding = Static<typeof Finding>;

/** Answer of GET /v1/security-check. */
export const SecurityCheck = Type.Object(
  {
    checked_at: Time,
    findings: Type.Array(Finding, { description: 'Warnings first, then advice, then what is in order.' }),
  },
  { title: 'SecurityCheck' },
);
export type SecurityCheck = Static<typeof SecurityCheck>;
