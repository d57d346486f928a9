import type { VictimAddress } from './victim-messages.ts';

/**
 * What a flood's connections do, each for as long as the server lets it:
 *
 * - `tcp`: nothing, after TCP;
 * - `half-hello`: half a ClientHello;
 * - `tls`: nothing, after TLS, at the HTTP port;
 * - `half-header`, `half-body`: a request of which an octet comes a second;
 * - `unread`: requests whose answers are never read;
 * - `xmpp-silent`: nothing, after TLS, at the XMPP port;
 * - `xmpp-header`: a stream header, then nothing;
 * - `half-stanza`: a stanza of which an octet comes a second;
 * - `churn`: connects, shakes hands, and goes, over and over.
 */
export type FloodKind =
  | 'tcp'
  | 'half-hello'
  | 'tls'
  | 'half-header'
  | 'half-body'
  | 'unread'
  | 'xmpp-silent'
  | 'xmpp-header'
  | 'half-stanza'
  | 'churn';

export interface FloodOptions {
  readonly victim: VictimAddress;
  readonly kind: FloodKind;
  readonly sockets: number;
  /** How many addresses of 127.1.0.0/16 they come from; 0: from 127.0.0.1, where everybody honest comes from too. */
  readonly addresses: number;
  /** Opens again what the server has ended. */
  readonly again: boolean;
  /** Connections begun at once. */
  readonly atOnce: number;
}

/** What a flood says of itself when it is asked. */
export interface FloodState {
  /** Connections that are as far as their kind goes. */
  readonly standing: number;
  /** Attempts so far, and connections that the server ended or refused. */
  readonly tried: number;
  readonly ended: number;
}
