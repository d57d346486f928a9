import 'reflect-metadata';
import { createHash, generateKeyPairSync, webcrypto } from 'node:crypto';
import { createSecureContext, type SecureContext, type TLSSocket } from 'node:tls';
import { Extension, SubjectAlternativeNameExtension, X509CertificateGenerator } from '@peculiar/x509';

/** The protocol name by which an ACME server asks for the proof (RFC 8737, 6.2). */
export const ACME_TLS = 'acme-tls/1';
/** id-pe-acmeIdentifier (RFC 8737, 3). */
const ACME_IDENTIFIER = '1.3.6.1.5.5.7.1.31';
const ECDSA_P256 = { name: 'ECDSA', namedCurve: 'P-256' };
const LIFE_MS = 3_600_000;

/**
 * Proofs by tls-alpn-01 (RFC 8737) on the port of HTTPS itself. Only who offers {@link ACME_TLS}, for a name that is being
 * proved, sees the proof's certificate; everybody else the ordinary one, at every moment.
 */
export interface TlsAlpnDesk {
  /** Shows the proof for `name` until the returned function is called. */
  show(name: string, keyAuthorization: string, nowMs: number): Promise<() => void>;
  /** Answers an offer of {@link ACME_TLS}; undefined for any other. */
  readonly answer: AlpnAnswer;
}

/** What `ALPNCallback` of a TLS listener does; Node calls it with the socket of the handshake as `this`. */
export type AlpnAnswer = (
  this: TLSSocket,
  offer: { readonly servername: string; readonly protocols: readonly string[] },
) => string | undefined;

export function createTlsAlpnDesk(): TlsAlpnDesk {
  const shown = new Map<string, SecureContext>();
  return {
    async show(name, keyAuthorization, nowMs) {
      const key = name.toLowerCase();
      shown.set(key, await proof(name, keyAuthorization, nowMs));
      return () => shown.delete(key);
    },
    answer(this: TLSSocket, offer) {
      const context = offer.protocols.includes(ACME_TLS) ? shown.get(offer.servername.toLowerCase()) : undefined;
      if (context === undefined) return undefined;
      this.setKeyCert(context);
      // The handshake is all that is wanted; nothing may be said over this connection (RFC 8737, 3).
      this.once('secure', () => this.end());
      return ACME_TLS;
    },
  };
}

/** A self-signed certificate with the SHA-256 of the key authorization in a critical extension (RFC 8737, 3). */
async function proof(name: string, keyAuthorization: string, nowMs: number): Promise<SecureContext> {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const digest = createHash('sha256').update(keyAuthorization).digest();
  const certificate = await X509CertificateGenerator.create(
    {
      subject: [{ CN: ['Cardea proof of name'] }],
      issuer: [{ CN: ['Cardea proof of name'] }],
      notBefore: new Date(nowMs - LIFE_MS),
      notAfter: new Date(nowMs + LIFE_MS),
      publicKey: pair.publicKey.toCryptoKey(ECDSA_P256, true, ['verify']),
      signingKey: pair.privateKey.toCryptoKey(ECDSA_P256, false, ['sign']),
      signingAlgorithm: { ...ECDSA_P256, hash: 'SHA-256' },
      extensions: [
        new SubjectAlternativeNameExtension([{ type: 'dns', value: name }]),
        // DER: OCTET STRING of 32 octets.
        new Extension(ACME_IDENTIFIER, true, Buffer.concat([Buffer.from([0x04, digest.length]), digest])),
      ],
    },
    webcrypto,
  );
  return createSecureContext({
    cert: certificate.toString('pem'),
    key: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }),
  });
}
