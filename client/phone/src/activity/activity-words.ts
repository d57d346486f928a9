import { type EventWords, eventWords, say } from '@cardea/client-ui';
import type { Event } from '@cardea/wire-api';
import { activityTexts } from './texts.ts';

/** By what a visitor's opening is told: docs/grants.md, resolution 26. */
const OPENINGS: readonly string[] = ['lock.unlocked', 'attempt.succeeded'];

/** An event as its owner is told of it; `visitors` are the names that the host gave, by id. */
export function activityWords(
  { type, detail }: Pick<Event, 'type' | 'detail'>,
  visitors: ReadonlyMap<string, string>,
): EventWords {
  const { visitor_id: visitorId } = detail;
  // That a visitor was invited or taken back names him as well.
  if (typeof visitorId !== 'string' || !OPENINGS.includes(type)) return eventWords({ type, detail });
  const name = visitors.get(visitorId);
  const title = name === undefined ? say(activityTexts, 'aVisitor') : say(activityTexts, 'visitor', { name });
  return { title, more: type === 'lock.unlocked' ? '' : eventWords({ type, detail: {} }).title, tone: 'good' };
}
