import { createHash } from 'node:crypto';
import { HttpRefusal } from './refusal.ts';

/** Strong entity tag (RFC 9110, 8.8.3) of a representation: of its octets, so that it changes exactly when that does. */
export function etagOf(body: string | Uint8Array): string {
  return `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`;
}

/** Whether one of the tags that If-None-Match or If-Match lists is `etag`. Weak ones match nothing (strong comparison). */
export function matches(header: string, etag: string): boolean {
  return header.split(',').some((tag) => tag.trim() === '*' || tag.trim() === etag);
}

/** @throws HttpRefusal precondition_failed when what is there is not what the sender has read */
export function checkIfMatch(header: string | undefined, current: string): void {
  if (header === undefined || matches(header, etagOf(current))) return;
  throw new HttpRefusal('precondition_failed', 'If-Match names another state than the present one: read it again.', {
    field: 'header.If-Match',
  });
}
