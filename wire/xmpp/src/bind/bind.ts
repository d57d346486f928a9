import { child, type Element, element, is, text } from '../element.ts';
import { bareJid, type Jid } from '../jid.ts';
import { BIND, CLIENT } from '../namespaces.ts';
import { iq, stanzaError } from '../stanzas.ts';

/*
 * Resource binding (RFC 6120 clause 7). Here a server gives every client of an account the one resource that it has,
 * whatever was asked for (7.7.2.1), and a newer session takes it from an older one (7.7.2.2, `conflict`).
 */

/** The server's offer. */
export const bindFeature: Element = element('bind', BIND);

/** What a client's stanza is before it has a resource. */
export type BindRequest =
  | { readonly kind: 'bind'; readonly id: string }
  /** Something that has to wait for a resource; the answer is an error. */
  | { readonly kind: 'too-soon'; readonly id: string }
  /** Not even an iq: the stream ends. */
  | { readonly kind: 'other' };

/** Server: reads a stanza that came before binding. */
export function readBindRequest(stanza: Element): BindRequest {
  const { id, type } = stanza.attributes;
  if (!is(stanza, 'iq', CLIENT) || id === undefined || id.length < 1 || id.length > 128) return { kind: 'other' };
  const asks = type === 'set' && child(stanza, 'bind', BIND) !== undefined;
  return asks ? { kind: 'bind', id } : { kind: 'too-soon', id };
}

/** Server: the address that was bound. */
export function bindResult(id: string, jid: string): Element {
  return iq('result', { id }, [element('bind', BIND, {}, [element('jid', BIND, {}, [jid])])]);
}

/** Server: bind first. */
export function bindFirst(id: string): Element {
  return iq('error', { id }, [stanzaError('not-allowed', 'bind a resource first')]);
}

const BIND_ID = 'bind-1';

/** Client: asks for the resource of `jid`, or for any. */
export function bindRequest({ resource }: Jid): Element {
  const wanted = resource === undefined ? [] : [element('resource', BIND, {}, [resource])];
  return iq('set', { id: BIND_ID }, [element('bind', BIND, {}, wanted)]);
}

/** Client: the full address that was bound, or why there is none; undefined when this stanza is no answer. */
export function readBindResult(
  stanza: Element,
  account: Jid,
): { readonly jid: string } | { readonly refused: string } | undefined {
  if (!is(stanza, 'iq', CLIENT) || stanza.attributes.id !== BIND_ID) return undefined;
  const given = child(stanza, 'bind', BIND);
  const address = given === undefined ? undefined : child(given, 'jid', BIND);
  if (stanza.attributes.type !== 'result' || address === undefined) return { refused: 'no resource was bound' };
  const jid = text(address);
  return jid.startsWith(`${bareJid(account)}/`) ? { jid } : { refused: 'another address was bound' };
}
