import type { Attempt, Event } from '@cardea/wire-api';
import type { Acknowledged, Asked, Evidence, Recorded } from '../evidence.ts';
import type { Finding } from './finding.ts';

/** Every fact that anybody was told of stands in the record, unchanged and once. */
export function checkRecord(evidence: Evidence): readonly Finding[] {
  const { recorded, recordedAgain } = evidence;
  return [
    ...told(evidence),
    ...keys(evidence),
    ...onePerWish(evidence),
    ...acknowledged(evidence, recordedAgain),
    ...twice('attempt', recorded.attempts),
    ...twice('event', recorded.events),
    ...sequences(recorded.events),
    ...stream(evidence),
    ...afterRestart(recorded, recordedAgain),
  ];
}

/** What is fixed when an attempt is made. */
const BEGINNING = ['door_id', 'lock_id', 'operation', 'created_at', 'expires_at'] as const satisfies (keyof Attempt)[];
/** What is fixed when an attempt is over; only a late receipt may be added. */
const END = [...BEGINNING, 'state', 'reason', 'sent_at', 'ended_at', 'receipt'] as const satisfies (keyof Attempt)[];

function told({ asked, seenOver, recorded }: Evidence): readonly Finding[] {
  const byId = new Map(recorded.attempts.map((attempt) => [attempt.id, attempt]));
  const compare = (was: Attempt, what: string, fields: readonly (keyof Attempt)[]): readonly Finding[] => {
    const now = byId.get(was.id);
    if (now === undefined) return [{ rule: 'lost', detail: `${what} ${was.id} is not in the record` }];
    return fields
      .filter((field) => !same(was[field], now[field]))
      .map((field) => ({
        rule: 'lost',
        detail: `${what} ${was.id}: ${field} was ${JSON.stringify(was[field])}, is ${JSON.stringify(now[field])}`,
      }));
  };
  return [
    ...asked.flatMap(({ answer }) =>
      typeof answer === 'string' ? [] : compare(answer, 'the acknowledged attempt', BEGINNING),
    ),
    ...seenOver.flatMap((attempt) => compare(attempt, 'the attempt that was over', END)),
  ];
}

/** The same key has the same answer for ever, and no two keys have one attempt. */
function keys({ asked }: Evidence): readonly Finding[] {
  const found: Finding[] = [];
  const owners = new Map<string, string>();
  for (const { key, answer, repeated } of asked) {
    if (typeof answer !== 'string') {
      const other = owners.get(answer.id);
      if (other !== undefined)
        found.push({ rule: 'doubled', detail: `${answer.id} answers the keys ${other}, ${key}` });
      owners.set(answer.id, key);
    }
    if (repeated === undefined) continue;
    const [first, second] = [idOf(answer), idOf(repeated)];
    // Whoever had no answer may get one now; whoever had one gets it again.
    if (answer !== 'unknown' && answer !== 'refused' && first !== second) {
      found.push({ rule: 'doubled', detail: `the key ${key} had ${first}, and ${second} when it was repeated` });
    }
  }
  return found;
}

/** At each door the attempts of the record are those that were asked for, in that order, each wish at most once. */
function onePerWish({ asked, recorded }: Evidence): readonly Finding[] {
  const found: Finding[] = [];
  for (const doorId of new Set(asked.map((one) => one.doorId))) {
    const wishes = asked.filter((one) => one.doorId === doorId);
    const attempts = recorded.attempts
      .filter((one) => one.door_id === doorId && ['unlock', 'lock', 'status'].includes(one.operation))
      .sort((a, b) => (a.id < b.id ? -1 : 1));
    let at = 0;
    for (const attempt of attempts) {
      const next = wishes.findIndex((wish, index) => index >= at && mayBe(wish, attempt));
      if (next === -1) {
        found.push({ rule: 'doubled', detail: `${attempt.id} (${attempt.operation}) answers no wish, or one twice` });
      } else at = next + 1;
    }
  }
  return found;
}

function mayBe(wish: Asked, attempt: Attempt): boolean {
  if (typeof wish.answer !== 'string') return wish.answer.id === attempt.id;
  if (wish.repeated !== undefined && typeof wish.repeated !== 'string') return wish.repeated.id === attempt.id;
  return (
    wish.answer === 'unknown' &&
    wish.operation === attempt.operation &&
    Date.parse(attempt.expires_at) - Date.parse(attempt.created_at) === wish.timeToLiveS * 1000
  );
}

function acknowledged(evidence: Evidence, recorded: Recorded): readonly Finding[] {
  const facts = evidence.acknowledged;
  const removed = new Set(facts.filter(({ kind }) => kind === 'token-removed').map(({ id }) => id));
  const still = (fact: Acknowledged): Finding | undefined => {
    const { kind, id, name } = fact;
    const good = recorded.tokensGood.has(id);
    if (kind === 'token-created') {
      return removed.has(id) || good ? undefined : { rule: 'lost', detail: `the token ${id} does not work` };
    }
    if (kind === 'token-removed')
      return good ? { rule: 'lost', detail: `the removed token ${id} works again` } : undefined;
    const named = recorded.floors.filter((floor) => floor.name === name);
    if (named.length > 1) return { rule: 'doubled', detail: `the floor ${name} stands there ${named.length} times` };
    return named[0]?.id === id ? undefined : { rule: 'lost', detail: `the floor ${name} (${id}) is not in the record` };
  };
  return facts.map(still).filter((finding) => finding !== undefined);
}

function twice(what: string, items: readonly { readonly id: string }[]): readonly Finding[] {
  const seen = new Set<string>();
  return items.flatMap(({ id }): readonly Finding[] => {
    if (seen.has(id)) return [{ rule: 'doubled', detail: `the ${what} ${id} stands there twice` }];
    seen.add(id);
    return [];
  });
}

function sequences(events: readonly Event[]): readonly Finding[] {
  const ofLocks = events.filter((event) => event.lock_sequence !== null);
  return twice(
    'event with',
    ofLocks.map((event) => ({ id: `${event.lock_id} sequence ${event.lock_sequence}` })),
  );
}

/** Each streamed event is in the record as it was streamed, came once, and none between them was left out. */
function stream({ streamed, recorded }: Evidence): readonly Finding[] {
  const byId = new Map(recorded.events.map((event) => [event.id, event]));
  const found: Finding[] = [...twice('streamed event', streamed)];
  for (const event of streamed) {
    if (!same(event, byId.get(event.id))) {
      found.push({
        rule: 'lost',
        detail: `the event ${event.id} (${event.type}) was streamed and is not in the record so`,
      });
    }
  }
  const ids = new Set(streamed.map(({ id }) => id));
  const last = streamed.reduce((most, { id }) => (id > most ? id : most), '');
  const first = streamed.reduce((least, { id }) => (id < least ? id : least), last);
  for (const { id, type } of recorded.events) {
    if (id > first && id < last && !ids.has(id))
      found.push({ rule: 'gap', detail: `the event ${id} (${type}) was not streamed` });
  }
  return found;
}

function afterRestart(before: Recorded, after: Recorded): readonly Finding[] {
  const lost = (what: string, was: readonly { id: string }[], is: readonly { id: string }[]): readonly Finding[] => {
    const now = new Map(is.map((one) => [one.id, one]));
    return was
      .filter((one) => !same(one, now.get(one.id)))
      .map(({ id }) => ({ rule: 'lost', detail: `the ${what} ${id} is not the same after a restart` }));
  };
  return [...lost('attempt', before.attempts, after.attempts), ...lost('event', before.events, after.events)];
}

const idOf = (answer: Asked['answer']): string => (typeof answer === 'string' ? answer : answer.id);

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
