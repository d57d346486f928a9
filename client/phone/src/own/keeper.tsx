import { ApiProblem, type Client } from '@cardea/client-sdk';
import { createOwnServer } from '@cardea/client-ui';
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useRef, useState } from 'react';
import type { KeptDoor, Vault } from '../kept/vault.ts';
import { type BluetoothState, bluetoothState } from './capability.ts';
import { deviceName } from './device-name.ts';
import type { OwnPhone } from './own-phone.ts';
import { keysAreDue, refresh } from './refresh.ts';

/** The phone and what is known just now: what every screen is drawn from. */
export interface PhoneState {
  readonly own: OwnPhone;
  readonly vault: Vault;
  readonly api: Client;
  /** Whether the server takes this browser for somebody, as far as it has said so. */
  readonly signedIn: boolean;
  readonly online: boolean;
  readonly bluetooth: BluetoothState;
  readonly doors: readonly KeptDoor[];
  /** Doors without a key, and why. */
  readonly without: ReadonlyMap<string, string>;
  /** Whether the server is being asked, or why it could not be. */
  readonly asking: boolean;
  readonly problem: unknown;
  /** Unix ms; moves on by itself, so that no time on the screen grows old. */
  readonly now: number;
  /** Somebody has signed in: the browser holds the session's cookie. */
  readonly begin: () => void;
  /** The session is over; keys stay. */
  readonly end: () => void;
  readonly askServer: () => Promise<void>;
}

const PhoneContext = createContext<PhoneState | undefined>(undefined);
/** How often times on the screen move on, and keys are looked at. */
const TICK_MS = 20_000;

/** The phone. @throws Error outside a {@link PhoneKeeper} */
export function usePhone(): PhoneState {
  const state = useContext(PhoneContext);
  if (state === undefined) throw new Error('there is no PhoneKeeper above this component');
  return state;
}

/** Keeps the phone up to date: asks the server at the start, when network or the person comes back, and at half a lease. */
export function PhoneKeeper({
  own,
  vault,
  kept,
  children,
}: {
  readonly own: OwnPhone;
  readonly vault: Vault;
  readonly kept: readonly KeptDoor[];
  readonly children: ReactNode;
}): ReactNode {
  const [api] = useState(createOwnServer);
  // Only a phone that was enrolled here asks by itself: nobody's browser becomes a phone because its console is signed in.
  const [session, setSession] = useState<'in' | 'out' | 'unknown'>(own.phone.phoneId === undefined ? 'out' : 'unknown');
  const [online, setOnline] = useState(navigator.onLine);
  const [now, setNow] = useState(Date.now());
  const [bluetooth, setBluetooth] = useState<BluetoothState>(own.radio === undefined ? 'no_api' : 'yes');
  const [known, setKnown] = useState<Pick<PhoneState, 'doors' | 'without'>>({ doors: kept, without: new Map() });
  const [asking, setAsking] = useState(false);
  const [problem, setProblem] = useState<unknown>(undefined);
  const underWay = useRef(false);
  const out = session === 'out';

  const askServer = useCallback(async () => {
    if (out || underWay.current) return;
    underWay.current = true;
    setAsking(true);
    try {
      setKnown(await refresh(api, vault, own, deviceName()));
      setProblem(undefined);
      setSession('in');
    } catch (error) {
      const ended = error instanceof ApiProblem && error.code === 'not_signed_in';
      if (ended) setSession('out');
      setProblem(ended ? undefined : error);
    } finally {
      underWay.current = false;
      setAsking(false);
      setNow(Date.now());
    }
  }, [api, out, vault, own]);

  useEffect(() => void askServer(), [askServer]);
  useEffect(() => {
    const look = (): void => {
      setNow(Date.now());
      setOnline(navigator.onLine);
      void bluetoothState(own.radio).then(setBluetooth);
      const waits = own.phone.carried.length > 0 || keysAreDue(own.phone.keys, Date.now() / 1_000);
      if (navigator.onLine && waits) void askServer();
    };
    look();
    const timer = setInterval(look, TICK_MS);
    window.addEventListener('online', look);
    window.addEventListener('offline', look);
    document.addEventListener('visibilitychange', look);
    return () => {
      clearInterval(timer);
      window.removeEventListener('online', look);
      window.removeEventListener('offline', look);
      document.removeEventListener('visibilitychange', look);
    };
  }, [askServer, own]);

  const begin = useCallback(() => {
    setSession('in');
    // So that the browser does not throw the key away when it needs room; it may decline.
    void navigator.storage?.persist?.();
  }, []);
  const end = useCallback(() => setSession('out'), []);
  const signedIn = session === 'in';
  const state = useMemo(
    () => ({ own, vault, api, signedIn, online, bluetooth, ...known, asking, problem, now, begin, end, askServer }),
    [own, vault, api, signedIn, online, bluetooth, known, asking, problem, now, begin, end, askServer],
  );
  return <PhoneContext.Provider value={state}>{children}</PhoneContext.Provider>;
}
