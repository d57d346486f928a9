import { fetchTrusting } from '@cardea/client-cli';
import { type Client, createClient } from '@cardea/client-sdk';
import type { RasAddress } from './messages.ts';

/** The SDK's client of a measured server, signed in as its owner. */
export function clientOf({ url, token, caFile }: RasAddress): Client {
  return createClient({ url, token, fetch: fetchTrusting(caFile) });
}
