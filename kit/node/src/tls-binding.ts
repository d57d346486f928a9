import { createHash, type X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';

/** Kinds of channel binding of a TLS connection: RFC 9266, and RFC 5929 clauses 3 and 4. */
export type TlsBindingType = 'tls-exporter' | 'tls-unique' | 'tls-server-end-point';

/** A connection after its handshake, as one of its ends sees it. */
export interface TlsEnd {
  readonly socket: TLSSocket;
  readonly role: 'client' | 'server';
  /** The certificate that the server has shown. */
  readonly serverCertificate: X509Certificate | undefined;
}

const EXPORTER_LABEL = 'EXPORTER-Channel-Binding';
const EXPORTER_OCTETS = 32;

/**
 * The kinds that this connection can be bound by, the best first. `tls-unique` is not defined for TLS 1.3 (RFC 9266 1),
 * and not safe on a resumed session of TLS 1.2 (RFC 7627 1).
 */
export function tlsBindingTypes(end: TlsEnd): readonly TlsBindingType[] {
  const types: TlsBindingType[] = [];
  const protocol = end.socket.getProtocol();
  if (protocol === 'TLSv1.3') types.push('tls-exporter');
  if (protocol === 'TLSv1.2' && !end.socket.isSessionReused()) types.push('tls-unique');
  if (endPointHash(end.serverCertificate) !== undefined) types.push('tls-server-end-point');
  return types;
}

/** The octets that bind the connection, the same at both of its ends; undefined when it cannot be bound so. */
export function tlsBinding(end: TlsEnd, type: TlsBindingType): Uint8Array | undefined {
  if (!tlsBindingTypes(end).includes(type)) return undefined;
  const { socket, role, serverCertificate } = end;
  switch (type) {
    case 'tls-exporter':
      return new Uint8Array(socket.exportKeyingMaterial(EXPORTER_OCTETS, EXPORTER_LABEL, Buffer.alloc(0)));
    case 'tls-unique': {
      // The first Finished message of a full handshake is the client's.
      const finished = role === 'client' ? socket.getFinished() : socket.getPeerFinished();
      return finished === undefined ? undefined : new Uint8Array(finished);
    }
    case 'tls-server-end-point': {
      const hash = endPointHash(serverCertificate);
      if (hash === undefined || serverCertificate === undefined) return undefined;
      return new Uint8Array(createHash(hash).update(serverCertificate.raw).digest());
    }
  }
}

/** RFC 5929 4.1: the hash of the certificate's signature, but SHA-256 in place of MD5 and SHA-1; none for Ed25519. */
function endPointHash(certificate: X509Certificate | undefined): string | undefined {
  const match = /(md5|sha-?(?:1|224|256|384|512))(?![0-9])/i.exec(certificate?.signatureAlgorithm ?? '');
  const name = match?.[1]?.toLowerCase().replace('-', '');
  return name === 'md5' || name === 'sha1' ? 'sha256' : name;
}
