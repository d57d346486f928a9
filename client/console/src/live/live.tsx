import { useApi } from '@cardea/client-ui';
import type { Door } from '@cardea/wire-api';
import {
  type Context,
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useSyncExternalStore,
} from 'react';
import { type Connection, type EstateWorld, type LiveDoor, LiveEstate, type Loading } from './estate.ts';
import { keepSame } from './keep-same.ts';
import { soon } from './soon.ts';

/** Where the live estate is; undefined where there is none. */
export const LiveContext: Context<LiveEstate | undefined> = createContext<LiveEstate | undefined>(undefined);

/**
 * Keeps the doors of a property live for all below; with another property it begins anew, and without one nothing is
 * live. It stands there from the beginning, not from when the property is known: what is below keeps its state, such as
 * a menu that somebody opened meanwhile.
 */
export function LiveProvider({
  propertyId,
  children,
}: {
  readonly propertyId: string | undefined;
  readonly children: ReactNode;
}): ReactNode {
  const api = useApi();
  const estate = useMemo(
    () => (propertyId === undefined ? undefined : new LiveEstate({ api, propertyId, ...BROWSER })),
    [api, propertyId],
  );
  useEffect(() => {
    estate?.start();
    return () => estate?.stop();
  }, [estate]);
  return <LiveContext value={estate}>{children}</LiveContext>;
}

/** The clocks of a browser. */
const BROWSER: Pick<EstateWorld, 'now' | 'soon' | 'atNextFrame' | 'after'> = {
  now: Date.now,
  soon,
  atNextFrame: (then) => {
    // A page that is not seen gets no frames; its states are kept all the same.
    if (document.hidden) setTimeout(then, 100);
    else requestAnimationFrame(then);
  },
  after: (ms, then) => {
    const timer = setTimeout(then, ms);
    return () => clearTimeout(timer);
  },
};

/** Whether there is a live estate: not for who may not see doors, and not where there is no property. */
export function useIsLive(): boolean {
  return useContext(LiveContext) !== undefined;
}

/** The live estate, where there is one. */
export function useLiveEstateIfAny(): LiveEstate | undefined {
  return useContext(LiveContext);
}

/** The live estate. @throws Error outside a {@link LiveProvider} */
export function useLiveEstate(): LiveEstate {
  const estate = useContext(LiveContext);
  if (estate === undefined) throw new Error('there is no LiveProvider above this component');
  return estate;
}

/** One door, drawn anew whenever anything of it changes and never else. */
export function useLiveDoor(id: string): LiveDoor | undefined {
  useLiveEstate();
  return useLiveDoorIfAny(id);
}

/** The same where there may be no live estate. */
export function useLiveDoorIfAny(id: string): LiveDoor | undefined {
  const estate = useContext(LiveContext);
  return useSyncExternalStore(
    useCallback((told) => estate?.watch(id, told) ?? nothing, [estate, id]),
    () => estate?.door(id),
  );
}

const nothing = (): void => {};

/** All doors, drawn anew at most once a frame while any of them changes. */
export function useLiveDoors(): readonly LiveDoor[] {
  const estate = useLiveEstate();
  return useSyncExternalStore(useAnyChange(estate), () => estate.list());
}

/** What is counted of all doors, each count by its name; drawn anew only when one of the counts is another. */
export function useLiveCounts<Name extends string>(
  count: (doors: readonly LiveDoor[]) => Readonly<Record<Name, number>>,
): Readonly<Record<Name, number>> {
  const estate = useLiveEstate();
  const counted = useMemo(() => keepSame(() => estate.list(), count), [estate, count]);
  return useSyncExternalStore(useAnyChange(estate), counted);
}

function useAnyChange(estate: LiveEstate): (told: () => void) => () => void {
  return useCallback(
    (told) => {
      const ends = [estate.changes.add(told), estate.members.add(told)];
      return () => {
        for (const end of ends) end();
      };
    },
    [estate],
  );
}

/** All doors as they were when one came or went or the whole was read: not drawn anew for a change of state. */
export function useLiveMembers(): readonly Door[] {
  const estate = useLiveEstate();
  return useSyncExternalStore(
    useCallback((told) => estate.members.add(told), [estate]),
    () => estate.memberList(),
  );
}

/** How far the estate has been read. */
export function useLiveLoading(): Loading {
  const estate = useLiveEstate();
  return useSyncExternalStore(
    useCallback((told) => estate.members.add(told), [estate]),
    () => estate.loading(),
  );
}

/** How the stream of events stands. */
export function useConnection(): Connection {
  const estate = useLiveEstate();
  return useSyncExternalStore(
    useCallback((told) => estate.connections.add(told), [estate]),
    () => estate.connection(),
  );
}
