import type { Channel, ChannelBindingType } from '@cardea/wire-xmpp';

/** The way to a peer: a TLS socket, a socket in the clear that becomes one, or a pipe in the twin. */
export interface Connection {
  /** What is known of the TLS connection; `clear` before STARTTLS; absent on a pipe of the twin. */
  readonly tls?: TlsConnection | 'clear';
  write(octets: Uint8Array): void;
  /** Begins the TLS handshake as its server; `Received.secured` tells its end. Only where `tls` is `clear`. */
  startTls?(): void;
  /** The peer opened a stream as it should, or signed in: its connection is worth more than one that did not. */
  progressed?(stage: 'spoke' | 'trusted'): void;
  /** Closes after what was written. */
  close(): void;
}

/** A TLS connection after its handshake. */
export interface TlsConnection {
  readonly channel: Channel;
  /** The octets that bind this connection by one of `channel.bindings`. */
  bind(type: ChannelBindingType): Uint8Array | undefined;
}

/** What the way's other end tells. */
export interface Received {
  received(octets: Uint8Array): void;
  /** The handshake that `startTls` began is done. */
  secured(tls: TlsConnection): void;
  closed(): void;
}
