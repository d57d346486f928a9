import { childElements, type Element, element, is } from '../element.ts';
import { TLS } from '../namespaces.ts';

/*
 * STARTTLS (RFC 6120 clause 5). On a port that begins in the clear it is the one feature, and required:
 *
 *   receiving entity  <stream:features><starttls><required/></starttls></stream:features>
 *   initiating entity <starttls/>
 *   receiving entity  <proceed/>          nothing of the peer may lie between its <starttls/> and the handshake
 *   both              TLS handshake, then a new stream
 */

/** The server's offer: a required STARTTLS (5.4.1). */
export const starttlsFeature: Element = element('starttls', TLS, {}, [element('required', TLS)]);
/** The client asks for TLS (5.4.2.1). */
export const starttlsRequest: Element = element('starttls', TLS);
/** The server is ready for the handshake (5.4.2.3). */
export const starttlsProceed: Element = element('proceed', TLS);

/** Whether the client asks for TLS. */
export function isStarttls(stanza: Element): boolean {
  return is(stanza, 'starttls', TLS) && childElements(stanza).length === 0;
}

/** Whether the server lets the handshake begin. */
export function isProceed(stanza: Element): boolean {
  return is(stanza, 'proceed', TLS);
}
