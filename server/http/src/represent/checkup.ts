import type { Finding } from '@cardea/server-core';
import type * as api from '@cardea/wire-api';
import { time } from './time.ts';

/** A security check as the API shows it. */
export function securityCheck(check: {
  readonly checkedAt: number;
  readonly findings: readonly Finding[];
}): api.SecurityCheck {
  return {
    checked_at: time(check.checkedAt),
    findings: check.findings.map((one) => ({
      ...one,
      values: { ...one.values },
      subjects: one.subjects.map(({ kind, id, name }) => ({ kind, id, name })),
    })),
  };
}
