import { decodeFromGateway, decodeToGateway, RouteError } from '@cardea/wire-route';
import {
  childElements,
  type Element,
  is,
  LIMITS_AFTER_AUTHENTICATION,
  type ParserEvent,
  StreamParser,
  XmppError,
} from '@cardea/wire-xmpp';
import { type DecodedField, describe, type Meanings } from './describe.ts';

/** What the fields mean; docs/route.md says more. */
const MEANINGS: Meanings = {
  'iq.id': 'names the stanza; its answer carries it too',
  'iq.type': 'set: a message; result: it was taken; error: it was not',
  'iq.from': 'address of the sender',
  'iq.to': 'address of the receiver',
  direction: 'who says it',
  kind: 'kind of the message',
  id: 'names a frame; cancel and progress refer to it',
  lock: "the lock's identifier",
  identifier: "the lock's identifier",
  channel: '0 raw legacy frame, 1 lock, 2 SCPM, 3 mobile key, 4 binding',
  expiresAtS: 'Unix seconds; the gateway drops the frame after it',
  octets: 'message of the lock or for it; decode it as lock or maker2',
  stage: 'where the frame stands at the gateway',
  queuePosition: "place in the gateway's queue; 0 is on the air",
  reason: 'why the gateway gave the frame up',
  maker: 'whose protocol the lock speaks',
  rssiDbm: 'strength of the signal, dBm',
  model: "the maker's number of the model",
  windowOpen: 'whether the lock may be bound now',
  unbound: 'stands only while the lock is not bound',
  state: 'sealed state of the advertisement, for the server',
  advertisementKey: 'by which the gateway recognises the lock',
  serialKey: 'of its case, for the key setting node of SCPM',
  locks: 'all that the gateway is to serve',
};

/** Payloads that only the server sends; a frame is from it when it expires. */
const TO_GATEWAY = new Set(['cancel', 'locks']);

/** A payload of the route namespace, or the iq around it, as UTF-8. @throws RouteError, XmppError */
export function decodeRoute(octets: Uint8Array): DecodedField[] {
  const stanza = parse(octets);
  if (!is(stanza, 'iq', CLIENT)) return describe(payload(stanza), MEANINGS);
  const { id, type, from, to } = stanza.attributes;
  const inside = childElements(stanza);
  const around = describe({ iq: { id, type, from, to } }, MEANINGS);
  if (type === 'result' && inside.length === 0) return around;
  const [only] = inside;
  if (only === undefined || inside.length > 1)
    throw new RouteError('element', 'iq', `must hold one payload, holds ${inside.length}`);
  return [...around, ...describe(payload(only), MEANINGS)];
}

const CLIENT = 'jabber:client';
const STREAM = `<stream:stream xmlns='${CLIENT}' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>`;

function payload(element: Element): object {
  const toGateway = TO_GATEWAY.has(element.name) || (element.name === 'frame' && 'expires' in element.attributes);
  return toGateway
    ? { direction: 'to the gateway', ...decodeToGateway(element) }
    : { direction: 'from the gateway', ...decodeFromGateway(element) };
}

/** The one stanza, read as it would be on a stream of its own, under the bounds of one. */
function parse(octets: Uint8Array): Element {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(octets);
  } catch {
    throw new RouteError('text', 'stanza', 'is not UTF-8');
  }
  const parser = new StreamParser(LIMITS_AFTER_AUTHENTICATION);
  let events: readonly ParserEvent[];
  try {
    events = [STREAM, text, '</stream:stream>'].flatMap((part) => parser.write(part));
  } catch (error) {
    if (error instanceof XmppError) throw new RouteError('element', 'stanza', error.message);
    throw error;
  }
  const stanzas = events.flatMap((event) => (event.kind === 'stanza' ? [event.stanza] : []));
  const [stanza] = stanzas;
  if (stanza === undefined || stanzas.length > 1)
    throw new RouteError('element', 'stanza', `must be one element, there are ${stanzas.length}`);
  return stanza;
}
