import { Secret } from '@cardea/kit-runtime';
import { type Element, element, serialize } from '@cardea/wire-xmpp';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RouteError } from './errors.ts';
import { decodeFromGateway, encodeFromGateway } from './from-gateway.ts';
import { type FromGateway, LOCKS_MAX, MESSAGE_MAX_OCTETS, ROUTE_NAMESPACE, type ToGateway } from './messages.ts';
import { decodeToGateway, encodeToGateway } from './to-gateway.ts';

const id = fc.stringMatching(/^[A-Za-z0-9._:-]{1,64}$/);
const lock = fc.stringMatching(/^[0-9A-F]{12}$/);
const maker = fc.stringMatching(/^[a-z0-9-]{1,32}$/);
const channel = fc.integer({ min: 0, max: 63 });
const key = fc.uint8Array({ minLength: 16, maxLength: 16 });
const octets = fc.uint8Array({ minLength: 1, maxLength: MESSAGE_MAX_OCTETS });

const toGateway: fc.Arbitrary<ToGateway> = fc.oneof(
  fc.record({
    kind: fc.constant('frame' as const),
    id,
    lock,
    channel,
    expiresAtS: fc.integer({ min: 0, max: 0xffffffff }),
    octets,
  }),
  fc.record({ kind: fc.constant('cancel' as const), id }),
  fc.record({
    kind: fc.constant('locks' as const),
    locks: fc.uniqueArray(
      fc.record(
        {
          identifier: lock,
          maker,
          advertisementKey: fc.option(key, { nil: undefined }),
          serialKey: key.map((octets) => new Secret(octets)),
        },
        { requiredKeys: ['identifier', 'maker', 'advertisementKey'] },
      ),
      { maxLength: 20, selector: (one) => one.identifier },
    ),
  }),
);

const fromGateway: fc.Arbitrary<FromGateway> = fc.oneof(
  fc.record({ kind: fc.constant('frame' as const), id, lock, channel, octets }),
  fc.record({
    kind: fc.constant('progress' as const),
    id,
    lock,
    stage: fc.constantFrom('queued' as const, 'connecting' as const, 'written' as const),
    queuePosition: fc.option(fc.integer({ min: 0, max: 999 })),
    reason: fc.constant(null),
  }),
  fc.record({
    kind: fc.constant('progress' as const),
    id,
    lock,
    stage: fc.constantFrom('failed' as const, 'expired' as const),
    queuePosition: fc.constant(null),
    reason: fc.option(
      fc.constantFrom('out_of_range' as const, 'no_answer' as const, 'unsupported' as const, 'busy' as const),
    ),
  }),
  fc.record({
    kind: fc.constant('sighting' as const),
    lock,
    maker,
    rssiDbm: fc.integer({ min: -127, max: 20 }),
    unbound: fc.option(fc.record({ model: fc.nat(0xffff), windowOpen: fc.boolean() })),
    state: fc.constant(null),
  }),
  fc.record({
    kind: fc.constant('sighting' as const),
    lock,
    maker,
    rssiDbm: fc.integer({ min: -127, max: 20 }),
    unbound: fc.constant(null),
    state: fc.uint8Array({ maxLength: 255 }),
  }),
);

/** With what is secret in it as octets: two secrets look alike to a comparison. */
function plain(message: ToGateway): unknown {
  if (message.kind !== 'locks') return message;
  return { ...message, locks: message.locks.map((one) => ({ ...one, serialKey: one.serialKey?.reveal() })) };
}

function refused(run: () => unknown): { code: string; field: string } {
  try {
    run();
  } catch (error) {
    if (error instanceof RouteError) return { code: error.code, field: error.field };
    throw error;
  }
  throw new Error('was not refused');
}

const route = (name: string, attributes: Record<string, string>, ...children: (Element | string)[]) =>
  element(name, ROUTE_NAMESPACE, attributes, children);
const LOCK = 'A1B2C3D4E5F6';

describe('docs/route.md', () => {
  it('round trip of what the RAS tells a gateway', () => {
    fc.assert(
      fc.property(toGateway, (message) => {
        expect(plain(decodeToGateway(encodeToGateway(message)))).toEqual(plain(message));
      }),
    );
  });

  it('round trip of what a gateway tells the RAS', () => {
    fc.assert(
      fc.property(fromGateway, (report) => {
        expect(decodeFromGateway(encodeFromGateway(report))).toEqual(report);
      }),
    );
  });

  it('the frame is written as the lock protocol says', () => {
    const frame = encodeToGateway({
      kind: 'frame',
      id: 'att_1',
      lock: LOCK,
      channel: 1,
      expiresAtS: 1700000000,
      octets: Uint8Array.of(0, 1, 2),
    });
    expect(serialize(frame)).toBe(
      `<frame xmlns='urn:cardea:route:1' id='att_1' lock='A1B2C3D4E5F6' channel='1' expires='1700000000'>AAEC</frame>`,
    );
  });

  it.each<[string, Element, string, string]>([
    ['an unknown payload', route('open', {}), 'element', 'open'],
    ['another namespace', element('cancel', 'urn:x', { id: 'a' }), 'element', 'cancel'],
    ['a missing attribute', route('cancel', {}), 'attribute', 'cancel.id'],
    ['an unknown attribute', route('cancel', { id: 'a', now: '1' }), 'attribute', 'cancel.now'],
    ['content where none belongs', route('cancel', { id: 'a' }, 'x'), 'element', 'cancel'],
    ['an id with other characters', route('cancel', { id: 'a b' }), 'text', 'cancel.id'],
    ['an id that is too long', route('cancel', { id: 'a'.repeat(65) }), 'text', 'cancel.id'],
    [
      'a frame that does not expire',
      route('frame', { id: 'a', lock: LOCK, channel: '1' }, 'AA=='),
      'attribute',
      'frame.expires',
    ],
    ['a lower-case identifier', frame({ lock: LOCK.toLowerCase() }), 'text', 'frame.lock'],
    ['channel 64', frame({ channel: '64' }), 'range', 'frame.channel'],
    ['a channel in another form', frame({ channel: '01' }), 'text', 'frame.channel'],
    ['an expiry past the clock', frame({ expires: '4294967296' }), 'range', 'frame.expires'],
    ['a negative expiry', frame({ expires: '-1' }), 'range', 'frame.expires'],
    ['an expiry with a fraction', frame({ expires: '1.5' }), 'text', 'frame.expires'],
    ['no octets', frame({}, ''), 'size', 'frame'],
    ['octets that are not base64', frame({}, 'A?=='), 'text', 'frame'],
    ['base64 with white space', frame({}, 'AA= ='), 'text', 'frame'],
    ['too many octets', frame({}, 'AAAA'.repeat(342)), 'size', 'frame'],
    ['an element in a frame', frame({}, route('x', {})), 'element', 'frame.x'],
    [
      'a lock without a maker',
      route('locks', {}, route('lock', { identifier: LOCK })),
      'attribute',
      'locks.lock[0].maker',
    ],
    [
      'a key of 15 octets',
      route('locks', {}, route('lock', { identifier: LOCK, maker: 'cardea', key: 'A'.repeat(20) })),
      'size',
      'locks.lock[0].key',
    ],
    [
      'a serial key of 17 octets',
      route('locks', {}, route('lock', { identifier: LOCK, maker: 'cardea', serial: `${'A'.repeat(23)}=` })),
      'size',
      'locks.lock[0].serial',
    ],
    [
      'a lock twice',
      route('locks', {}, ...[1, 2].map(() => route('lock', { identifier: LOCK, maker: 'cardea' }))),
      'text',
      'locks.lock[1].identifier',
    ],
    [
      'too many locks',
      route('locks', {}, ...Array.from({ length: LOCKS_MAX + 1 }, () => route('lock', {}))),
      'size',
      'locks',
    ],
    ['text among locks', route('locks', {}, 'x'), 'element', 'locks'],
    ['something else among locks', route('locks', {}, route('door', {})), 'element', 'locks.door'],
  ])('to a gateway: %s is refused by its name', (_name, payload, code, field) => {
    expect(refused(() => decodeToGateway(payload))).toEqual({ code, field });
  });

  it.each<[string, Element, string, string]>([
    ['a message of the other direction', route('cancel', { id: 'a' }), 'element', 'cancel'],
    [
      'a frame that expires',
      route('frame', { id: 'a', lock: LOCK, channel: '1', expires: '1' }, 'AA=='),
      'attribute',
      'frame.expires',
    ],
    ['an unknown stage', progress({ stage: 'done' }), 'text', 'progress.stage'],
    ['an unknown reason', progress({ stage: 'failed', reason: 'tired' }), 'text', 'progress.reason'],
    ['a reason without a failure', progress({ stage: 'written', reason: 'busy' }), 'attribute', 'progress.reason'],
    ['a place past the longest queue', progress({ stage: 'queued', queue: '1000' }), 'range', 'progress.queue'],
    ['a signal that no radio has', sighting({ rssi: '-128' }), 'range', 'sighting.rssi'],
    [
      'both parts',
      sighting({}, route('state', {}, 'AA=='), route('unbound', { model: '1', window: 'open' })),
      'element',
      'sighting',
    ],
    [
      'a window that is ajar',
      sighting({}, route('unbound', { model: '1', window: 'ajar' })),
      'text',
      'sighting.unbound.window',
    ],
    ['an unknown part', sighting({}, route('battery', {})), 'element', 'sighting.battery'],
    ['a part of another namespace', sighting({}, element('state', 'urn:x')), 'element', 'sighting.state'],
    ['a state that is too long', sighting({}, route('state', {}, 'AAAA'.repeat(86))), 'size', 'sighting.state'],
  ])('from a gateway: %s is refused by its name', (_name, payload, code, field) => {
    expect(refused(() => decodeFromGateway(payload))).toEqual({ code, field });
  });

  it('what cannot be read back is not written', () => {
    const base = { kind: 'frame', id: 'a', lock: LOCK, channel: 1, expiresAtS: 1, octets: Uint8Array.of(1) } as const;
    const field = (change: object) => refused(() => encodeToGateway({ ...base, ...change })).field;
    expect(field({ id: '' })).toBe('frame.id');
    expect(field({ lock: 'x' })).toBe('frame.lock');
    expect(field({ channel: 1.5 })).toBe('frame.channel');
    expect(field({ expiresAtS: Number.NaN })).toBe('frame.expires');
    expect(field({ octets: new Uint8Array(1025) })).toBe('frame');
  });
});

function frame(attributes: Record<string, string>, content: Element | string = 'AA=='): Element {
  return route('frame', { id: 'a', lock: LOCK, channel: '1', expires: '1', ...attributes }, content);
}
function progress(attributes: Record<string, string>): Element {
  return route('progress', { id: 'a', lock: LOCK, ...attributes });
}
function sighting(attributes: Record<string, string>, ...parts: Element[]): Element {
  return route('sighting', { lock: LOCK, maker: 'cardea', rssi: '-60', ...attributes }, ...parts);
}
