import type { Event } from '@cardea/wire-api';
import { type QueryKey, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useLiveEstate, useLiveEstateIfAny } from './live.tsx';

/** Events that come together make one reading, not as many. */
const TOGETHER_MS = 300;

/** Hears every event of the property, and those that belong to none, as they come. */
export function useLiveEvents(listener: (event: Event) => void): void {
  const estate = useLiveEstate();
  const newest = useRef(listener);
  newest.current = listener;
  useEffect(() => estate.events.add((event) => newest.current(event)), [estate]);
}

/** Keeps what was read under a key fresh: read anew after an event that `matches`, and when a lost stream stands again. Nothing, where nothing is live. */
export function useFreshBy(key: QueryKey, matches: (event: Event) => boolean): void {
  const estate = useLiveEstateIfAny();
  const client = useQueryClient();
  const newest = useRef({ key, matches });
  newest.current = { key, matches };
  useEffect(() => {
    if (estate === undefined) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const refresh = (): void => {
      timer ??= setTimeout(() => {
        timer = undefined;
        void client.invalidateQueries({ queryKey: newest.current.key });
      }, TOGETHER_MS);
    };
    const ends = [
      estate.events.add((event) => {
        if (newest.current.matches(event)) refresh();
      }),
      estate.connections.add(() => {
        if (estate.connection().state === 'open') refresh();
      }),
    ];
    return () => {
      clearTimeout(timer);
      for (const end of ends) end();
    };
  }, [estate, client]);
}
