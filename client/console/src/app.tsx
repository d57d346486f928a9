import { ApiProblem } from '@cardea/client-sdk';
import { useApi } from '@cardea/client-ui';
import { MutationCache, QueryCache, QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query';
import { lazy, type ReactNode, Suspense, useEffect, useMemo, useRef } from 'react';
import { Router } from 'wouter';
import { Failed, Loaded, Loading } from './parts/states.tsx';
import { Unhurried } from './parts/unhurried.tsx';
import { MeContext, useSession } from './session/session.tsx';

// What is before the pages and what is around them are loaded apart: nobody needs both at once.
const SignIn = lazy(async () => ({ default: (await import('./sign-in/sign-in.tsx')).SignIn }));
const RequiredPassword = lazy(async () => ({ default: (await requiredSteps()).RequiredPassword }));
const RequiredSecondFactor = lazy(async () => ({ default: (await requiredSteps()).RequiredSecondFactor }));
const requiredSteps = () => import('./sign-in/required-steps.tsx');
const Shell = lazy(async () => ({ default: (await shell()).Shell }));
const shell = () => import('./shell/shell.tsx');

/** The console: the sign-in, and behind it the pages. */
export function App(): ReactNode {
  const { epoch } = useSession();
  return (
    <Router base="/console">
      <Signed key={epoch} />
    </Router>
  );
}

/** What one session has read, kept only as long as that session. */
function Signed(): ReactNode {
  const { end } = useSession();
  const over = useRef(end);
  over.current = end;
  const client = useMemo(() => createQueries(() => over.current()), []);
  useEffect(() => () => client.clear(), [client]);
  return (
    <QueryClientProvider client={client}>
      <Suspense fallback={<Loading />}>
        <Gate />
      </Suspense>
    </QueryClientProvider>
  );
}

function Gate(): ReactNode {
  const api = useApi();
  const { expected } = useSession();
  const me = useQuery({
    queryKey: ['me'],
    enabled: expected,
    queryFn: async ({ signal }) => {
      try {
        // Most who are expected are signed in: what they see next is on its way meanwhile.
        const [me] = await Promise.all([api.me({ signal }), shell()]);
        return me;
      } catch (error) {
        if (isSignedOut(error)) return null;
        throw error;
      }
    },
  });
  if (!expected || me.data === null) return <SignIn />;
  if (me.data?.must_change_password) return <RequiredPassword />;
  if (me.data !== undefined) {
    return (
      <MeContext value={me.data}>
        <SecondFactorGate />
      </MeContext>
    );
  }
  return me.error ? (
    <main>
      <Failed error={me.error} retry={() => void me.refetch()} />
    </main>
  ) : (
    <Loading />
  );
}

/** Nothing but the own second factors answers to who owes one. */
function SecondFactorGate(): ReactNode {
  const api = useApi();
  const factors = useQuery({
    queryKey: ['me', 'second-factors'],
    queryFn: ({ signal }) => api.own.secondFactors({ signal }),
  });
  return (
    <Unhurried>
      <Loaded query={factors}>
        {({ required, totp, passkeys }) =>
          required && !totp && passkeys.length === 0 ? <RequiredSecondFactor /> : <Shell />
        }
      </Loaded>
    </Unhurried>
  );
}

/** Reads are repeated by the SDK already; a session that is over shows the sign-in wherever it is noticed. */
function createQueries(onSignedOut: () => void): QueryClient {
  const notice = (error: unknown): void => {
    if (isSignedOut(error)) onSignedOut();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError: notice }),
    mutationCache: new MutationCache({ onError: notice }),
    defaultOptions: { queries: { retry: false, staleTime: 10_000 } },
  });
}

function isSignedOut(error: unknown): boolean {
  return error instanceof ApiProblem && error.code === 'not_signed_in';
}
