import { signInByKey } from '@cardea/client-key';
import { ApiProblem, type Client } from '@cardea/client-sdk';
import { createOwnServer, deviceName } from '@cardea/client-ui';
import type { Me } from '@cardea/wire-api';
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';
import type { KeptDoor, Vault } from '../kept/vault.ts';
import { type BluetoothState, bluetoothState } from './capability.ts';
import { type OwnPhone, openOwnPhone } from './own-phone.ts';
import { type Reach, watchReach } from './reach.ts';
import { keysAreDue, refresh } from './refresh.ts';
import { renewingFetch } from './renewing-fetch.ts';

/** The phone and what is known just now: what every screen is drawn from. */
export interface PhoneState {
  readonly own: OwnPhone;
  readonly vault: Vault;
  readonly api: Client;
  /** Whether the server takes this browser for somebody, as far as it has said so. */
  readonly signedIn: boolean;
  /** Whether the server answers. */
  readonly reach: Reach;
  readonly bluetooth: BluetoothState;
  /** Who is signed in and may do what; undefined before the server has said so. */
  readonly me: Me | undefined;
  readonly doors: readonly KeptDoor[];
  /** Doors without a key, and why. */
  readonly without: ReadonlyMap<string, string>;
  /** Whether the server is being asked, or why it could not be. */
  readonly asking: boolean;
  readonly problem: unknown;
  /** Unix ms; moves on by itself, so that no time on the screen grows old. */
  readonly now: number;
  /** A person has signed in: the browser holds the session's cookie. Keys of somebody else go. */
  readonly begin: (personId: string) => Promise<void>;
  /** The session is over; keys stay. */
  readonly end: () => void;
  /** The session is over, and nothing of the person stays in this browser. */
  readonly forget: () => Promise<void>;
  readonly askServer: () => Promise<void>;
}

const PhoneContext = createContext<PhoneState | undefined>(undefined);
/** How often times on the screen move on, keys are looked at, and a server that was not asked otherwise is. */
const TICK_MS = 20_000;
/** How often a server that does not answer is asked whether it is back. */
const SILENT_TICK_MS = 5_000;

type Known = Pick<PhoneState, 'me' | 'doors' | 'without'>;
const NOTHING_KNOWN: Known = { me: undefined, doors: [], without: new Map() };

/** The phone. @throws Error outside a {@link PhoneKeeper} */
export function usePhone(): PhoneState {
  const state = useContext(PhoneContext);
  if (state === undefined) throw new Error('there is no PhoneKeeper above this component');
  return state;
}

/** Keeps the phone up to date: asks the server at the start, when network or the person comes back, and at half a lease. */
export function PhoneKeeper({
  own: opened,
  vault,
  kept,
  children,
}: {
  readonly own: OwnPhone;
  readonly vault: Vault;
  readonly kept: readonly KeptDoor[];
  readonly children: ReactNode;
}): ReactNode {
  const [watch] = useState(() => watchReach((input, init) => fetch(input, init), Date.now));
  const [own, setOwn] = useState(opened);
  const ownNow = useRef(own);
  ownNow.current = own;
  const [api] = useState(() => {
    const renew = (): Promise<boolean> => beginByKey(createOwnServer({ fetch: watch.fetch }), ownNow.current);
    return createOwnServer({ fetch: renewingFetch(watch.fetch, renew) });
  });
  // Only a phone that was enrolled here asks by itself: nobody's browser becomes a phone because its console is signed in.
  const [session, setSession] = useState<'in' | 'out' | 'unknown'>(own.phone.phoneId === undefined ? 'out' : 'unknown');
  const reach = useSyncExternalStore(watch.onChange, () => watch.reach);
  const [now, setNow] = useState(Date.now());
  const [bluetooth, setBluetooth] = useState<BluetoothState>(own.radio === undefined ? 'no_api' : 'yes');
  const [known, setKnown] = useState<Known>({ ...NOTHING_KNOWN, doors: kept });
  const [asking, setAsking] = useState(false);
  const [problem, setProblem] = useState<unknown>(undefined);
  const underWay = useRef<OwnPhone | undefined>(undefined);
  const signedInAnew = useRef(false);
  const out = session === 'out';

  const becomeAnother = useCallback(async () => {
    await vault.clear();
    setKnown(NOTHING_KNOWN);
    setOwn(await openOwnPhone(vault));
  }, [vault]);

  const askServer = useCallback(async () => {
    if (out || underWay.current === own) return;
    underWay.current = own;
    setAsking(true);
    try {
      const enrolling = { deviceName: deviceName(), signedInAnew: signedInAnew.current };
      const refreshed = await refresh(api, vault, own, enrolling);
      if (underWay.current !== own) return;
      signedInAnew.current = false;
      setKnown(refreshed);
      setProblem(undefined);
      setSession('in');
    } catch (error) {
      if (underWay.current !== own) return;
      const code = error instanceof ApiProblem ? error.code : undefined;
      if (code === 'not_signed_in') setSession('out');
      // Reported lost, and found again: it becomes another phone.
      if (code === 'conflict') {
        const owner = await vault.owner();
        await becomeAnother();
        if (owner !== undefined) await vault.keepOwner(owner);
      }
      setProblem(code === 'not_signed_in' || code === 'conflict' ? undefined : error);
    } finally {
      if (underWay.current === own) {
        underWay.current = undefined;
        setAsking(false);
        setNow(Date.now());
      }
    }
  }, [api, becomeAnother, out, vault, own]);

  useEffect(() => void askServer(), [askServer]);
  const failed = problem !== undefined;
  useEffect(() => {
    const look = async (): Promise<void> => {
      setNow(Date.now());
      setBluetooth(await bluetoothState(own.radio));
      if (!navigator.onLine) return watch.noNetwork();
      if (document.visibilityState === 'hidden') return;
      if (watch.reach === 'silent' || Date.now() - watch.notedAt >= TICK_MS) await watch.probe();
      const waits = failed || own.phone.carried.length > 0 || keysAreDue(own.phone.keys, Date.now() / 1_000);
      if (watch.reach === 'answers' && waits) await askServer();
    };
    const lookNow = (): void => void look();
    lookNow();
    const timer = setInterval(lookNow, reach === 'silent' ? SILENT_TICK_MS : TICK_MS);
    window.addEventListener('online', lookNow);
    window.addEventListener('offline', lookNow);
    document.addEventListener('visibilitychange', lookNow);
    return () => {
      clearInterval(timer);
      window.removeEventListener('online', lookNow);
      window.removeEventListener('offline', lookNow);
      document.removeEventListener('visibilitychange', lookNow);
    };
  }, [askServer, failed, own, reach, watch]);

  const begin = useCallback(
    async (personId: string) => {
      const owner = await vault.owner();
      if (owner !== undefined && owner !== personId) await becomeAnother();
      await vault.keepOwner(personId);
      signedInAnew.current = true;
      setProblem(undefined);
      setSession('in');
      // So that the browser does not throw the key away when it needs room; it may decline.
      void navigator.storage?.persist?.();
    },
    [becomeAnother, vault],
  );
  const end = useCallback(() => setSession('out'), []);
  const forget = useCallback(async () => {
    setSession('out');
    setProblem(undefined);
    await becomeAnother();
  }, [becomeAnother]);
  const signedIn = session === 'in';
  const state = useMemo(
    () => ({
      own,
      vault,
      api,
      signedIn,
      reach,
      bluetooth,
      ...known,
      asking,
      problem,
      now,
      begin,
      end,
      forget,
      askServer,
    }),
    [own, vault, api, signedIn, reach, bluetooth, known, asking, problem, now, begin, end, forget, askServer],
  );
  return <PhoneContext.Provider value={state}>{children}</PhoneContext.Provider>;
}

/** Whether a session was begun by the phone's own key; never after the person has signed out (docs/people.md). */
async function beginByKey(server: Client, { key, phone }: OwnPhone): Promise<boolean> {
  if (phone.phoneId === undefined) return false;
  try {
    await signInByKey(server, key, { origin: location.origin, cookie: true });
    return true;
  } catch (error) {
    if (error instanceof ApiProblem) return false;
    throw error;
  }
}
