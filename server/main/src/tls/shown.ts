import { createSecureContext, type SecureContext, type TLSSocket, type TlsOptions } from 'node:tls';
import { LOCAL_AUTHORITY_ALPN } from '@cardea/kit-node';
import type { AlpnAnswer } from './acme/tls-alpn.ts';
import type { ServerIdentity } from './authority.ts';

/**
 * The certificates that the listeners show, which change while they listen:
 *
 *     asks for the public name            the public certificate, once there is one
 *     offers LOCAL_AUTHORITY_ALPN         the usual one: it has pinned the local authority
 *     everything else                     the usual one: the local authority's, or the operator's own
 *
 * A change counts for connections that come from then on; those that are open stay.
 */
export interface ShownCertificates {
  readonly usual: ServerIdentity;
  readonly public: ServerIdentity | undefined;
  /** For a listener that speaks one of `protocols` (ALPN); `first` may answer an offer before. */
  options(protocols: readonly string[], first?: AlpnAnswer): TlsOptions;
  show(usual: ServerIdentity): void;
  showPublic(identity: ServerIdentity): void;
  /** Called after each {@link show}, so that a listener takes its options again. */
  onChange(listener: () => void): void;
}

/** Shows `usual` to everybody until told otherwise; `publicName` is what a public certificate is for. */
export function createShownCertificates(usual: ServerIdentity, publicName: string): ShownCertificates {
  let shown = { identity: usual, context: contextOf(usual) };
  let publicly: { identity: ServerIdentity; context: SecureContext } | undefined;
  const listeners: (() => void)[] = [];
  // TLS 1.3 asks for the protocol before the name, TLS 1.2 after it: whoever was given a certificate by protocol keeps it.
  const chosen = new WeakSet<TLSSocket>();
  return {
    get usual() {
      return shown.identity;
    },
    get public() {
      return publicly?.identity;
    },
    options: (protocols, first) => ({
      cert: shown.identity.certificate,
      key: shown.identity.key,
      SNICallback(this: TLSSocket, name, done) {
        const isPublic = name.toLowerCase() === publicName.toLowerCase() && !chosen.has(this);
        done(null, isPublic ? publicly?.context : undefined);
      },
      ALPNCallback(this: TLSSocket, offer) {
        const answered = first?.call(this, offer);
        if (answered !== undefined) {
          chosen.add(this);
          return answered;
        }
        if (offer.protocols.includes(LOCAL_AUTHORITY_ALPN)) {
          chosen.add(this);
          this.setKeyCert(shown.context);
        }
        return protocols.find((one) => offer.protocols.includes(one));
      },
    }),
    show(identity) {
      shown = { identity, context: contextOf(identity) };
      for (const listener of listeners) listener();
    },
    showPublic(identity) {
      publicly = { identity, context: contextOf(identity) };
    },
    onChange: (listener) => void listeners.push(listener),
  };
}

const contextOf = ({ certificate, key }: ServerIdentity): SecureContext =>
  createSecureContext({ cert: certificate, key });
