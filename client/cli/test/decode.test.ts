import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromHex, toHex } from '@cardea/kit-octets';
import { Secret } from '@cardea/kit-runtime';
import { type AirMessage, encodeAirMessage, frameAirMessage } from '@cardea/wire-air';
import { encodeFromGateway, encodeToGateway, type FromGateway, type ToGateway } from '@cardea/wire-route';
import { encodeUtf8, serialize } from '@cardea/wire-xmpp';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeAir } from '../src/decode/air.ts';
import { decodeMaker2 } from '../src/decode/maker2.ts';
import { decodeRoute } from '../src/decode/route.ts';
import { cardea } from './fake-client.ts';

const { accept, refuse } = JSON.parse(readFileSync(new URL('../../../vectors/maker2.json', import.meta.url), 'utf8'));
const LOCK = 'C0FFEE000201';
const CHARACTERISTIC = '6c0c3a10-5a4f-4d0e-9b5e-1c43a7d2e003';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cardea-decode-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const keyFile = (content: object): string => {
  const file = join(folder, 'keys.json');
  writeFileSync(file, JSON.stringify(content), { mode: 0o600 });
  return file;
};

type Fields = Record<string, string>;
const asRecord = (fields: readonly { field: string; value: string }[]): Fields =>
  Object.fromEntries(fields.map(({ field, value }) => [field, value]));

async function decoded(protocol: string, hex: string, keys?: object): Promise<Fields> {
  const given = keys === undefined ? [] : ['--keys', keyFile(keys)];
  const ran = await cardea(['decode', protocol, hex, ...given, '--json']);
  expect([ran.code, ran.err]).toEqual([0, '']);
  return asRecord(JSON.parse(ran.out).fields);
}

/** One line on stderr, exit 2, and for programs the same with the field. */
async function refused(args: readonly string[], message: RegExp, field?: string): Promise<void> {
  const ran = await cardea(['decode', ...args]);
  expect([ran.code, ran.out]).toEqual([2, '']);
  expect(ran.err).toMatch(message);
  expect(ran.err.trimEnd().split('\n')).toHaveLength(1);
  const json = await cardea(['decode', ...args, '--json']);
  const { error } = JSON.parse(json.err);
  expect(json.code).toBe(2);
  expect(error).toMatchObject({ code: 'usage', ...(field === undefined ? {} : { field }) });
}

const purposes = { identifier: accept.identifier, ...accept.keys };
const fromBinding = { identifier: accept.identifier, binding_key: accept.binding.binding_key };

describe('maker2 --keys opens the vectors', () => {
  it.each([
    ['the keys of each purpose', purposes],
    ['the binding key, from which they follow', fromBinding],
  ])('with %s', async (_, keys) => {
    expect(await decoded('maker2', accept.command.command, keys)).toMatchObject({
      kind: 'command',
      authentic: 'true',
      'opened.operation': 'unlock',
      'opened.class': 'operate',
      'opened.timeToLiveMs': '10000',
    });
    expect(
      await decoded('maker2', accept.command.receipt, { ...keys, command_message: accept.command.command }),
    ).toMatchObject({
      authentic: 'true',
      'opened.result': 'done',
      'opened.attributes.bolt': 'unlocked',
      'opened.attributes.batteryPercent': '90',
      'opened.eventSequence': '3',
    });
    expect(await decoded('maker2', accept.event.event, keys)).toMatchObject({
      authentic: 'true',
      'opened.sequence': '3',
      'opened.code': 'unlocked',
    });
    expect(await decoded('maker2', accept.event.ack, keys)).toMatchObject({
      authentic: 'true',
      'opened.sequence': '3',
    });
    expect(await decoded('maker2-advertisement', accept.advertisement.bound, keys)).toMatchObject({
      recognised: 'true',
      authentic: 'true',
      'opened.batteryPercent': '90',
    });
  });

  it('leaves what is sealed as it is without keys', async () => {
    const fields = await decoded('maker2', accept.command.command);
    expect(fields).toMatchObject({ kind: 'command', sealed: accept.command.command.slice(-36) });
    expect(fields).not.toHaveProperty('authentic');
  });

  it.each([
    'command with a flipped tag bit',
    'command with a flipped nonce bit',
    'command with another challenge',
    'receipt with another challenge',
  ])('says that a %s is not authentic, and shows nothing of it', async (name) => {
    const fields = await decoded('maker2', refuse[name], { ...purposes, command_message: accept.command.command });
    expect(fields.authentic).toBe('false');
    expect(Object.keys(fields).filter((field) => field.startsWith('opened'))).toEqual([]);
  });

  it('says that a receipt to another command is not authentic', async () => {
    const keys = { ...purposes, command_message: refuse['command with a flipped tag bit'] };
    expect((await decoded('maker2', accept.command.receipt, keys)).authentic).toBe('false');
  });

  it('explains each field to a person', async () => {
    const ran = await cardea(['decode', 'maker2', accept.command.command, '--keys', keyFile(purposes)]);
    expect(ran.out).toMatch(/^FIELD +VALUE +MEANING\n/);
    expect(ran.out).toMatch(/\nopened\.operation +unlock +what the lock is to do\n/);
  });

  it.each([
    [{ ...purposes, identifier: undefined }, accept.command.command, /--keys: identifier is not there/],
    [purposes, accept.command.receipt, /--keys: command_message is not there; a receipt is sealed to the command/],
    [{ identifier: LOCK }, accept.event.event, /--keys: event is not there; add it, or binding_key/],
    [{ ...purposes, event: 'secretsecret' }, accept.event.event, /--keys: event is malformed; .* 32 hex digits/],
    [{ ...purposes, event: `${accept.keys.event}00` }, accept.event.event, /--keys: event is malformed/],
  ])('a key file that lacks or mangles a part is refused by its name (%#)', async (keys, hex, message) => {
    const file = keyFile(keys);
    await refused(['maker2', hex, '--keys', file], message);
    const ran = await cardea(['decode', 'maker2', hex, '--keys', file]);
    expect(ran.err).not.toMatch(/secretsecret/);
    for (const key of Object.values<string>(accept.keys)) expect(ran.err).not.toContain(key);
  });

  it.each([
    ['elements out of order', /HEX is not maker2: element 1: .*order/],
    ['element cut off', /HEX is not maker2: element 14: ends before/],
    ['unknown kind', /HEX is not maker2: kind: /],
    ['octet after the last element', /HEX is not maker2: element 0: /],
  ])('%s: exit 2', async (name, message) => {
    await refused(['maker2', refuse[name]], message);
  });

  it('no truncation of a message is one', () => {
    for (const hex of [accept.command.command, accept.command.receipt, accept.event.event]) {
      const octets = fromHex(hex);
      for (let size = 0; size < octets.length; size++)
        expect(() => decodeMaker2(octets.slice(0, size), undefined)).toThrow(/: /);
    }
  });
});

const TO_GATEWAY: readonly ToGateway[] = [
  { kind: 'frame', id: 'f1', lock: LOCK, channel: 1, expiresAtS: 1_700_000_010, octets: Uint8Array.of(1, 2, 3) },
  { kind: 'cancel', id: 'f1' },
  { kind: 'locks', locks: [] },
  {
    kind: 'locks',
    locks: [
      { identifier: LOCK, maker: 'maker2', advertisementKey: new Uint8Array(16).fill(9) },
      {
        identifier: 'C0FFEE000101',
        maker: 'cardea',
        advertisementKey: undefined,
        serialKey: new Secret(new Uint8Array(16).fill(7)),
      },
    ],
  },
];
const FROM_GATEWAY: readonly FromGateway[] = [
  { kind: 'frame', id: 'r1', lock: LOCK, channel: 1, octets: Uint8Array.of(4, 5) },
  { kind: 'progress', id: 'f1', lock: LOCK, stage: 'queued', queuePosition: 2, reason: null },
  { kind: 'progress', id: 'f1', lock: LOCK, stage: 'failed', queuePosition: null, reason: 'no_answer' },
  {
    kind: 'sighting',
    lock: LOCK,
    maker: 'maker2',
    rssiDbm: -70,
    unbound: { model: 258, windowOpen: true },
    state: null,
  },
];

/** The fields that a value must give: each leaf under its dotted name, octets as hex, nothing as `none`. */
function leaves(value: unknown, name = ''): Fields {
  if (value === undefined) return {};
  if (value === null || (Array.isArray(value) && value.length === 0)) return { [name]: 'none' };
  if (value instanceof Secret) return leaves(value.reveal(), name);
  if (value instanceof Uint8Array) return { [name]: toHex(value) };
  if (typeof value !== 'object') return { [name]: String(value) };
  return Object.assign(
    {},
    ...Object.entries(value).map(([key, inner]) => leaves(inner, name === '' ? key : `${name}.${key}`)),
  );
}

const xmlOf = (message: ToGateway | FromGateway, direction: string): string =>
  serialize(
    direction === 'to the gateway' ? encodeToGateway(message as ToGateway) : encodeFromGateway(message as FromGateway),
  );
const hexOf = (xml: string): string => toHex(encodeUtf8(xml));

describe('route', () => {
  const both = [
    ...TO_GATEWAY.map((message) => ['to the gateway', message] as const),
    ...FROM_GATEWAY.map((message) => ['from the gateway', message] as const),
  ];

  it.each(both)('reads back what is said %s: %j', async (direction, message) => {
    const xml = xmlOf(message, direction);
    expect(await decoded('route', hexOf(xml))).toEqual({ direction, ...leaves(message) });
    const iq = `<iq xmlns='jabber:client' type='set' id='q1' to='g@example.net/bgw'>${xml}</iq>`;
    expect(await decoded('route', hexOf(iq))).toEqual({
      'iq.id': 'q1',
      'iq.type': 'set',
      'iq.to': 'g@example.net/bgw',
      direction,
      ...leaves(message),
    });
  });

  it('reads the acknowledgement, which holds nothing', async () => {
    expect(await decoded('route', hexOf(`<iq type='result' id='q1'/>`))).toEqual({
      'iq.id': 'q1',
      'iq.type': 'result',
    });
  });

  it.each([
    ['ff', /HEX is not route: stanza: is not UTF-8/, 'stanza'],
    ['', /HEX is not route: stanza: must be one element, there are 0/, 'stanza'],
    [hexOf(`<a/><b/>`), /stanza: must be one element, there are 2/, 'stanza'],
    [hexOf(`<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>`), /stanza: not-well-formed/, 'stanza'],
    [hexOf('<cancel id="1"/>'), /cancel: must be in urn:cardea:route:1/, 'cancel'],
    [hexOf('<cancel xmlns="urn:cardea:route:1" id="a b"/>'), /cancel\.id: /, 'cancel.id'],
    [
      hexOf(`<frame xmlns="urn:cardea:route:1" id="1" lock="x" channel="1">AQ==</frame>`),
      /frame\.lock: /,
      'frame.lock',
    ],
    [hexOf('<other xmlns="urn:cardea:route:1"/>'), /other: is not a report of a gateway/, 'other'],
    [hexOf('<iq type="set" id="1"/>'), /iq: must hold one payload, holds 0/, 'iq'],
    [hexOf(`<a>${'<b>'.repeat(40)}${'</b>'.repeat(40)}</a>`), /stanza: policy-violation: .*depth/, 'stanza'],
  ])('hostile input %# is one error that names the field', (hex, message, field) =>
    refused(['route', hex], message, field),
  );

  it('no truncation of a stanza is one', () => {
    for (const [direction, message] of both) {
      const octets = encodeUtf8(xmlOf(message, direction));
      for (let size = 0; size < octets.length; size++)
        expect(() => decodeRoute(octets.slice(0, size))).toThrow(/^stanza: /);
    }
  });

  it('whatever comes is read, or refused by an error with a code', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), (octets) => codedOrFields(() => decodeRoute(octets))));
  });
});

const AIR: readonly AirMessage[] = [
  { kind: 'hello', version: 1, token: new Uint8Array(32).fill(7), name: 'gateway' },
  { kind: 'scan', id: 2, services: [CHARACTERISTIC] },
  { kind: 'write', id: 4, link: 9, characteristic: CHARACTERISTIC, value: Uint8Array.of(1, 2) },
  { kind: 'control', id: 6, fault: 'jam', identifier: LOCK, value: 'on' },
  { kind: 'welcome', version: 1 },
  { kind: 'connect-failed', id: 3, code: 'busy', detail: 'is connected' },
  { kind: 'peripherals', id: 5, peripherals: [] },
  {
    kind: 'peripherals',
    id: 5,
    peripherals: [{ name: LOCK, bluetooth: '4.2', mtu: 23, advertising: true, connected: false }],
  },
];

describe('air', () => {
  it.each(AIR)('reads back %j, with the length before it and without', async (message) => {
    const octets = encodeAirMessage(message);
    expect(await decoded('air', toHex(octets))).toEqual(leaves(message));
    const framed = toHex(frameAirMessage(message));
    expect(await decoded('air', framed)).toEqual({ length: String(octets.length), ...leaves(message) });
  });

  it('says of a control what its value is', async () => {
    const ran = await cardea(['decode', 'air', toHex(encodeAirMessage(AIR[3]!))]);
    expect(ran.out).toMatch(/\nvalue +on +what the fault is set to\n/);
  });

  it.each([
    ['', /HEX is not air: kind: /],
    ['7f', /HEX is not air: .*kind 127/],
    ['00000003', /HEX is not air: message: /],
    ['000000028101ff', /HEX is not air: message: /],
    ['00ffffff81', /HEX is not air: length: 16777215, at most 16384/],
    ['81', /HEX is not air: welcome\.version: /],
    ['8101ff', /HEX is not air: welcome: /],
    ['0101ffff', /HEX is not air: hello\.token: has 65535 octets, at most 64/],
  ])('hostile input %j is one error that names the field', (hex, message) => refused(['air', hex], message));

  it('no truncation of a message is one', () => {
    for (const message of AIR) {
      for (const octets of [encodeAirMessage(message), frameAirMessage(message)]) {
        for (let size = 0; size < octets.length; size++)
          expect(() => decodeAir(octets.slice(0, size))).toThrow(/^[\w.-]+: /);
      }
    }
  });

  it('whatever comes is read, or refused by an error with a code', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), (octets) => codedOrFields(() => decodeAir(octets))));
  });
});

function codedOrFields(decode: () => readonly object[]): void {
  try {
    expect(decode().length).toBeGreaterThan(0);
  } catch (error) {
    expect(error).toHaveProperty('code', expect.any(String));
  }
}

it('the help names every protocol and the keys that open it', async () => {
  const { out } = await cardea(['decode', '--help']);
  for (const protocol of ['lock', 'lock-advertisement', 'maker2', 'maker2-advertisement', 'scpm', 'route', 'air'])
    expect(out).toMatch(new RegExp(`\\n  ${protocol} +\\S`));
  expect(out).toMatch(/Keys[\s\S]*\n {2}maker2 +.*binding_key.*command_message/);
});
