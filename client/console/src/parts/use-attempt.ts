import { useApi } from '@cardea/client-ui';
import type { Attempt } from '@cardea/wire-api';
import { useCallback, useEffect, useRef, useState } from 'react';

/** Between two looks at an attempt that is under way, seconds: each change of its stage is to be seen. */
const LOOK_EVERY_S = 1;

/** An attempt and how far it has come; followed until it is over. */
export interface Followed {
  readonly attempt: Attempt | undefined;
  readonly busy: boolean;
  /** Why it was not begun, or could not be followed. */
  readonly error: unknown;
  /** Begins another and follows it. @returns it as it ended; undefined when it was not begun or the page was left */
  readonly follow: (begin: (signal: AbortSignal) => Promise<Attempt>) => Promise<Attempt | undefined>;
  /** Shows nothing any more. */
  readonly clear: () => void;
}

/** Follows one attempt after the other. What is under way when the page is left goes on at the server. */
export function useAttempt(): Followed {
  const api = useApi();
  const [attempt, setAttempt] = useState<Attempt>();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(undefined);
  const leaving = useRef<AbortController>(undefined);
  useEffect(() => {
    const controller = new AbortController();
    leaving.current = controller;
    return () => controller.abort();
  }, []);
  const follow = useCallback(
    async (begin: (signal: AbortSignal) => Promise<Attempt>) => {
      const signal = leaving.current?.signal;
      if (signal === undefined) return undefined;
      setBusy(true);
      setError(undefined);
      try {
        let now = await begin(signal);
        setAttempt(now);
        while (now.state === 'pending' || now.state === 'sent') {
          now = await api.attempts.get(now.id, LOOK_EVERY_S, { signal });
          setAttempt(now);
        }
        return now;
      } catch (problem) {
        if (!signal.aborted) setError(problem);
        return undefined;
      } finally {
        if (!signal.aborted) setBusy(false);
      }
    },
    [api],
  );
  const clear = useCallback(() => {
    setAttempt(undefined);
    setError(undefined);
  }, []);
  return { attempt, busy, error, follow, clear };
}
