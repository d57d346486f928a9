import type { IncomingHttpHeaders } from 'node:http';
import { HttpRefusal } from '../refusal.ts';

/** What our addresses begin with. */
export type OwnScheme = 'https' | 'http';

/**
 * The rule against forged requests of other sites (CSRF): a browser itself says from where a request came, and no page can
 * make it say otherwise. `Sec-Fetch-Site` (Fetch Metadata) has to be `same-origin`; a browser that does not send it has to
 * say our own `Origin`. A page of another port or a subdomain is another origin, an address typed in is no page of ours.
 * @throws HttpRefusal `code`
 */
export function refuseOtherPages(
  headers: IncomingHttpHeaders,
  scheme: OwnScheme,
  code: 'not_signed_in' | 'not_permitted',
): void {
  const site = headers['sec-fetch-site'];
  const own =
    site === undefined
      ? headers.origin !== undefined && headers.origin === `${scheme}://${headers.host}`
      : site === 'same-origin';
  if (own) return;
  throw new HttpRefusal(code, 'A session in a cookie is for the pages of this server alone: send Authorization.', {
    field: site === undefined ? 'header.Origin' : 'header.Sec-Fetch-Site',
  });
}
