import { child, type Element, element, is, text } from './element.ts';
import { CLIENT, PING, STANZA_ERRORS, STREAM_ERRORS, STREAMS } from './namespaces.ts';

/** Conditions of RFC 6120 8.3.3 that we send, and their error type (8.3.2). */
export const STANZA_CONDITIONS = {
  'bad-request': 'modify',
  conflict: 'cancel',
  'feature-not-implemented': 'cancel',
  forbidden: 'auth',
  gone: 'cancel',
  'internal-server-error': 'wait',
  'item-not-found': 'cancel',
  'not-acceptable': 'modify',
  'not-allowed': 'cancel',
  'resource-constraint': 'wait',
  'service-unavailable': 'cancel',
} as const;

export type StanzaCondition = keyof typeof STANZA_CONDITIONS;

/** A refusal as it stands in an iq of type error. */
export interface StanzaError {
  /** A condition of RFC 6120 8.3.3; a peer may name one that we never send. */
  readonly condition: string;
  readonly type: 'auth' | 'cancel' | 'continue' | 'modify' | 'wait';
  readonly text: string | undefined;
}

/** Conditions of RFC 6120 4.9.3 that we send. */
export type StreamCondition =
  | 'bad-format'
  | 'conflict'
  | 'connection-timeout'
  | 'host-unknown'
  | 'internal-server-error'
  | 'invalid-from'
  | 'invalid-namespace'
  | 'not-authorized'
  | 'not-well-formed'
  | 'policy-violation'
  | 'reset'
  | 'restricted-xml'
  | 'system-shutdown'
  | 'unsupported-encoding'
  | 'unsupported-stanza-type'
  | 'unsupported-version';

/** A stream error (RFC 6120 4.9); the stream is closed after it. */
export function streamError(condition: StreamCondition, explanation?: string): Element {
  const parts = [element(condition, STREAM_ERRORS)];
  if (explanation !== undefined) parts.push(element('text', STREAM_ERRORS, {}, [explanation]));
  return element('error', STREAMS, {}, parts);
}

/** The condition of a stream error, for the log: a name of RFC 6120 4.9.3's form or `undefined-condition`. */
export function streamCondition(error: Element): string {
  for (const part of error.children) {
    if (typeof part !== 'string' && part.namespace === STREAM_ERRORS && /^[a-z-]{1,40}$/.test(part.name))
      return part.name;
  }
  return 'undefined-condition';
}

/** An iq of ours (RFC 6120 8.2.3). */
export function iq(
  type: 'get' | 'set' | 'result' | 'error',
  attributes: { readonly id: string; readonly to?: string | undefined; readonly from?: string | undefined },
  children: readonly Element[] = [],
): Element {
  return element('iq', CLIENT, { type, id: attributes.id, to: attributes.to, from: attributes.from }, children);
}

/** The `error` element of a stanza (RFC 6120 8.3). */
export function stanzaError(condition: StanzaCondition, explanation?: string): Element {
  const parts = [element(condition, STANZA_ERRORS)];
  if (explanation !== undefined) parts.push(element('text', STANZA_ERRORS, {}, [explanation]));
  return element('error', CLIENT, { type: STANZA_CONDITIONS[condition] }, parts);
}

/** What an iq of type error says. */
export function readStanzaError(stanza: Element): StanzaError {
  const error = child(stanza, 'error', CLIENT);
  const types = ['auth', 'cancel', 'continue', 'modify', 'wait'] as const;
  const type = types.find((one) => one === error?.attributes.type) ?? 'cancel';
  let condition = 'undefined-condition';
  let explanation: string | undefined;
  for (const part of error?.children ?? []) {
    if (typeof part === 'string' || part.namespace !== STANZA_ERRORS) continue;
    if (part.name === 'text') explanation = text(part).slice(0, 200);
    else if (/^[a-z-]{1,40}$/.test(part.name)) condition = part.name;
  }
  return { condition, type, text: explanation };
}

/** XEP-0199. */
export const pingPayload: Element = element('ping', PING);

/** Whether this payload asks for a sign of life. */
export function isPing(payload: Element): boolean {
  return is(payload, 'ping', PING);
}
