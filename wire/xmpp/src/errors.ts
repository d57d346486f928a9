/**
 * Why octets, a stanza or an exchange cannot be right. The first ten are RFC 6120 4.9.3's stream error conditions, so
 * that a door can answer with them; `sasl` is a peer that breaks RFC 5802; `element` is a tree that cannot be written.
 */
export type XmppErrorCode =
  | 'bad-format'
  | 'not-well-formed'
  | 'restricted-xml'
  | 'unsupported-encoding'
  | 'policy-violation'
  | 'invalid-xml'
  | 'invalid-namespace'
  | 'host-unknown'
  | 'unsupported-version'
  | 'unsupported-stanza-type'
  | 'jid'
  | 'sasl'
  | 'element';

/** The one error of this package: a peer or a caller that broke the shape. It holds no secret. */
export class XmppError extends Error {
  readonly code: XmppErrorCode;
  constructor(code: XmppErrorCode, detail: string) {
    super(`${code}: ${detail}`);
    this.name = 'XmppError';
    this.code = code;
  }
}
