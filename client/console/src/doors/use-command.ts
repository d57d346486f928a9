import type { DoorOperation } from '@cardea/client-sdk';
import { useApi } from '@cardea/client-ui';
import type { Attempt } from '@cardea/wire-api';
import { useCallback, useEffect, useRef, useState } from 'react';
import { notifyProblem } from '../parts/act.ts';

/** Between two looks at an attempt that is under way, seconds: each change of its stage is to be seen. */
const LOOK_EVERY_S = 1;

/** A command at a door and how far it has come; followed until the lock's receipt is there or the time is over. */
export interface Command {
  readonly attempt: Attempt | undefined;
  readonly busy: boolean;
  readonly start: (operation: DoorOperation) => Promise<void>;
}

/** Commands at one door, one after the other. What is under way when the page is left goes on at the server. */
export function useCommand(doorId: string): Command {
  const api = useApi();
  const [attempt, setAttempt] = useState<Attempt>();
  const [busy, setBusy] = useState(false);
  const leaving = useRef<AbortController>(undefined);
  useEffect(() => {
    leaving.current = new AbortController();
    return () => leaving.current?.abort();
  }, []);
  const start = useCallback(
    async (operation: DoorOperation) => {
      const signal = leaving.current?.signal;
      setBusy(true);
      try {
        let now = await api.doors.start(doorId, operation, { signal });
        setAttempt(now);
        while (now.state === 'pending' || now.state === 'sent') {
          now = await api.attempts.get(now.id, LOOK_EVERY_S, { signal });
          setAttempt(now);
        }
      } catch (problem) {
        if (!signal?.aborted) notifyProblem(problem);
      } finally {
        if (!signal?.aborted) setBusy(false);
      }
    },
    [api, doorId],
  );
  return { attempt, busy, start };
}
