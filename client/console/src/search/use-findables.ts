import { useApi, useTexts } from '@cardea/client-ui';
import { useQuery } from '@tanstack/react-query';
import { useContext, useMemo } from 'react';
import { LiveContext } from '../live/live.tsx';
import { pageTexts } from '../page-texts.ts';
import { pages } from '../pages.ts';
import { everyOf } from '../parts/every-of.ts';
import { useEveryPerson } from '../parts/every-person.ts';
import { useScopes } from '../session/session.tsx';
import type { Findable } from './rank.ts';

/** All that can be found by whoever is signed in, and whether some of it could not be read. */
export interface Findables {
  readonly all: readonly Findable[];
  readonly failed: boolean;
}

/** Doors and their locks of the property at hand, people, gateways, and the pages of the console. */
export function useFindables(): Findables {
  const api = useApi();
  const say = useTexts(pageTexts);
  const holds = useScopes();
  const estate = useContext(LiveContext);
  const people = useEveryPerson(holds('persons:read'));
  const gateways = useQuery({
    queryKey: ['gateways', 'every'],
    queryFn: ({ signal }) => everyOf(api.gateways.list({ limit: 100 }, { signal })),
    enabled: holds('estate:read'),
    staleTime: 60_000,
  });
  const all = useMemo(() => {
    const found: Findable[] = pages
      .filter(({ group, scopes }) => group !== undefined && holds(...scopes))
      .map(({ path, name }) => ({ kind: 'page', key: path, name: say(name), more: '', href: path }));
    // As the doors are when the search is opened: their states are not searched.
    for (const { door, lock } of estate?.list() ?? []) {
      const href = `/doors/${door.id}`;
      found.push({ kind: 'door', key: door.id, name: door.name, more: '', href });
      if (lock !== undefined) {
        found.push({ kind: 'lock', key: lock.id, name: lock.identifier, more: door.name, href });
      }
    }
    for (const { id, name, email } of people.data ?? []) {
      found.push({ kind: 'person', key: id, name, more: email ?? '', href: `/people/${id}` });
    }
    for (const { id, name } of gateways.data ?? []) {
      found.push({ kind: 'gateway', key: id, name, more: '', href: `/gateways/${id}` });
    }
    return found;
  }, [say, holds, estate, people.data, gateways.data]);
  return { all, failed: people.isError || gateways.isError };
}
