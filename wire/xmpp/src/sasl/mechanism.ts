import { childElements, type Element, element, is, text } from '../element.ts';
import { SASL } from '../namespaces.ts';
import type { Channel } from './channel-binding.ts';

/*
 * The mechanisms spoken here, the strongest first:
 *
 *   EXTERNAL             RFC 4422 A: the client's certificate, verified in the TLS handshake, names the account
 *   SCRAM-SHA-256-PLUS   RFC 7677, bound to the TLS connection (RFC 5802 6)
 *   SCRAM-SHA-256        RFC 7677
 *   SCRAM-SHA-1          legacy: RFC 5802, off unless an operator turns it on
 *   PLAIN                legacy: RFC 4616, off unless an operator turns it on
 */

/** A mechanism of this package. */
export type Mechanism = 'EXTERNAL' | 'SCRAM-SHA-256-PLUS' | 'SCRAM-SHA-256' | LegacyMechanism;
/** Those that their weakness keeps off by default. A client of ours never takes one. */
export type LegacyMechanism = 'SCRAM-SHA-1' | 'PLAIN';

/** What a server offers on this channel, the strongest first. */
export function offeredMechanisms(channel: Channel, legacy: readonly LegacyMechanism[]): readonly Mechanism[] {
  return [
    ...(channel.certificate === undefined ? [] : (['EXTERNAL'] as const)),
    ...(channel.bindings.length === 0 ? [] : (['SCRAM-SHA-256-PLUS'] as const)),
    'SCRAM-SHA-256',
    ...legacy,
  ];
}

/** RFC 6120 6.3.3: the stream feature. */
export function mechanismsFeature(mechanisms: readonly string[]): Element {
  return element(
    'mechanisms',
    SASL,
    {},
    mechanisms.map((name) => element('mechanism', SASL, {}, [name])),
  );
}

/** The names in a `mechanisms` feature that are names (RFC 4422 3.1). */
export function readMechanisms(feature: Element | undefined): readonly string[] {
  if (feature === undefined) return [];
  return childElements(feature)
    .filter((one) => is(one, 'mechanism', SASL))
    .map(text)
    .filter((name) => /^[A-Z0-9_-]{1,20}$/.test(name));
}
