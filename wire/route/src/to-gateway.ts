import { Secret } from '@cardea/kit-runtime';
import { type Element, element } from '@cardea/wire-xmpp';
import { RouteError } from './errors.ts';
import {
  Attributes,
  checkId,
  checkIdentifier,
  checkInteger,
  checkMaker,
  elementsOnly,
  nothingInside,
  readInteger,
  readOctets,
  textOnly,
  writeOctets,
} from './fields.ts';
import { LOCKS_MAX, MESSAGE_MAX_OCTETS, ROUTE_NAMESPACE, type RoutedLock, type ToGateway } from './messages.ts';

const ADVERTISEMENT_KEY_OCTETS = 16;
const SERIAL_KEY_OCTETS = 16;
/** Last Unix second that a lock's 32-bit clock can show. */
const EXPIRES_MAX_S = 0xffffffff;

/**
 * The payload of a message to a gateway, for an iq of type set (docs/route.md):
 *
 *     <frame id lock channel expires>base64</frame>     expires in Unix seconds
 *     <cancel id/>
 *     <locks><lock identifier maker key? serial?/>...</locks>   key, serial: base64 of 16 octets
 *
 * @throws RouteError naming the field that is out of its range
 */
export function encodeToGateway(message: ToGateway): Element {
  switch (message.kind) {
    case 'frame':
      return element(
        'frame',
        ROUTE_NAMESPACE,
        {
          id: checkId('frame.id', message.id),
          lock: checkIdentifier('frame.lock', message.lock),
          channel: String(checkInteger('frame.channel', message.channel, 0, 63)),
          expires: String(checkInteger('frame.expires', message.expiresAtS, 0, EXPIRES_MAX_S)),
        },
        [writeOctets('frame', message.octets, 1, MESSAGE_MAX_OCTETS)],
      );
    case 'cancel':
      return element('cancel', ROUTE_NAMESPACE, { id: checkId('cancel.id', message.id) });
    case 'locks':
      checkInteger('locks', message.locks.length, 0, LOCKS_MAX);
      return element('locks', ROUTE_NAMESPACE, {}, message.locks.map(encodeLock));
  }
}

/** The message of a payload, in either direction of the codec equal to {@link encodeToGateway}. @throws RouteError */
export function decodeToGateway(payload: Element): ToGateway {
  if (payload.namespace !== ROUTE_NAMESPACE) {
    throw new RouteError('element', payload.name, `must be in ${ROUTE_NAMESPACE}`);
  }
  const attributes = new Attributes(payload.name, payload);
  switch (payload.name) {
    case 'frame': {
      const frame: ToGateway = {
        kind: 'frame',
        id: checkId('frame.id', attributes.required('id')),
        lock: checkIdentifier('frame.lock', attributes.required('lock')),
        channel: readInteger('frame.channel', attributes.required('channel'), 0, 63),
        expiresAtS: readInteger('frame.expires', attributes.required('expires'), 0, EXPIRES_MAX_S),
        octets: readOctets('frame', textOnly('frame', payload), 1, MESSAGE_MAX_OCTETS),
      };
      attributes.end();
      return frame;
    }
    case 'cancel': {
      const cancel: ToGateway = { kind: 'cancel', id: checkId('cancel.id', attributes.required('id')) };
      attributes.end();
      nothingInside('cancel', payload);
      return cancel;
    }
    case 'locks': {
      attributes.end();
      const children = elementsOnly('locks', payload);
      if (children.length > LOCKS_MAX) throw new RouteError('size', 'locks', `must be at most ${LOCKS_MAX} locks`);
      const locks = children.map(decodeLock);
      refuseTwice(locks);
      return { kind: 'locks', locks };
    }
    default:
      throw new RouteError('element', payload.name, 'is not a message to a gateway');
  }
}

function encodeLock(lock: RoutedLock, at: number): Element {
  const field = `locks.lock[${at}]`;
  return element('lock', ROUTE_NAMESPACE, {
    identifier: checkIdentifier(`${field}.identifier`, lock.identifier),
    maker: checkMaker(`${field}.maker`, lock.maker),
    key:
      lock.advertisementKey === undefined
        ? undefined
        : writeOctets(`${field}.key`, lock.advertisementKey, ADVERTISEMENT_KEY_OCTETS, ADVERTISEMENT_KEY_OCTETS),
    serial:
      lock.serialKey === undefined
        ? undefined
        : writeOctets(`${field}.serial`, lock.serialKey.reveal(), SERIAL_KEY_OCTETS, SERIAL_KEY_OCTETS),
  });
}

function decodeLock(lock: Element, at: number): RoutedLock {
  const field = `locks.lock[${at}]`;
  if (lock.name !== 'lock') throw new RouteError('element', `locks.${lock.name}`, 'is not known here');
  const attributes = new Attributes(field, lock);
  const key = attributes.optional('key');
  const serial = attributes.optional('serial');
  const decoded: RoutedLock = {
    identifier: checkIdentifier(`${field}.identifier`, attributes.required('identifier')),
    maker: checkMaker(`${field}.maker`, attributes.required('maker')),
    advertisementKey:
      key === undefined
        ? undefined
        : readOctets(`${field}.key`, key, ADVERTISEMENT_KEY_OCTETS, ADVERTISEMENT_KEY_OCTETS),
    ...(serial === undefined
      ? {}
      : { serialKey: new Secret(readOctets(`${field}.serial`, serial, SERIAL_KEY_OCTETS, SERIAL_KEY_OCTETS)) }),
  };
  attributes.end();
  nothingInside(field, lock);
  return decoded;
}

function refuseTwice(locks: readonly RoutedLock[]): void {
  const seen = new Set<string>();
  for (const [at, lock] of locks.entries()) {
    if (seen.has(lock.identifier)) throw new RouteError('text', `locks.lock[${at}].identifier`, 'stands there twice');
    seen.add(lock.identifier);
  }
}
