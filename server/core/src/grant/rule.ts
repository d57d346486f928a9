/** The rules of a decision by name, in the order in which they are asked. Stable: it is the API's `rule`. */
export type RuleName =
  | 'person'
  | 'role'
  | 'grant'
  | 'operation'
  | 'window'
  | 'schedule'
  | 'uses'
  | 'geofence'
  | 'first_use'
  | 'second_person'
  | 'method'
  | 'lock'
  | 'mode'
  | 'clock'
  | 'last_proof'
  | 'gateway';

/**
 * What one rule came to: passed, not passed, or null where it is not asked (it does not apply, or another rule settles
 * the matter). `detail` says it in words; it is a function because most decisions are not read.
 */
export interface Finding {
  readonly rule: RuleName;
  readonly passed: boolean | null;
  readonly detail: () => string;
}

/** A finding. */
export function finding(rule: RuleName, passed: boolean | null, detail: () => string): Finding {
  return { rule, passed, detail };
}

/** Whether nothing stands against it. */
export function allPass(findings: readonly Finding[]): boolean {
  return findings.every(({ passed }) => passed !== false);
}
