/** RFC 6120 4.8: the stream itself. */
export const STREAMS = 'http://etherx.jabber.org/streams';
/** RFC 6120 4.8.2: content of client streams. */
export const CLIENT = 'jabber:client';
/** RFC 6120 4.9.2: conditions of stream errors. */
export const STREAM_ERRORS = 'urn:ietf:params:xml:ns:xmpp-streams';
/** RFC 6120 8.3.2: conditions of stanza errors. */
export const STANZA_ERRORS = 'urn:ietf:params:xml:ns:xmpp-stanzas';
/** RFC 6120 clause 6. */
export const SASL = 'urn:ietf:params:xml:ns:xmpp-sasl';
/** RFC 6120 clause 7. */
export const BIND = 'urn:ietf:params:xml:ns:xmpp-bind';
/** XEP-0199. */
export const PING = 'urn:xmpp:ping';
/** Bound to the prefix `xml` everywhere. */
export const XML = 'http://www.w3.org/XML/1998/namespace';
/** RFC 6120 clause 5: STARTTLS. */
export const TLS = 'urn:ietf:params:xml:ns:xmpp-tls';
/** XEP-0440: which kinds of channel binding a server takes. */
export const CHANNEL_BINDING = 'urn:xmpp:sasl-cb:0';
/** XEP-0198. */
export const MANAGEMENT = 'urn:xmpp:sm:3';
