import { concat, fromAscii } from '@cardea/kit-octets';
import { child, childElements, type Element, element, is } from '../element.ts';
import { CHANNEL_BINDING } from '../namespaces.ts';

/**
 * Kinds of channel binding, the best first: `tls-exporter` (RFC 9266: TLS 1.3), `tls-unique` (RFC 5929 3: TLS 1.2 only;
 * not defined for TLS 1.3), `tls-server-end-point` (RFC 5929 4: the server's certificate, so it binds the server and not
 * the connection).
 */
export const CHANNEL_BINDING_TYPES = ['tls-exporter', 'tls-unique', 'tls-server-end-point'] as const;

export type ChannelBindingType = (typeof CHANNEL_BINDING_TYPES)[number];

/** What is known of the TLS connection that a stream runs in. */
export interface Channel {
  /** Kinds whose octets the transport can tell; empty when the stream runs in no TLS of ours (a pipe of the twin). */
  readonly bindings: readonly ChannelBindingType[];
  /** At a server: bare address in the client's verified certificate; at a client: our own, when one is shown. */
  readonly certificate: string | undefined;
}

/** A channel that nothing is known of. */
export const UNBOUND_CHANNEL: Channel = { bindings: [], certificate: undefined };

/** RFC 5802 clause 6: what a client says about channel binding in front of its first message. */
export type BindingFlag =
  /** The client cannot bind. */
  | { readonly kind: 'n' }
  /** The client could, and believes that the server cannot. */
  | { readonly kind: 'y' }
  | { readonly kind: 'p'; readonly type: ChannelBindingType };

/** The header `n,,`, `y,,` or `p=tls-exporter,,` (no authorization identity). */
export function gs2Header(flag: BindingFlag): string {
  return flag.kind === 'p' ? `p=${flag.type},,` : `${flag.kind},,`;
}

/** What stands, in base64, in `c=`: the header, and after `p` the octets of the channel. */
export function channelBindingInput(header: string, binding: Uint8Array | undefined): Uint8Array {
  return binding === undefined ? fromAscii(header) : concat(fromAscii(header), binding);
}

/** XEP-0440: the kinds that this server takes, as a stream feature. */
export function channelBindingFeature(types: readonly ChannelBindingType[]): Element {
  const kinds = types.map((type) => element('channel-binding', CHANNEL_BINDING, { type }));
  return element('sasl-channel-binding', CHANNEL_BINDING, {}, kinds);
}

/** The kinds that a server's features name, ours among them or not; undefined when it does not say. */
export function readChannelBindingFeature(features: Element): readonly string[] | undefined {
  const feature = child(features, 'sasl-channel-binding', CHANNEL_BINDING);
  if (feature === undefined) return undefined;
  return childElements(feature)
    .filter((one) => is(one, 'channel-binding', CHANNEL_BINDING))
    .map((one) => one.attributes.type ?? '')
    .filter((type) => /^[a-z0-9.-]{1,64}$/i.test(type));
}
