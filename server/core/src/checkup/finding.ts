import type { Finding, FindingLevel, FindingPlace, FindingSubject } from './model.ts';

/** So many of those that a finding is about are named. */
export const SUBJECTS_MOST = 20;

/** A rule: pure, one finding from the facts. */
export type Rule<Facts> = (facts: Facts) => Finding;

/** What a rule says of the things that fail it: `ok` where there are none. */
export function about(
  rule: { readonly id: string; readonly where: FindingPlace; readonly level: Exclude<FindingLevel, 'ok'> },
  subjects: readonly FindingSubject[],
  say: { readonly ok: string; readonly found: (count: number) => string },
): Finding {
  const count = subjects.length;
  return {
    id: rule.id,
    where: rule.where,
    level: count === 0 ? 'ok' : rule.level,
    detail: count === 0 ? say.ok : say.found(count),
    values: { count },
    subjects: subjects.slice(0, SUBJECTS_MOST),
  };
}

/** What a rule says of the organization as a whole. */
export function whole(
  rule: { readonly id: string; readonly where: FindingPlace },
  level: FindingLevel,
  detail: string,
  values: Finding['values'] = {},
): Finding {
  return { ...rule, level, detail, values, subjects: [] };
}
