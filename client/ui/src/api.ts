import { type Client, createClient } from '@cardea/client-sdk';
import { createContext, useContext } from 'react';

/**
 * The server that this page came from. The session is a cookie that no script can read: the browser sends it along. `fetch`
 * is the browser's own unless told.
 */
export function createOwnServer(options: { readonly fetch?: typeof fetch } = {}): Client {
  return createClient({ url: location.origin, ...options });
}

/** Where the components find the API. */
export const ApiContext = createContext<Client | undefined>(undefined);

/** The API. @throws Error outside an {@link ApiContext} */
export function useApi(): Client {
  const api = useContext(ApiContext);
  if (api === undefined) throw new Error('there is no ApiContext above this component');
  return api;
}
