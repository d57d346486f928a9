import { useApi } from '@cardea/client-ui';
import type { Attempt } from '@cardea/wire-api';
import { useCallback, useEffect, useRef, useState } from 'react';
import { notifyProblem } from '../parts/act.ts';

/** Between two looks at an attempt that is under way, seconds: each change of its stage is to be seen. */
const LOOK_EVERY_S = 1;

/** A command at a door and how far it has come; followed until the lock's receipt is there or the time is over. */
export interface Command {
  /** The one that was asked for last on this page. */
  readonly attempt: Attempt | undefined;
  readonly busy: boolean;
  /**
   * Asks for another and follows it. Resolves once the server has taken it, before it is over.
   * @throws what `ask` throws, when the server refuses it
   */
  readonly begin: (ask: (signal: AbortSignal) => Promise<Attempt>) => Promise<void>;
}

/** Commands at one door, one after the other. What is under way when the page is left goes on at the server. */
export function useCommand(): Command {
  const api = useApi();
  const [attempt, setAttempt] = useState<Attempt>();
  const [busy, setBusy] = useState(false);
  const leaving = useRef<AbortController>(undefined);
  useEffect(() => {
    const controller = new AbortController();
    leaving.current = controller;
    return () => controller.abort();
  }, []);
  const begin = useCallback(
    async (ask: (signal: AbortSignal) => Promise<Attempt>) => {
      const { signal } = leaving.current ?? new AbortController();
      const follow = async (begun: Attempt): Promise<void> => {
        try {
          let now = begun;
          while (now.state === 'pending' || now.state === 'sent') {
            now = await api.attempts.get(now.id, LOOK_EVERY_S, { signal });
            setAttempt(now);
          }
        } catch (problem) {
          if (!signal.aborted) notifyProblem(problem);
        } finally {
          if (!signal.aborted) setBusy(false);
        }
      };
      setBusy(true);
      try {
        const begun = await ask(signal);
        setAttempt(begun);
        void follow(begun);
      } catch (problem) {
        setBusy(false);
        throw problem;
      }
    },
    [api],
  );
  return { attempt, busy, begin };
}
