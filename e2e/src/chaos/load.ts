import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { ApiProblem } from '@cardea/client-sdk';
import { seededRandom } from '@cardea/kit-node';
import type { Acknowledged, Asked } from '@cardea/twin-faults';
import { type Attempt, type Event, isOver } from '@cardea/wire-api';
import type { Site } from './site.ts';

/** Answers that say for certain that nothing was done, and that asking again will not change it. */
const REFUSED = new Set(['too_many', 'precondition_failed', 'conflict', 'not_found', 'invalid', 'not_permitted']);
/** Between two tries of one wish. */
const TRY_AGAIN_MS = 100;
const LONGEST_THOUGHT_MS = 250;
/** Whoever was told that it failed looks at the door first. */
const AFTER_FAILURE_MS = 250;
/** Times to live that the load asks for: from 3 s, most of them short, so that faults outlast them. */
const TIMES_TO_LIVE_S = [3, 3, 4, 5, 6, 8] as const;

/** What a load is seen to have done, and how it is ended. */
export interface Load {
  readonly asked: readonly Asked[];
  readonly seenOver: readonly Attempt[];
  readonly streamed: readonly Event[];
  readonly acknowledged: readonly Acknowledged[];
  /** Secrets of the tokens that were acknowledged, by their ids. */
  readonly secrets: ReadonlyMap<string, string>;
  /** Resolves when a receipt came for a command that was asked after `sinceMs`; undefined when none does in time. */
  receiptAfter(sinceMs: number, withinMs: number): Promise<number | undefined>;
  /** Asks for nothing more and resolves when everything asked for is over. */
  end(): Promise<void>;
}

/**
 * People at every door, an office that changes the estate, doors that open and close, and somebody who follows the events:
 * without pause, by the SDK, each wish under one Idempotency-Key until it has an answer.
 */
export function startLoad(site: Site, seed: number): Load {
  const { client } = site;
  const asked: Asked[] = [];
  const seenOver: Attempt[] = [];
  const streamed: Event[] = [];
  const acknowledged: Acknowledged[] = [];
  const secrets = new Map<string, string>();
  const waiting = new Set<(askedAtMs: number) => void>();
  const closing = new AbortController();
  let ending = false;

  const dice = (who: string) => {
    const random = seededRandom(`chaos load ${seed} ${who}`);
    return (below: number): number => new DataView(random.octets(4).buffer).getUint32(0) % below;
  };

  /** Asks until somebody has answered for certain. */
  const settled = async <T>(call: () => Promise<T>): Promise<T | 'refused' | 'unknown'> => {
    for (;;) {
      try {
        return await call();
      } catch (error) {
        if (!(error instanceof ApiProblem)) throw error;
        if (error.code === 'outcome_unknown' || error.code === 'internal') return 'unknown';
        if (REFUSED.has(error.code)) return 'refused';
        // A wish whose run is over is let go: whether it came true, the record says.
        if (closing.signal.aborted) return 'unknown';
      }
      await delay(TRY_AGAIN_MS);
    }
  };

  const follow = async (attempt: Attempt): Promise<Attempt | undefined> => {
    let last = attempt;
    while (!isOver(last)) {
      const { id } = last;
      const now = await settled<Attempt>(() => client.attempts.get(id, 2));
      if (typeof now === 'string') return undefined;
      last = now;
    }
    return last;
  };

  const person = async (doorId: string): Promise<void> => {
    const roll = dice(doorId);
    const pick = dice(`operations ${doorId}`);
    for (let turn = 0; !ending; turn++) {
      const operation = pick(5) === 0 ? 'status' : turn % 2 === 0 ? 'unlock' : 'lock';
      const timeToLiveS = TIMES_TO_LIVE_S[roll(TIMES_TO_LIVE_S.length)] ?? 3;
      const key = randomUUID();
      const askedAtMs = Date.now();
      const answer = await settled(() => client.doors.start(doorId, operation, { timeToLiveS, idempotencyKey: key }));
      asked.push({ key, doorId, operation, timeToLiveS, askedAtMs, answer });
      if (typeof answer !== 'string') {
        const over = await follow(answer);
        if (over !== undefined) seenOver.push(over);
        if (over?.state === 'succeeded') for (const tell of waiting) tell(askedAtMs);
      }
      const failed = seenOver.at(-1)?.state !== 'succeeded';
      await delay(roll(LONGEST_THOUGHT_MS) + (failed ? AFTER_FAILURE_MS : 0));
    }
  };

  const office = async (): Promise<void> => {
    for (let n = 1; !ending; n++) {
      const name = `floor ${n}`;
      const floorKey = randomUUID();
      const floor = await settled(() =>
        client.floors.add({ property_id: site.propertyId, name, level: n % 100 }, { idempotencyKey: floorKey }),
      );
      if (typeof floor !== 'string') acknowledged.push({ kind: 'floor-added', id: floor.id, name });
      const tokenKey = randomUUID();
      const created = await settled(() =>
        client.tokens.create(
          { name: `token ${n}`, scopes: ['estate:read'], expires_in_s: 86_400 },
          { idempotencyKey: tokenKey },
        ),
      );
      if (typeof created !== 'string') {
        const { id } = created.token;
        secrets.set(id, created.secret);
        acknowledged.push({ kind: 'token-created', id, name: `token ${n}` });
        if (n % 2 === 0) {
          const removed = await settled(async () => {
            await client.tokens.remove(id);
            return 'removed' as const;
          });
          // `refused`: an earlier try removed it, and its answer was lost.
          if (removed === 'removed') acknowledged.push({ kind: 'token-removed', id, name: `token ${n}` });
          else
            acknowledged.splice(
              acknowledged.findIndex((fact) => fact.kind === 'token-created' && fact.id === id),
              1,
            );
        }
      }
      await delay(500);
    }
  };

  const hands = async (): Promise<void> => {
    const roll = dice('hands');
    const doors = [...site.lockOf.keys()];
    const open = new Map<string, boolean>();
    while (!ending) {
      const doorId = doors[roll(doors.length)] ?? '';
      const next = !(open.get(doorId) ?? false);
      open.set(doorId, next);
      await client.sim('door', { door_id: doorId, value: next ? 'open' : 'closed' }).catch(() => undefined);
      await delay(300 + roll(700));
    }
  };

  const listener = async (): Promise<void> => {
    for await (const event of client.events.follow({ signal: closing.signal })) streamed.push(event);
  };

  const people = [...[...site.lockOf.keys()].map(person), office(), hands()];
  const listening = listener();

  return {
    asked,
    seenOver,
    streamed,
    acknowledged,
    secrets,
    receiptAfter(sinceMs, withinMs) {
      return new Promise((resolve) => {
        const tell = (askedAtMs: number): void => {
          if (askedAtMs < sinceMs) return;
          done(Date.now() - sinceMs);
        };
        const done = (took: number | undefined): void => {
          clearTimeout(timer);
          waiting.delete(tell);
          resolve(took);
        };
        const timer = setTimeout(() => done(undefined), withinMs);
        waiting.add(tell);
      });
    },
    async end() {
      ending = true;
      await Promise.all(people);
      await delay(1_000);
      closing.abort();
      await listening;
    },
  };
}
