import { useApi } from '@cardea/client-ui';
import type { Property } from '@cardea/wire-api';
import { useQuery } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useDeferredValue, useEffect, useMemo, useState } from 'react';
import { everyOf } from '../parts/every-of.ts';
import { useScopes } from '../session/session.tsx';

/** The properties there are, and the one that is looked at. */
export interface Properties {
  readonly all: readonly Property[];
  readonly chosen: Property | undefined;
  readonly choose: (id: string) => void;
  /** How far they have been read; where they could not be, nothing of them is there. */
  readonly reading: 'loading' | 'ready' | { readonly failure: Error; retry(): void };
}

const PropertiesContext = createContext<Properties | undefined>(undefined);
const WHERE_KEPT = 'cardea.property';

/** Query key of the properties; whoever adds or changes one invalidates it. */
export const PROPERTIES_KEY = ['properties'] as const;

/** Loads the properties for all that is below. */
export function PropertyKeeper({ children }: { readonly children: ReactNode }): ReactNode {
  const api = useApi();
  const mayRead = useScopes()('estate:read');
  const {
    data: newest,
    error,
    refetch,
  } = useQuery({
    queryKey: PROPERTIES_KEY,
    queryFn: ({ signal }) => everyOf(api.properties.list({}, { signal })),
    enabled: mayRead,
  });
  // With the first of them the whole page begins: drawn in slices, not in the task of the answer.
  const data = useDeferredValue(newest);
  const [wanted, setWanted] = useState(
    () => new URLSearchParams(location.search).get('property') ?? localStorage.getItem(WHERE_KEPT),
  );
  const all = data ?? NONE;
  const chosen = all.find(({ id }) => id === wanted) ?? all[0];
  useEffect(() => {
    if (chosen !== undefined) localStorage.setItem(WHERE_KEPT, chosen.id);
  }, [chosen]);
  const value = useMemo((): Properties => {
    const failed = error !== null && { failure: error, retry: () => void refetch() };
    const reading = data !== undefined || !mayRead ? 'ready' : failed || 'loading';
    return { all, chosen, choose: setWanted, reading };
  }, [all, chosen, data, mayRead, error, refetch]);
  return <PropertiesContext value={value}>{children}</PropertiesContext>;
}

const NONE: readonly Property[] = [];

/** The properties and the chosen one. @throws Error outside the shell */
export function useProperties(): Properties {
  const properties = useContext(PropertiesContext);
  if (properties === undefined) throw new Error('there is no PropertyKeeper above this component');
  return properties;
}

/** The property that is looked at, its time zone in it. @throws Error on a page that is not `ofProperty` where there is none */
export function useProperty(): Property {
  const { chosen } = useProperties();
  if (chosen === undefined) throw new Error('there is no property');
  return chosen;
}

/** The zone (IANA) in which times are shown: of the chosen property, or the browser's own where there is none. */
export function useZone(): string {
  return useProperties().chosen?.time_zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
}
