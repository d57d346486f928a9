import type { Clock } from '@cardea/kit-runtime';
import type { Store, StoredAnswer } from '@cardea/server-core';
import { problemKinds } from '@cardea/wire-api';
import type { Answer } from './answer.ts';
import { HttpRefusal } from './refusal.ts';
import type { AnswerSeal } from './sealed-answer.ts';

/** Where answers are kept. `set` is durable when it resolves. */
export interface IdempotencyStore {
  get(name: string): Promise<StoredAnswer | undefined>;
  set(name: string, answer: StoredAnswer): Promise<void>;
  /** How many are kept of an owner. */
  count(owner: string): Promise<number>;
  removeBefore(timeMs: number): Promise<void>;
}

/** The answers' place in the record. */
export function idempotencyIn(store: Pick<Store, 'unit' | 'read'>): IdempotencyStore {
  return {
    get: (name) => store.read((tx) => tx.idempotency.get(name)),
    set: (name, answer) => store.unit((tx) => tx.idempotency.set(name, answer)),
    count: (owner) => store.read((tx) => tx.idempotency.count(owner)),
    removeBefore: (timeMs) => store.unit((tx) => tx.idempotency.removeBefore(timeMs)),
  };
}

/** Status of a record whose request has begun and not ended. */
const BEGUN = 0;
/** When to come again with a fresh key once an organization has used all: the next sweep is within the hour. */
const RETRY_FULL_S = 600;
/** A record of this age was given up: as good as none. */
const RELEASED_AT = 0;

/**
 * Lets a request run once under its key (docs/api.md, A7). Before the effect a durable mark says that it has begun; after
 * it the answer is made durable, then sent. Whoever repeats it gets that answer; a second one at the same time waits for
 * the first; after a crash in between, nobody does it again: `outcome_unknown`.
 */
export function createIdempotency(store: IdempotencyStore, clock: Clock, keepMs: number, mostOfOwner: number) {
  const running = new Map<string, Promise<void>>();
  /** Answers kept of each organization that has sent something since the last sweep. */
  const held = new Map<string, number>();

  /** Makes room for one more. @throws HttpRefusal too_many */
  const admit = async (owner: string): Promise<void> => {
    if (!held.has(owner)) {
      const count = await store.count(owner);
      if (!held.has(owner)) held.set(owner, count);
    }
    const count = held.get(owner) ?? 0;
    if (count >= mostOfOwner) {
      throw new HttpRefusal(
        'too_many',
        `The organization has used ${mostOfOwner} Idempotency-Keys within the time that each is kept.`,
        { retryAfterS: RETRY_FULL_S },
      );
    }
    held.set(owner, count + 1);
  };

  const replay = (stored: StoredAnswer, seal: AnswerSeal, bodyHash: string): Answer => {
    if (stored.bodyHash !== bodyHash) {
      throw new HttpRefusal('idempotency_key_reused', 'This Idempotency-Key was sent before with another request.', {
        field: 'header.Idempotency-Key',
      });
    }
    if (stored.status === BEGUN) {
      throw new HttpRefusal(
        'outcome_unknown',
        'The server stopped while it worked on the first request under this Idempotency-Key. Look at the record before you ask again under a fresh one.',
        { field: 'header.Idempotency-Key' },
      );
    }
    const headers = JSON.parse(stored.headers) as Record<string, string>;
    return {
      status: stored.status,
      headers: { ...headers, 'idempotency-replayed': 'true' },
      body: seal.open(stored.body),
    };
  };

  const first = async (
    seal: AnswerSeal,
    owner: string,
    bodyHash: string,
    run: () => Promise<Answer>,
  ): Promise<Answer> => {
    const stored = await store.get(seal.name);
    if (stored !== undefined && stored.createdAt > clock.now() - keepMs) return replay(stored, seal, bodyHash);
    if (stored === undefined) await admit(owner);
    const createdAt = clock.now();
    await store.set(seal.name, { owner, bodyHash, status: BEGUN, headers: '{}', body: '', createdAt });
    const answer = await run();
    if (isTransient(answer)) {
      await store.set(seal.name, { owner, bodyHash, status: BEGUN, headers: '{}', body: '', createdAt: RELEASED_AT });
      return answer;
    }
    const { status, headers, body } = answer;
    await store.set(seal.name, {
      owner,
      bodyHash,
      status,
      headers: JSON.stringify(headers),
      body: seal.seal(body),
      createdAt,
    });
    return answer;
  };

  return {
    /** The answer of `run`, or the one that the same request had before. `run` answers its refusals and throws on mistakes. */
    async once(seal: AnswerSeal, owner: string, bodyHash: string, run: () => Promise<Answer>): Promise<Answer> {
      for (let before = running.get(seal.name); before !== undefined; before = running.get(seal.name)) await before;
      const answer = first(seal, owner, bodyHash, run);
      const ended = answer.then(
        () => {},
        () => {},
      );
      running.set(seal.name, ended);
      try {
        return await answer;
      } finally {
        running.delete(seal.name);
      }
    },
    /** Forgets what is older than it is kept for. */
    async sweep(): Promise<void> {
      await store.removeBefore(clock.now() - keepMs);
      held.clear();
    },
  };
}

/** Nothing was done and the same request may succeed later: not an answer to keep. */
function isTransient({ status }: Answer): boolean {
  return status === problemKinds.too_many.status || status === problemKinds.unavailable.status;
}
