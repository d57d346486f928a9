import { parseJid } from '../jid.ts';

/**
 * The account of an EXTERNAL exchange (RFC 6120 6.3.8, 13.7.1.2; XEP-0178 2): the local part of the address that the
 * verified certificate names. The authorization identity is empty, or that same address.
 */
export function externalAccount(
  certificate: string,
  authzid: string,
  domain: string,
): { readonly username: string } | 'invalid-authzid' | 'not-authorized' {
  if (authzid !== '' && authzid !== certificate) return 'invalid-authzid';
  const jid = parseJid(certificate);
  if (jid.domain !== domain || jid.resource !== undefined) return 'not-authorized';
  return { username: jid.local };
}
