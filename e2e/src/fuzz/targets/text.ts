import { createEventParser } from '@cardea/client-sdk';
import { OctetsError, toHex } from '@cardea/kit-octets';
import { Secret } from '@cardea/kit-runtime';
import {
  AirError,
  AirStream,
  decodeAirMessage,
  encodeAirMessage,
  frameAirMessage,
  HELLO_LIMIT_OCTETS,
  MESSAGE_LIMIT_OCTETS,
  parseHubAddress,
} from '@cardea/wire-air';
import { canonicalManifest, ManifestError, parseMakerTrust, parseManifest } from '@cardea/wire-manifest';
import { decodeFromGateway, decodeToGateway, encodeFromGateway, encodeToGateway, RouteError } from '@cardea/wire-route';
import { type Element, LIMITS_AFTER_AUTHENTICATION, StreamReader, serialize } from '@cardea/wire-xmpp';
import { samples } from '../../../../wire/air/test/samples.ts';
import { unsigned } from '../../../../wire/manifest/test/fixture.ts';
import { foreseen, must, octetsOf, type Target } from '../target.ts';

const textOf = (octets: Uint8Array): string => Buffer.from(octets).toString('utf8');

/** Parsed JSON, or undefined where it is none. */
function json(input: Uint8Array): { readonly value: unknown } | undefined {
  return foreseen(SyntaxError, () => ({ value: JSON.parse(textOf(input)) }));
}

const ELEMENT_STREAM =
  "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>";

function firstStanza(text: string): Element | undefined {
  const found: Element[] = [];
  new StreamReader(LIMITS_AFTER_AUTHENTICATION).read(octetsOf(ELEMENT_STREAM + text), (event) => {
    if (event.kind === 'stanza') found.push(event.stanza);
  });
  return found[0];
}

/** What gateways and the RAS say to each other, as the XML that carries it. */
export async function routeTarget(): Promise<Target> {
  const [lock, id] = ['C0FFEE00112A', 'att_1'];
  const messages = [
    encodeToGateway({ kind: 'frame', id, lock, channel: 1, expiresAtS: 1_800_000_000, octets: Uint8Array.of(1, 2, 3) }),
    encodeToGateway({ kind: 'cancel', id }),
    encodeToGateway({
      kind: 'locks',
      locks: [
        { identifier: lock, maker: 'cardea', advertisementKey: new Uint8Array(16) },
        { identifier: 'C0FFEE00112B', maker: 'maker2', advertisementKey: undefined },
        {
          identifier: 'C0FFEE00112C',
          maker: 'cardea',
          advertisementKey: undefined,
          serialKey: new Secret(new Uint8Array(16)),
        },
      ],
    }),
    encodeFromGateway({ kind: 'frame', id, lock, channel: 1, octets: Uint8Array.of(1, 2, 3) }),
    encodeFromGateway({ kind: 'progress', id, lock, stage: 'queued', queuePosition: 2, reason: null }),
    encodeFromGateway({ kind: 'progress', id, lock, stage: 'failed', queuePosition: null, reason: 'out_of_range' }),
    encodeFromGateway({
      kind: 'sighting',
      lock,
      maker: 'cardea',
      rssiDbm: -60,
      unbound: { model: 3, windowOpen: true },
      state: null,
    }),
    encodeFromGateway({
      kind: 'sighting',
      lock,
      maker: 'cardea',
      rssiDbm: -60,
      unbound: null,
      state: new Uint8Array(16),
    }),
  ];
  return {
    name: 'route',
    covers: ['wire/route/src/'],
    seeds: messages.map((message) => octetsOf(serialize(message))),
    maxOctets: 1500,
    run(input) {
      const stanza = firstStanza(textOf(input));
      if (stanza === undefined) return;
      const report = foreseen(RouteError, () => decodeFromGateway(stanza));
      if (report !== undefined) {
        const again = JSON.stringify(decodeFromGateway(encodeFromGateway(report)));
        must(again === JSON.stringify(report), 'a report comes back');
      }
      const order = foreseen(RouteError, () => decodeToGateway(stanza));
      if (order !== undefined) {
        const written = serialize(encodeToGateway(order));
        // Written anew, not as JSON: that shows no secret.
        must(serialize(encodeToGateway(decodeToGateway(encodeToGateway(order)))) === written, 'an order comes back');
        must(JSON.stringify(decodeToGateway(encodeToGateway(order))) === JSON.stringify(order), 'an order comes back');
      }
    },
  };
}

/** The hub's messages, alone and in their stream. */
export async function airTarget(): Promise<Target> {
  return {
    name: 'air',
    covers: ['wire/air/src/messages.ts', 'wire/air/src/field.ts', 'wire/air/src/framing.ts', 'wire/air/src/errors.ts'],
    seeds: [...samples.map((one) => encodeAirMessage(one)), ...samples.slice(0, 3).map((one) => frameAirMessage(one))],
    maxOctets: 1024,
    run(input) {
      const message = foreseen(AirError, () => decodeAirMessage(input));
      if (message !== undefined) {
        const again = encodeAirMessage(message);
        must(toHex(encodeAirMessage(decodeAirMessage(again))) === toHex(again), 'a message comes back');
      }
      const stream = new AirStream(input.length % 2 === 0 ? HELLO_LIMIT_OCTETS : MESSAGE_LIMIT_OCTETS);
      foreseen(AirError, () => {
        for (let at = 0; at < input.length; at += 7) {
          stream.push(input.subarray(at, at + 7));
          while (stream.next() !== undefined);
        }
      });
    },
  };
}

/** Files of JSON that say where the hub is, what a maker made, and whom to believe. */
export async function manifestTarget(): Promise<Target> {
  const manifest = { ...unsigned, signature: Buffer.alloc(64, 1).toString('base64') };
  const [lock] = unsigned.locks;
  return {
    name: 'manifest',
    covers: ['parse', 'fields', 'trust', 'canonical', 'errors'].map((file) => `wire/manifest/src/${file}.ts`),
    seeds: [
      manifest,
      { ...manifest, locks: [lock] },
      { maker: 'cardea', public_key: lock?.serial_public_key, transport_key: '00'.repeat(32) },
    ].map((value) => octetsOf(JSON.stringify(value))),
    maxOctets: 2048,
    run(input) {
      const parsed = json(input);
      if (parsed === undefined) return;
      const found = foreseen(ManifestError, () => parseManifest(parsed.value));
      if (found !== undefined) {
        must(JSON.stringify(parseManifest(JSON.parse(JSON.stringify(found)))) === JSON.stringify(found), 'comes back');
        must(canonicalManifest(found).length > 0, 'what was read can be checked');
      }
      const trust = foreseen(ManifestError, () => parseMakerTrust(parsed.value));
      if (trust !== undefined) must(trust.publicKey.length === 65, 'a point has 65 octets');
    },
  };
}

/** Where the hub is. */
export async function hubFileTarget(): Promise<Target> {
  return {
    name: 'hub-file',
    covers: ['wire/air/src/hub-file.ts'],
    seeds: [octetsOf(JSON.stringify({ host: '127.0.0.1', port: 4000, token: '07'.repeat(32) }))],
    maxOctets: 256,
    run(input) {
      const parsed = json(input);
      if (parsed === undefined) return;
      const found = foreseen(AirError, () => foreseen(OctetsError, () => parseHubAddress(parsed.value)));
      if (found !== undefined) must(found.token.length === 32, 'a token has 32 octets');
    },
  };
}

/** A stream of server-sent events in pieces of any size. */
export async function serverSentEventsTarget(): Promise<Target> {
  return {
    name: 'server-sent-events',
    covers: ['client/sdk/src/server-sent-events.ts'],
    seeds: [
      '~retry: 1000\n: open\n\nid: a\nevent: end\ndata: {"x":1}\ndata: 2\n\n',
      '~data:x\r\ndata\rid\r\r',
      '~\n',
    ].map(octetsOf),
    maxOctets: 1024,
    run(input) {
      const [first = 0] = input;
      const text = textOf(input.subarray(1));
      const whole = createEventParser();
      const pieces = createEventParser();
      const told = whole(`${text}\n\n`);
      const piecewise: unknown[] = [];
      for (let at = 0; at < text.length; at += 1 + (first & 15))
        piecewise.push(...pieces(text.slice(at, at + 1 + (first & 15))));
      piecewise.push(...pieces('\n\n'));
      must(JSON.stringify(told) === JSON.stringify(piecewise), 'a stream says the same in whatever pieces it comes');
    },
  };
}
