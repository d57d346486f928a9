/** Whether the server answers: not yet asked, the last request had an answer, or it had none. */
export type Reach = 'unknown' | 'answers' | 'silent';

/** Watches whether the server answers. A browser's own word that there is network says nothing of the server. */
export interface ReachWatch {
  /** The browser's fetch; what comes of each request is noted. */
  readonly fetch: typeof fetch;
  readonly reach: Reach;
  /** When the last answer or silence was noted, Unix ms; 0 before any. */
  readonly notedAt: number;
  /** Asks the server whether it is there, without a retry, and notes that. */
  probe(): Promise<void>;
  /** There is no network at all: the browser is believed where it says no. */
  noNetwork(): void;
  /** Called after each change of `reach`; answers how to stop. */
  onChange(listener: () => void): () => void;
}

/** Where any server of ours answers without asking who it is. */
const PROBE_ADDRESS = '/healthz';
/** Whoever stands at a door is not kept waiting for a network that leads nowhere. */
const PROBE_TIMEOUT_MS = 4_000;

/** A watch over `plainFetch`; `now` in Unix ms. */
export function watchReach(plainFetch: typeof fetch, now: () => number): ReachWatch {
  const listeners = new Set<() => void>();
  let reach: Reach = 'unknown';
  let notedAt = 0;
  const note = (next: Reach): void => {
    notedAt = now();
    if (next === reach) return;
    reach = next;
    for (const listener of listeners) listener();
  };
  const watched: typeof fetch = async (input, init) => {
    try {
      const response = await plainFetch(input, init);
      // Whatever stands before the server says these when the server itself is not there.
      note([502, 503, 504].includes(response.status) ? 'silent' : 'answers');
      return response;
    } catch (error) {
      // A request that the app itself gave up says nothing of the server; one that took too long does.
      const reason: unknown = init?.signal?.aborted ? init.signal.reason : undefined;
      if (reason === undefined || isTimeout(reason)) note('silent');
      throw error;
    }
  };
  return {
    fetch: watched,
    get reach() {
      return reach;
    },
    get notedAt() {
      return notedAt;
    },
    async probe() {
      await watched(PROBE_ADDRESS, { cache: 'no-store', signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) }).catch(
        () => {},
      );
    },
    noNetwork: () => note('silent'),
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

function isTimeout(reason: unknown): boolean {
  return reason instanceof Error && reason.name === 'TimeoutError';
}
