import type { Client } from '@cardea/client-sdk';
import { ApiContext, createOwnServer } from '@cardea/client-ui';
import type { Me, Scope } from '@cardea/wire-api';
import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from 'react';

/** Who is signed in, and how to begin and end that. */
export interface SessionState {
  /** The API before or after sign-in. */
  readonly api: Client;
  /** Somebody has signed in: the browser holds the session's cookie. */
  readonly begin: () => void;
  /** The session is over: the next thing shown is the sign-in, and after it the same page. */
  readonly end: () => void;
  /** Changes with every beginning and end, so that nothing of one session is shown in the next. */
  readonly epoch: number;
  /** Whether a session may be there: without one the server is not even asked, which every browser would report as a failure. */
  readonly expected: boolean;
}

/** Kept in the browser while somebody is signed in. It opens nothing: the session itself is where no script reads it. */
const WHERE_EXPECTED = 'cardea.signed-in';

const SessionContext = createContext<SessionState | undefined>(undefined);

/** Keeps the session, and hands the API that goes with it to everything below. */
export function SessionKeeper({ children }: { readonly children: ReactNode }): ReactNode {
  const [held, setHeld] = useState<Pick<SessionState, 'api' | 'epoch' | 'expected'>>(() => ({
    api: createOwnServer(),
    epoch: 0,
    expected: localStorage.getItem(WHERE_EXPECTED) !== null,
  }));
  // The session itself is a cookie that the browser keeps: a fresh client goes with each.
  const turn = useCallback((expected: boolean) => {
    if (expected) localStorage.setItem(WHERE_EXPECTED, 'yes');
    else localStorage.removeItem(WHERE_EXPECTED);
    setHeld(({ epoch }) => ({ api: createOwnServer(), epoch: epoch + 1, expected }));
  }, []);
  const state = useMemo(() => ({ ...held, begin: () => turn(true), end: () => turn(false) }), [held, turn]);
  return (
    <SessionContext value={state}>
      <ApiContext value={state.api}>{children}</ApiContext>
    </SessionContext>
  );
}

/** The session. @throws Error outside a {@link SessionKeeper} */
export function useSession(): SessionState {
  const state = useContext(SessionContext);
  if (state === undefined) throw new Error('there is no SessionKeeper above this component');
  return state;
}

/** Who is signed in. */
export const MeContext: React.Context<Me | undefined> = createContext<Me | undefined>(undefined);

/** Who is signed in. @throws Error on a page outside the shell */
export function useMe(): Me {
  const me = useContext(MeContext);
  if (me === undefined) throw new Error('nobody is signed in here');
  return me;
}

/** Says whether whoever is signed in holds all of some scopes. The server decides anew at each request. */
export function useScopes(): (...scopes: readonly Scope[]) => boolean {
  const { scopes: held } = useMe();
  return (...scopes) => scopes.every((scope) => held.includes(scope));
}
