import type { Actor } from '../actor.ts';

/** How a finding is to be taken. `ok`: looked at and in order. */
export type FindingLevel = 'ok' | 'advice' | 'warning';

/** What a finding is about, with the name that people know it by. */
export interface FindingSubject {
  readonly kind: 'person' | 'token' | 'property' | 'door' | 'gateway' | 'grant';
  readonly id: string;
  readonly name: string;
}

/** Where in the console, or by which command, something is done about a finding. */
export type FindingPlace =
  | 'people'
  | 'sign_in_policy'
  | 'tokens'
  | 'properties'
  | 'doors'
  | 'batteries'
  | 'gateways'
  | 'alerts'
  | 'audit'
  | 'grants'
  | 'configuration';

/** What one rule has found. */
export interface Finding {
  /** Name of the rule. */
  readonly id: string;
  readonly level: FindingLevel;
  /** In a sentence, in English; `id`, `level` and `values` say the same to programs. */
  readonly detail: string;
  /** Numbers of the sentence by name. */
  readonly values: Readonly<Record<string, number>>;
  /** The first of those that it is about. */
  readonly subjects: readonly FindingSubject[];
  readonly where: FindingPlace;
}

/** A check of the settings by which an organization is as safe as it can be (seed 002, 6.6). */
export interface CheckupUseCases {
  /** Warnings first, then advice, then what is in order. Needs `estate:write`. */
  run(actor: Actor): Promise<{ readonly checkedAt: number; readonly findings: readonly Finding[] }>;
}
