import type { AlertRule, Event } from '../model.ts';
import type { AlertSubject } from './rules.ts';

/** What a rule has found: the facts that it rests on, oldest first. */
export interface Finding {
  readonly rule: AlertRule;
  readonly subject: AlertSubject;
  readonly subjectId: string;
  readonly organizationId: string;
  readonly events: readonly Event[];
}
