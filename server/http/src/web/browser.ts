import type { IncomingHttpHeaders } from 'node:http';
import type { Clock, Secret } from '@cardea/kit-runtime';
import { type OwnScheme, refuseOtherPages } from './own-page.ts';
import { endedSessionCookie, sessionCookie, sessionCookieOf } from './session-cookie.ts';

/** The browser that a request came from, as far as its sessions go. */
export interface Browser {
  /** @throws HttpRefusal not_permitted when it is not a page of ours that asks */
  checkOwnPage(): void;
  /** Keeps the token of a session in the cookie until `expiresAt`. */
  keep(token: Secret<string>, expiresAt: number): void;
  /** Ends the cookie, where the request came with one. */
  forget(): void;
}

/** The browser behind a request; what it is to be told goes into `answer`, headers of the answer. */
export function browserOf(
  headers: IncomingHttpHeaders,
  scheme: OwnScheme,
  clock: Clock,
  answer: Record<string, string>,
): Browser {
  return {
    checkOwnPage: () => refuseOtherPages(headers, scheme, 'not_permitted'),
    keep(token, expiresAt) {
      answer['set-cookie'] = sessionCookie(token, (expiresAt - clock.now()) / 1000);
    },
    forget() {
      if (sessionCookieOf(headers.cookie) !== undefined) answer['set-cookie'] = endedSessionCookie;
    },
  };
}
