import type { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import { type TlsEnd, tlsBinding, tlsBindingTypes } from '@cardea/kit-node';
import { verifiedAddress } from './client-certificate.ts';
import type { TlsConnection } from './connection.ts';

/**
 * What a stream may know of the TLS connection of `socket`, whose handshake is done. It keeps no certificate: there may be
 * thousands of connections that never say a word.
 */
export function tlsConnection(socket: TLSSocket, authority: X509Certificate | undefined, nowMs: number): TlsConnection {
  const end = (): TlsEnd => ({ socket, role: 'server', serverCertificate: socket.getX509Certificate() });
  const shown = authority === undefined ? undefined : socket.getPeerX509Certificate();
  const certificate =
    shown === undefined || authority === undefined ? undefined : verifiedAddress(shown, authority, nowMs);
  return {
    channel: { bindings: tlsBindingTypes(end()), certificate },
    bind: (type) => tlsBinding(end(), type),
  };
}
