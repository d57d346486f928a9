import type { Actor } from '@cardea/server-core';
import {
  type AnswerOf,
  type BodyOf,
  type Endpoint,
  type EndpointKey,
  endpoints,
  type Method,
  methodAndPath,
  type ParamsOf,
  type QueryOf,
} from '@cardea/wire-api';
import type { Browser } from './web/browser.ts';

/** What a handler is given, checked by the endpoint's schemas. */
export interface Asked<K extends EndpointKey> {
  readonly params: ParamsOf<K>;
  readonly query: QueryOf<K>;
  readonly body: BodyOf<K>;
  /** Address of the sender. */
  readonly from: string;
  readonly browser: Browser;
  /**
   * Compares what the thing is now, as the API shows it, with the request's If-Match.
   * @throws HttpRefusal precondition_failed
   */
  readonly unchanged: (representation: unknown) => void;
}

/** One operation of the API with what performs it. */
export interface Route {
  readonly key: EndpointKey;
  readonly method: Method;
  readonly path: string;
  readonly endpoint: Endpoint;
  /** Undefined where the door itself answers: streams, metrics, the description. */
  readonly handle: ((actor: Actor | undefined, asked: unknown) => Promise<unknown>) | undefined;
}

/** An operation that needs a bearer token. */
export function route<K extends EndpointKey>(
  key: K,
  handle: (actor: Actor, asked: Asked<K>) => Promise<AnswerOf<K>>,
): Route {
  return {
    ...described(key),
    handle(actor, asked) {
      if (actor === undefined) throw new Error(`${key} was reached without an actor`);
      return handle(actor, asked as Asked<K>);
    },
  };
}

/** An operation that anybody may ask for. */
export function publicRoute<K extends EndpointKey>(key: K, handle: (asked: Asked<K>) => Promise<AnswerOf<K>>): Route {
  return { ...described(key), handle: (_, asked) => handle(asked as Asked<K>) };
}

/** An operation that the door itself answers. */
export function ownRoute(key: EndpointKey): Route {
  return { ...described(key), handle: undefined };
}

function described(key: EndpointKey) {
  return { key, ...methodAndPath(key), endpoint: endpoints[key] as Endpoint };
}
