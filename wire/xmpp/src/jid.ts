import { XmppError } from './errors.ts';

/** An address (RFC 7622), in the part of it that we use: lower-case ASCII, so that nothing has to be prepared. */
export interface Jid {
  readonly local: string;
  readonly domain: string;
  readonly resource: string | undefined;
}

/** Reads `local@domain/resource`. @throws XmppError `jid` */
export function parseJid(text: string): Jid {
  const match = /^([a-z0-9._-]{1,128})@([a-z0-9.-]{1,253})(?:\/([\x21-\x7e]{1,128}))?$/.exec(text);
  const [, local, domain, resource] = match ?? [];
  if (local === undefined || domain === undefined)
    throw new XmppError('jid', 'must be local@domain or local@domain/resource');
  return { local, domain, resource };
}

/** `local@domain`. */
export function bareJid(jid: Jid): string {
  return `${jid.local}@${jid.domain}`;
}
