import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import type { Primitives } from '@cardea/kit-crypto';
import { createVirtualClock, silentLog } from '@cardea/kit-runtime';
import { scramVerifier } from '@cardea/wire-xmpp';
import { describe, expect, it } from 'vitest';
import type { Received } from '../src/connection.ts';
import { createXmppDoor } from '../src/door.ts';

/*
 * Golden dialogues. One line each:
 *
 *   C: the client says                       S: the server must answer exactly this
 *   W: seconds pass                          X: the server closes the connection, having said nothing more
 *   T: the TLS handshake is done; the connection is bound by these octets (tls-exporter)
 *   K: the same, and the client has shown a certificate that names this address
 *   H: the server begins the TLS handshake   D: the connection breaks
 *   N: a new connection, in TLS; `N: clear` in the clear
 *   O: on the connection before this one the server must have said exactly this
 *   F: the RAS sends a frame of this id, which expires after so many seconds
 *   R: the report or arrival of this id, which was held, is durable now
 *   L: the next arrival of a gateway is held under this id
 *   B: the arrival of this id, which was held, could not be recorded
 *   Z: the RAS shuts down
 *
 * Randomness counts up from 0, so that every nonce and id is known. In the exchange of SCRAM the client's part stands as
 * {response}, computed by RFC 5802's own formulas from what the server said.
 */

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
const hmac = (key: Uint8Array, text: string | Uint8Array) => createHmac('sha256', key).update(text).digest();
const primitives = {
  sha256: (...parts: Uint8Array[]) => new Uint8Array(createHash('sha256').update(Buffer.concat(parts)).digest()),
  hmacSha256: (key: Uint8Array, ...parts: Uint8Array[]) => new Uint8Array(hmac(key, Buffer.concat(parts))),
} as Primitives;
const SALT = new Uint8Array(16).fill(9);
const SALTED = new Uint8Array(pbkdf2Sync('right', SALT, 4096, 32, 'sha256'));
const b64 = (text: string) => Buffer.from(text).toString('base64');

const HEADER = `<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='ras.example' version='1.0'>`;
const OPEN = `C: ${HEADER}`;
const header = (id: string) =>
  `<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' from='ras.example' id='${id}' version='1.0'>`;
/** 16 octets that count up from `from`, in hex. */
const id = (from: number) => Buffer.from(Array.from({ length: 16 }, (_, i) => from + i)).toString('hex');
/** What the n-th connection draws: ids of its streams (in the clear, in TLS, signed in), and the id for resumption. */
const ids = (n: number) => {
  const from = 0x20 + 0x70 * n;
  return { first: id(from), afterTls: id(from + 0x10), signedIn: id(from + 0x50), resume: id(from + 0x60) };
};
const MECHANISMS = (...names: string[]) =>
  `<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>${names.map((name) => `<mechanism>${name}</mechanism>`).join('')}</mechanisms>`;
const BINDINGS = `<sasl-channel-binding xmlns='urn:xmpp:sasl-cb:0'><channel-binding type='tls-exporter'/></sasl-channel-binding>`;
const features = (stream: string, content: string) =>
  `S: ${header(stream)}<stream:features>${content}</stream:features>`;
const OFFER = features(ids(0).first, MECHANISMS('SCRAM-SHA-256'));
const END = 'S: </stream:stream>';
const error = (condition: string) =>
  `S: <stream:error><${condition} xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>`;
const failure = (condition: string) => `S: <failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><${condition}/></failure>`;
const auth = (message: string, mechanism = 'SCRAM-SHA-256') =>
  `C: <auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='${mechanism}'>${b64(message)}</auth>`;
const STARTTLS = `<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>`;
const OFFER_TLS = `<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls>`;
const PROCEED = `S: <proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>`;
const BOUND_FEATURES = `<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/><sm xmlns='urn:xmpp:sm:3'/>`;
const authenticated = (n: number) => [
  OPEN,
  features(ids(n).first, MECHANISMS('SCRAM-SHA-256')),
  auth('n,,n=gw_1,r=abcdef'),
  'S: {challenge}',
  'C: {response}',
  'S: {success}',
  OPEN,
  features(ids(n).signedIn, BOUND_FEATURES),
];
const BIND = [
  `C: <iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>mine</resource></bind></iq>`,
  `S: <iq type='result' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>gw_1@ras.example/bgw</jid></bind></iq>`,
];
const signIn = (n: number) => [...authenticated(n), ...BIND];
const SIGN_IN = signIn(0);
const ENABLE = [
  `C: <enable xmlns='urn:xmpp:sm:3' resume='true'/>`,
  `S: <enabled xmlns='urn:xmpp:sm:3' id='${ids(0).resume}' resume='true' max='60'/>`,
];
const resume = (previd: string, h: number) => `C: <resume xmlns='urn:xmpp:sm:3' previd='${previd}' h='${h}'/>`;
const resumed = (h: number) => `S: <resumed xmlns='urn:xmpp:sm:3' previd='${ids(0).resume}' h='${h}'/>`;
const NOT_FOUND = `S: <failed xmlns='urn:xmpp:sm:3'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>`;
const ASK = `C: <r xmlns='urn:xmpp:sm:3'/>`;
const acked = (h: number) => `S: <a xmlns='urn:xmpp:sm:3' h='${h}'/>`;
const report = (iq: string, name: string) =>
  `C: <iq type='set' id='${iq}'><progress xmlns='urn:cardea:route:1' id='${name}' lock='A1B2C3D4E5F6' stage='written'/></iq>`;
const lockReport = (iq: string, name: string) =>
  `C: <iq type='set' id='${iq}'><frame xmlns='urn:cardea:route:1' id='${name}' lock='A1B2C3D4E5F6' channel='1'>AAEC</frame></iq>`;
const result = (iq: string) => `S: <iq type='result' id='${iq}' to='gw_1@ras.example/bgw'/>`;
const frame = (iq: string, name: string, expires: number) =>
  `S: <iq type='set' id='${iq}' to='gw_1@ras.example/bgw'><frame xmlns='urn:cardea:route:1' id='${name}' lock='A1B2C3D4E5F6' channel='1' expires='${expires}'>AAEC</frame></iq>`;

interface Played {
  heard: string;
  closed: boolean;
  handshake: boolean;
  binding: string | undefined;
  stream: Received;
}

async function play(lines: readonly string[], resumableForMs = 60_000): Promise<string[]> {
  const clock = createVirtualClock(0, settle);
  let next = 0;
  const facts: string[] = [];
  const held = new Map<string, () => void>();
  const broken = new Map<string, () => void>();
  let late: string | undefined;
  const door = createXmppDoor({
    domain: 'ras.example',
    resumableForMs,
    primitives,
    random: { octets: (size) => Uint8Array.from({ length: size }, () => next++ & 0xff) },
    clock,
    log: silentLog,
    core: {
      verifier: async (name) => {
        if (name === 'gw_broken') throw new Error('the record has failed');
        return name.startsWith('gw_') ? scramVerifier(primitives, SALTED, SALT, 4096) : undefined;
      },
      online: async (name) => {
        const arrival = late;
        late = undefined;
        if (arrival !== undefined) {
          await new Promise<void>((resolve, reject) => {
            held.set(arrival, resolve);
            broken.set(arrival, () => reject(new Error('the record has failed')));
          });
        }
        facts.push(`online ${name}`);
      },
      lost: () => {},
      offline: (name, reason) => facts.push(`offline ${name}: ${reason}`),
      received: async (_name, message) => {
        facts.push('id' in message ? `${message.kind} ${message.id}` : message.kind);
        if ('id' in message && message.id.startsWith('held')) {
          await new Promise<void>((resolve) => held.set(message.id, resolve));
        }
      },
    },
  });
  const connections: Played[] = [];
  const connect = (kind: string): Played => {
    const one: Played = { heard: '', closed: false, handshake: false, binding: undefined, stream: undefined as never };
    one.stream = door.accept({
      ...(kind === 'clear' ? { tls: 'clear' as const } : {}),
      write: (octets) => {
        one.heard += new TextDecoder().decode(octets);
      },
      startTls: () => {
        one.handshake = true;
      },
      close: () => {
        one.closed = true;
      },
    });
    connections.push(one);
    return one;
  };
  const tls = (binding: string, certificate: string | undefined) => ({
    channel: { bindings: ['tls-exporter'] as const, certificate },
    bind: () => new TextEncoder().encode(binding),
  });

  let here = lines[0]?.startsWith('N:') === true ? undefined : connect('tls');
  const at = () => here!;
  let first = '';
  let final = '';
  let signed = '';
  const compare = (one: Played, wanted: string, where: string) => {
    expect(one.heard.slice(0, wanted.length), where).toBe(wanted);
    one.heard = one.heard.slice(wanted.length);
  };
  for (const [number, line] of lines.entries()) {
    const where = `line ${number + 1}: ${line}`;
    const rest = line.slice(3);
    switch (line[0]) {
      case 'C': {
        const said = rest.replace('{response}', () => final);
        const [, message] = /^<auth[^>]*>([^<]*)<\/auth>$/.exec(said) ?? [];
        if (message !== undefined) first = Buffer.from(message, 'base64').toString();
        at().stream.received(new TextEncoder().encode(said));
        await clock.advance(0);
        break;
      }
      case 'W':
        await clock.advance(Number(rest) * 1000);
        break;
      case 'X':
        expect([at().heard, at().closed], where).toEqual(['', true]);
        break;
      case 'H':
        expect([at().heard, at().handshake, at().closed], where).toEqual(['', true, false]);
        break;
      case 'T':
        at().binding = rest;
        at().stream.secured(tls(rest, undefined));
        break;
      case 'K':
        at().stream.secured(tls('a connection', rest));
        break;
      case 'D':
        expect(at().heard, where).toBe('');
        at().stream.closed();
        break;
      case 'N':
        here = connect(rest);
        break;
      case 'O':
        compare(connections.at(-2)!, rest, where);
        expect(connections.at(-2)?.heard, where).toBe('');
        break;
      case 'F': {
        const [name = '', seconds = ''] = rest.split(' ');
        const expiresAtS = clock.now() / 1000 + Number(seconds);
        const octets = Uint8Array.of(0, 1, 2);
        const sent = door.uplink.send('gw_1', {
          kind: 'frame',
          id: name,
          lock: 'A1B2C3D4E5F6',
          channel: 1,
          expiresAtS,
          octets,
        });
        expect(sent, where).toBe(true);
        break;
      }
      case 'Z':
        door.close();
        break;
      case 'L':
        late = rest;
        break;
      case 'B':
        broken.get(rest)!();
        await clock.advance(0);
        break;
      case 'R':
        held.get(rest)!();
        await clock.advance(0);
        break;
      case 'S':
        if (rest === '{challenge}') {
          const [whole, text = ''] =
            /^<challenge xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>([^<]+)<\/challenge>/.exec(at().heard) ?? [];
          expect(whole, where).toBeDefined();
          const serverFirst = Buffer.from(text, 'base64').toString();
          const [, nonce] =
            /^r=([^,]+),s=CQkJCQkJCQkJCQkJCQkJCQ==,i=4096,h=[A-Za-z0-9+/]{43}=$/.exec(serverFirst) ?? [];
          expect(nonce, where).toMatch(/^abcdef./);
          const gs2 = first.slice(0, first.indexOf(',,') + 2);
          const input = b64(gs2 + (gs2.startsWith('p') ? at().binding : ''));
          signed = `${first.slice(gs2.length)},${serverFirst},c=${input},r=${nonce}`;
          const clientKey = hmac(SALTED, 'Client Key');
          const signature = hmac(createHash('sha256').update(clientKey).digest(), signed);
          const proof = Buffer.from(clientKey.map((octet, i) => octet ^ signature[i]!)).toString('base64');
          final = `<response xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>${b64(`c=${input},r=${nonce},p=${proof}`)}</response>`;
          at().heard = at().heard.slice(whole!.length);
        } else {
          const v = b64(`v=${hmac(hmac(SALTED, 'Server Key'), signed).toString('base64')}`);
          const success = `<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>${v}</success>`;
          compare(at(), rest.replace('{success}', success), where);
        }
        break;
      default:
        throw new Error(`no such line: ${line}`);
    }
  }
  expect(at().heard, 'said at the end').toBe('');
  return facts;
}

const stanzaError = (id: string, type: string, condition: string) =>
  `S: <iq type='error' id='${id}' to='gw_1@ras.example/bgw'><error type='${type}'><${condition} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>`;
const PING_1 = `S: <iq type='get' id='ping-1' to='gw_1@ras.example/bgw'><ping xmlns='urn:xmpp:ping'/></iq>`;
const PING_2 = PING_1.replace('ping-1', 'ping-2');

describe('golden dialogues', () => {
  it.each<[string, string[], string[]]>([
    [
      'RFC 6120 6, 7; XEP-0199: sign in, bind, pings both ways, a report, the end',
      [
        ...SIGN_IN,
        `C: <presence/>`,
        `C: <iq type='get' id='p' to='ras.example'><ping xmlns='urn:xmpp:ping'/></iq>`,
        `S: <iq type='result' id='p' to='gw_1@ras.example/bgw'/>`,
        'W: 5',
        PING_1,
        `C: <iq type='result' id='ping-1'/>`,
        `C: <iq type='set' id='1'><progress xmlns='urn:cardea:route:1' id='att_1' lock='A1B2C3D4E5F6' stage='written'/></iq>`,
        `S: <iq type='result' id='1' to='gw_1@ras.example/bgw'/>`,
        'C: </stream:stream>',
        END,
        'X:',
      ],
      ['online gw_1', 'progress att_1', 'offline gw_1: stream closed by the peer'],
    ],
    [
      'presence: 10 s of silence end the session',
      [...SIGN_IN, 'W: 5', PING_1, 'W: 5', error('connection-timeout'), END, 'X:'],
      ['online gw_1', 'offline gw_1: silence'],
    ],
    [
      'presence: who answers stays',
      [...SIGN_IN, 'W: 5', PING_1, `C: <iq type='error' id='ping-1'/>`, 'W: 5', PING_2],
      ['online gw_1'],
    ],
    [
      'RFC 6120 8.1.2.1, attack 32: a forged from ends the stream',
      [
        ...SIGN_IN,
        `C: <iq type='set' id='1' from='gw_2@ras.example/bgw'><x xmlns='urn:x'/></iq>`,
        error('invalid-from'),
        END,
        'X:',
      ],
      ['online gw_1', 'offline gw_1: forged from'],
    ],
    [
      'a stanza to somebody else goes nowhere',
      [
        ...SIGN_IN,
        `C: <iq type='set' id='1' to='gw_2@ras.example/bgw'><cancel xmlns='urn:cardea:route:1' id='a'/></iq>`,
        stanzaError('1', 'cancel', 'service-unavailable'),
      ],
      ['online gw_1'],
    ],
    [
      'attack 32: three wrong sign-ins, mechanisms that are not offered among them',
      [
        OPEN,
        OFFER,
        auth('\0gw_1\0right', 'PLAIN'),
        failure('invalid-mechanism'),
        auth('n,,n=gw_1,r=abcdef', 'SCRAM-SHA-1'),
        failure('invalid-mechanism'),
        auth('p=tls-exporter,,n=gw_1,r=abcdef'),
        failure('malformed-request'),
        error('policy-violation'),
        END,
        'X:',
      ],
      [],
    ],
    [
      'attack 32: a right proof after its exchange was aborted is refused',
      [
        OPEN,
        OFFER,
        auth('n,,n=gw_1,r=abcdef'),
        'S: {challenge}',
        `C: <abort xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>`,
        failure('aborted'),
        `C: {response}`,
        failure('malformed-request'),
      ],
      [],
    ],
    ['a stanza before signing in', [OPEN, OFFER, `C: <iq type='get' id='1'/>`, error('not-authorized'), END, 'X:'], []],
    [
      'another domain',
      [OPEN.replace('ras.example', 'x'), `S: ${header(ids(0).first)}`, error('host-unknown'), END, 'X:'],
      [],
    ],
    ['nobody signs in', [OPEN, OFFER, 'W: 10', error('connection-timeout'), END, 'X:'], []],
    ['attack 31: a DOCTYPE', ['C: <!DOCTYPE x>', `S: ${header(ids(0).first)}`, error('restricted-xml'), END, 'X:'], []],
  ])('%s', async (_name, lines, facts) => {
    expect(await play(lines)).toEqual(facts);
  });
});

const CLEAR = ['N: clear', OPEN, features(ids(0).first, OFFER_TLS)];
const SECURED = [...CLEAR, `C: ${STARTTLS}`, PROCEED, 'H:'];
const PLUS_OFFER = features(ids(0).afterTls, MECHANISMS('SCRAM-SHA-256-PLUS', 'SCRAM-SHA-256') + BINDINGS);

describe('golden dialogues: STARTTLS and SASL', () => {
  it.each<[string, string[], string[]]>([
    [
      'RFC 6120 5, RFC 9266: STARTTLS, then SCRAM-SHA-256-PLUS bound to that connection',
      [
        ...SECURED,
        'T: this very connection',
        OPEN,
        PLUS_OFFER,
        auth('p=tls-exporter,,n=gw_1,r=abcdef', 'SCRAM-SHA-256-PLUS'),
        'S: {challenge}',
        'C: {response}',
        'S: {success}',
        OPEN,
        features(ids(0).signedIn, BOUND_FEATURES),
        ...BIND,
      ],
      ['online gw_1'],
    ],
    [
      'XEP-0178, RFC 6120 13.7.1: EXTERNAL by the certificate that the client has shown',
      [
        ...SECURED,
        'K: gw_1@ras.example',
        OPEN,
        features(ids(0).afterTls, MECHANISMS('EXTERNAL', 'SCRAM-SHA-256-PLUS', 'SCRAM-SHA-256') + BINDINGS),
        `C: <auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='EXTERNAL'>=</auth>`,
        `S: <success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>`,
        OPEN,
        features(ids(0).signedIn, BOUND_FEATURES),
        ...BIND,
      ],
      ['online gw_1'],
    ],
    [
      'EXTERNAL in the name of another, without a certificate of this domain, or without an account',
      [
        ...SECURED,
        'K: gw_1@ras.example',
        OPEN,
        features(ids(0).afterTls, MECHANISMS('EXTERNAL', 'SCRAM-SHA-256-PLUS', 'SCRAM-SHA-256') + BINDINGS),
        auth('gw_2@ras.example', 'EXTERNAL'),
        failure('invalid-authzid'),
        auth('gw_1@ras.example', 'SCRAM-SHA-1'),
        failure('invalid-mechanism'),
        auth('gw_1', 'EXTERNAL'),
        failure('invalid-authzid'),
        error('policy-violation'),
        END,
        'X:',
      ],
      [],
    ],
    [
      'attack 32: something else than STARTTLS in the clear',
      [...CLEAR, `C: <iq type='get' id='1'/>`, error('policy-violation'), END, 'X:'],
      [],
    ],
    [
      'attack 32: PLAIN before TLS is not even looked at',
      [
        ...CLEAR,
        auth('\0gw_1\0right', 'PLAIN'),
        failure('encryption-required') + error('policy-violation').slice(3),
        END,
        'X:',
      ],
      [],
    ],
    [
      'attack 32: octets behind <starttls/> end the connection, and there is no handshake',
      [...CLEAR, `C: ${STARTTLS}${HEADER}`, PROCEED, 'X:'],
      [],
    ],
    ['STARTTLS inside TLS', [OPEN, OFFER, `C: ${STARTTLS}`, error('not-authorized'), END, 'X:'], []],
    ['a client that never shakes hands', [...SECURED, 'W: 10', 'X:'], []],
    [
      'attack 32: "y" where channel binding was offered: somebody took it out of the offer',
      [
        ...SECURED,
        'T: a connection',
        OPEN,
        PLUS_OFFER,
        auth('y,,n=gw_1,r=abcdef'),
        failure('not-authorized'),
        auth('p=tls-unique,,n=gw_1,r=abcdef', 'SCRAM-SHA-256-PLUS'),
        failure('not-authorized'),
        auth('n,,n=gw_1,r=abcdef', 'SCRAM-SHA-256-PLUS'),
        failure('malformed-request'),
        error('policy-violation'),
        END,
        'X:',
      ],
      [],
    ],
  ])('%s', async (_name, lines, facts) => {
    expect(await play(lines)).toEqual(facts);
  });
});

describe('golden dialogues: sessions', () => {
  it.each<[string, string[], string[]]>([
    [
      'RFC 6120 7.7.2.2: the newer session wins, the older one ends with conflict',
      [
        ...SIGN_IN,
        'N:',
        ...signIn(1),
        `O: <stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>`,
        'F: att_1 10',
        frame('r-1', 'att_1', 10),
      ],
      ['online gw_1', 'online gw_1'],
    ],
    [
      'a report that the older session brought, and the newer brings again, is recorded once',
      [...SIGN_IN, lockReport('1', 'held-1'), 'N:', ...signIn(1), lockReport('2', 'held-1'), 'R: held-1', result('2')],
      ['online gw_1', 'frame held-1', 'online gw_1'],
    ],
    [
      'a gateway that leaves before its arrival is durable is gone after it',
      ['L: one', ...SIGN_IN, 'C: </stream:stream>', END, 'R: one', 'X:'],
      ['online gw_1', 'offline gw_1: stream closed by the peer'],
    ],
    [
      'a gateway that comes back while its leaving waits for its arrival stays',
      [
        'L: one',
        ...SIGN_IN,
        'C: </stream:stream>',
        END,
        'N:',
        ...signIn(1),
        'R: one',
        'F: att_1 10',
        frame('r-1', 'att_1', 10),
      ],
      ['online gw_1', 'online gw_1'],
    ],
    [
      'a session that was replaced takes nothing from the newer one when its arrival fails',
      [
        'L: one',
        ...SIGN_IN,
        'N:',
        ...signIn(1),
        'B: one',
        `O: <stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>`,
      ],
      ['online gw_1'],
    ],
    [
      'XEP-0198: a stanza counts as handled when it is durable, not when it has come',
      [
        ...SIGN_IN,
        ...ENABLE,
        report('1', 'att_1'),
        result('1'),
        ASK,
        acked(1),
        report('2', 'held-2'),
        report('3', 'att_3'),
        result('3'),
        ASK,
        acked(1),
        'R: held-2',
        result('2'),
        ASK,
        acked(3),
      ],
      ['online gw_1', 'progress att_1', 'progress held-2', 'progress att_3'],
    ],
    [
      'XEP-0198: resumed after a lost connection; what was said comes again, nothing is done twice, and the RAS was never without it',
      [
        ...SIGN_IN,
        ...ENABLE,
        report('1', 'held-1'),
        'F: att_2 10',
        frame('r-1', 'att_2', 10),
        'D:',
        'R: held-1',
        'N:',
        ...authenticated(1),
        resume(ids(0).resume, 0),
        `${resumed(1)}${frame('r-1', 'att_2', 10).slice(3)}${result('1').slice(3)}`,
        `C: <iq type='result' id='r-1'/>`,
        ASK,
        acked(2),
      ],
      ['online gw_1', 'progress held-1'],
    ],
    [
      'XEP-0198: a request that was still being recorded is not done again when it comes again',
      [
        ...SIGN_IN,
        ...ENABLE,
        report('1', 'held-1'),
        'D:',
        'N:',
        ...authenticated(1),
        resume(ids(0).resume, 0),
        resumed(0),
        report('1', 'held-1'),
        ASK,
        acked(0),
        'R: held-1',
        result('1'),
        ASK,
        acked(1),
      ],
      ['online gw_1', 'progress held-1'],
    ],
    [
      'nothing late acts: a frame whose time has passed while the gateway was away is not said again',
      [
        ...SIGN_IN,
        ...ENABLE,
        'F: att_late 2',
        frame('r-1', 'att_late', 2),
        'F: att_early 10',
        frame('r-2', 'att_early', 10),
        'D:',
        'W: 3',
        'N:',
        ...authenticated(1),
        resume(ids(0).resume, 0),
        `${resumed(0)}${frame('r-2', 'att_early', 10).slice(3)}`,
      ],
      ['online gw_1'],
    ],
    [
      'a gateway that is away is counted as gone after 4 s, and as back when it resumes',
      [...SIGN_IN, ...ENABLE, 'D:', 'W: 5', 'N:', ...authenticated(1), resume(ids(0).resume, 0), resumed(0)],
      ['online gw_1', 'offline gw_1: connection closed', 'online gw_1'],
    ],
    [
      'XEP-0198: after a minute there is nothing to resume; a new resource can be bound on the same stream',
      [...SIGN_IN, ...ENABLE, 'D:', 'W: 61', 'N:', ...authenticated(1), resume(ids(0).resume, 0), NOT_FOUND, ...BIND],
      ['online gw_1', 'offline gw_1: connection closed', 'online gw_1'],
    ],
    [
      'XEP-0198: the session of another account is as if it were not there',
      [
        ...SIGN_IN,
        ...ENABLE,
        'N:',
        ...authenticated(1).map((line) => line.replace(b64('n,,n=gw_1,r=abcdef'), b64('n,,n=gw_2,r=abcdef'))),
        resume(ids(0).resume, 0),
        NOT_FOUND,
      ],
      ['online gw_1'],
    ],
    [
      'XEP-0198: a stream that does not know yet that its connection is lost gives its session up',
      [
        ...SIGN_IN,
        ...ENABLE,
        'N:',
        ...authenticated(1),
        resume(ids(0).resume, 0),
        resumed(0),
        `O: <stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>`,
        'F: att_1 10',
        frame('r-1', 'att_1', 10),
      ],
      ['online gw_1'],
    ],
    [
      'XEP-0198: a session that was ended in good order cannot be resumed',
      [
        ...SIGN_IN,
        ...ENABLE,
        'C: </stream:stream>',
        END,
        'X:',
        'N:',
        ...authenticated(1),
        resume(ids(0).resume, 0),
        NOT_FOUND,
      ],
      ['online gw_1', 'offline gw_1: stream closed by the peer'],
    ],
    [
      'XEP-0198: an acknowledgement of what was never sent ends the stream',
      [
        ...SIGN_IN,
        ...ENABLE,
        'F: att_1 10',
        frame('r-1', 'att_1', 10),
        `C: <a xmlns='urn:xmpp:sm:3' h='2'/>`,
        `S: <stream:error><undefined-condition xmlns='urn:ietf:params:xml:ns:xmpp-streams'/><handled-count-too-high xmlns='urn:xmpp:sm:3' h='2' send-count='1'/></stream:error>`,
        END,
        'X:',
      ],
      ['online gw_1', 'offline gw_1: handled count too high'],
    ],
    [
      'XEP-0198 out of turn: before binding, twice, and acks where it is off',
      [
        ...authenticated(0),
        `C: <enable xmlns='urn:xmpp:sm:3'/>`,
        `S: <failed xmlns='urn:xmpp:sm:3'><unexpected-request xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>`,
        ...BIND,
        ...ENABLE,
        `C: <enable xmlns='urn:xmpp:sm:3'/>`,
        `S: <failed xmlns='urn:xmpp:sm:3'><unexpected-request xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>`,
        `C: <a xmlns='urn:xmpp:sm:3' h='one'/>`,
        error('bad-format'),
        END,
        'X:',
      ],
      ['online gw_1', 'offline gw_1: malformed stream management'],
    ],
  ])('%s', async (_name, lines, facts) => {
    expect(await play(lines)).toEqual(facts);
  });
});

describe('golden dialogues: stream errors (RFC 6120 4.9.3)', () => {
  const early = (condition: string) => [`S: ${header(ids(0).first)}`, error(condition), END, 'X:'];
  const inside = (condition: string) => [error(condition), END, 'X:'];
  const other = (from: string, to: string) => OPEN.replace(from, to);
  it.each<[string, string[], string[]]>([
    ['unsupported-version: 0.9 has none', [other(" version='1.0'", ''), ...early('unsupported-version')], []],
    ['unsupported-version: 2.0', [other("version='1.0'", "version='2.0'"), ...early('unsupported-version')], []],
    [
      'invalid-namespace: the stream is in another namespace',
      [other('http://etherx.jabber.org/streams', 'urn:other'), ...early('invalid-namespace')],
      [],
    ],
    ['invalid-namespace: not a stream', ["C: <html xmlns='urn:x'>", ...early('invalid-namespace')], []],
    ['unsupported-encoding', ["C: <?xml version='1.0' encoding='UTF-16'?>", ...early('unsupported-encoding')], []],
    ['not-well-formed', ['C: GET / HTTP/1.1', ...early('not-well-formed')], []],
    ['not-well-formed inside', [OPEN, OFFER, 'C: <a></b>', ...inside('not-well-formed')], []],
    ['restricted-xml: a comment', [OPEN, OFFER, 'C: <!-- hello -->', ...inside('restricted-xml')], []],
    ['restricted-xml: an instruction', [OPEN, OFFER, 'C: <?php ?>', ...inside('restricted-xml')], []],
    ['bad-format: text between stanzas', [OPEN, OFFER, 'C: hello<a/>', ...inside('bad-format')], []],
    ['policy-violation: too deep', [OPEN, OFFER, `C: ${'<a>'.repeat(9)}`, ...inside('policy-violation')], []],
    ['policy-violation: too long', [OPEN, OFFER, `C: <a>${'x'.repeat(10_001)}`, ...inside('policy-violation')], []],
    [
      'policy-violation: what is said behind the response belongs to neither stream',
      [
        OPEN,
        OFFER,
        auth('n,,n=gw_1,r=abcdef'),
        'S: {challenge}',
        `C: {response}${HEADER}`,
        'S: {success}',
        `S: ${header(ids(0).signedIn)}`,
        ...inside('policy-violation'),
      ],
      [],
    ],
    [
      'not-authorized: a stanza before a resource is bound; another iq has to wait',
      [
        ...authenticated(0),
        `C: <iq type='get' id='1'><ping xmlns='urn:xmpp:ping'/></iq>`,
        `S: <iq type='error' id='1'><error type='cancel'><not-allowed xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/><text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>bind a resource first</text></error></iq>`,
        'C: <presence/>',
        ...inside('not-authorized'),
      ],
      [],
    ],
    [
      'unsupported-stanza-type: message',
      [...SIGN_IN, "C: <message to='gw_2@ras.example'/>", ...inside('unsupported-stanza-type')],
      ['online gw_1', 'offline gw_1: message'],
    ],
    [
      'unsupported-stanza-type: SASL again',
      [...SIGN_IN, auth('n,,n=gw_2,r=abcdef'), ...inside('unsupported-stanza-type')],
      ['online gw_1', 'offline gw_1: unknown element'],
    ],
    [
      'bad-format: an iq without an id',
      [...SIGN_IN, `C: <iq type='get'><ping xmlns='urn:xmpp:ping'/></iq>`, ...inside('bad-format')],
      ['online gw_1', 'offline gw_1: iq without a usable id'],
    ],
    [
      'internal-server-error: the account cannot be read',
      [OPEN, OFFER, auth('n,,n=gw_broken,r=abcdef'), ...inside('internal-server-error')],
      [],
    ],
    [
      'system-shutdown',
      [...SIGN_IN, 'Z:', ...inside('system-shutdown')],
      ['online gw_1', 'offline gw_1: stopped: system-shutdown'],
    ],
  ])('%s', async (_name, lines, facts) => {
    expect(await play(lines)).toEqual(facts);
  });
});

it('a session that is kept for less than a moment is gone with its gateway', async () => {
  const enable = ENABLE.map((line) => line.replace("max='60'", "max='2'"));
  const facts = await play([...SIGN_IN, ...enable, 'D:', 'W: 10'], 2_000);
  expect(facts).toEqual(['online gw_1', 'offline gw_1: connection closed']);
});
