import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import type { Primitives } from '@cardea/kit-crypto';
import { createVirtualClock, silentLog } from '@cardea/kit-runtime';
import { scramVerifier } from '@cardea/wire-xmpp';
import { describe, expect, it } from 'vitest';
import { createXmppDoor } from '../src/door.ts';

/*
 * Golden dialogues. C: the client says, S: the server must answer exactly this, W: seconds pass, X: the server closes.
 * Randomness counts up from 0, so that every nonce and id is known. In the exchange of SCRAM the client's part stands as
 * {auth} and {response}, computed by RFC 5802's own formulas from what the server said.
 */

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
const hmac = (key: Uint8Array, text: string | Uint8Array) => createHmac('sha256', key).update(text).digest();
const primitives = {
  sha256: (...parts: Uint8Array[]) => new Uint8Array(createHash('sha256').update(Buffer.concat(parts)).digest()),
  hmacSha256: (key: Uint8Array, ...parts: Uint8Array[]) => new Uint8Array(hmac(key, Buffer.concat(parts))),
} as Primitives;
const SALT = new Uint8Array(16).fill(9);
const SALTED = new Uint8Array(pbkdf2Sync('right', SALT, 4096, 32, 'sha256'));

const OPEN = `C: <stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='ras.example' version='1.0'>`;
const header = (id: string) =>
  `<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' from='ras.example' id='${id}' version='1.0'>`;
const FIRST = '202122232425262728292a2b2c2d2e2f';
const SECOND = '707172737475767778797a7b7c7d7e7f';
const OFFER = `S: ${header(FIRST)}<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>SCRAM-SHA-256</mechanism></mechanisms></stream:features>`;
const END = 'S: </stream:stream>';
const error = (condition: string) =>
  `S: <stream:error><${condition} xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>`;
const failure = (condition: string) => `S: <failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><${condition}/></failure>`;
const auth = (message: string, mechanism = 'SCRAM-SHA-256') =>
  `C: <auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='${mechanism}'>${Buffer.from(message).toString('base64')}</auth>`;
const SIGN_IN = [
  OPEN,
  OFFER,
  auth('n,,n=gw_1,r=abcdef'),
  `S: {challenge}`,
  `C: {response}`,
  `S: {success}`,
  OPEN,
  `S: ${header(SECOND)}<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/><sm xmlns='urn:xmpp:sm:3'/></stream:features>`,
  `C: <iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>mine</resource></bind></iq>`,
  `S: <iq type='result' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>gw_1@ras.example/bgw</jid></bind></iq>`,
];

async function play(lines: readonly string[]): Promise<string[]> {
  const clock = createVirtualClock(0, settle);
  let next = 0;
  let heard = '';
  let closed = false;
  const facts: string[] = [];
  const door = createXmppDoor({
    domain: 'ras.example',
    primitives,
    random: { octets: (size) => Uint8Array.from({ length: size }, () => next++ & 0xff) },
    clock,
    log: silentLog,
    core: {
      verifier: async (id) => (id === 'gw_1' ? scramVerifier(primitives, SALTED, SALT, 4096) : undefined),
      online: async (id) => void facts.push(`online ${id}`),
      offline: (id, reason) => void facts.push(`offline ${id}: ${reason}`),
      received: async (_id, report) => void facts.push(report.kind),
    },
  });
  const stream = door.accept({
    write: (octets) => {
      heard += new TextDecoder().decode(octets);
    },
    close: () => {
      closed = true;
    },
  });

  let final = '';
  let signed = '';
  for (const [at, line] of lines.entries()) {
    const where = `line ${at + 1}: ${line}`;
    const rest = line.slice(3);
    switch (line[0]) {
      case 'C':
        stream.received(new TextEncoder().encode(rest === '{response}' ? final : rest));
        await clock.advance(0);
        break;
      case 'W':
        await clock.advance(Number(rest) * 1000);
        break;
      case 'X':
        expect([heard, closed], where).toEqual(['', true]);
        break;
      case 'S':
        if (rest === '{challenge}') {
          const [whole, text = ''] =
            /^<challenge xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>([^<]+)<\/challenge>/.exec(heard) ?? [];
          expect(whole, where).toBeDefined();
          const serverFirst = Buffer.from(text, 'base64').toString();
          const [, nonce] =
            /^r=([^,]+),s=CQkJCQkJCQkJCQkJCQkJCQ==,i=4096,h=[A-Za-z0-9+/]{43}=$/.exec(serverFirst) ?? [];
          expect(nonce, where).toMatch(/^abcdef./);
          signed = `n=gw_1,r=abcdef,${serverFirst},c=biws,r=${nonce}`;
          const clientKey = hmac(SALTED, 'Client Key');
          const signature = hmac(createHash('sha256').update(clientKey).digest(), signed);
          const proof = Buffer.from(clientKey.map((octet, i) => octet ^ signature[i]!)).toString('base64');
          const message = Buffer.from(`c=biws,r=${nonce},p=${proof}`).toString('base64');
          final = `<response xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>${message}</response>`;
          heard = heard.slice(whole!.length);
        } else {
          const v = `v=${hmac(hmac(SALTED, 'Server Key'), signed).toString('base64')}`;
          const wanted = rest.replace(
            '{success}',
            `<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>${Buffer.from(v).toString('base64')}</success>`,
          );
          expect(heard.slice(0, wanted.length), where).toBe(wanted);
          heard = heard.slice(wanted.length);
        }
        break;
      default:
        throw new Error(`no such line: ${line}`);
    }
  }
  expect(heard, 'said at the end').toBe('');
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
      ['online gw_1', 'progress', 'offline gw_1: stream closed by the peer'],
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
    ['another domain', [OPEN.replace('ras.example', 'x'), `S: ${header(FIRST)}`, error('host-unknown'), END, 'X:'], []],
    ['nobody signs in', [OPEN, OFFER, 'W: 10', error('connection-timeout'), END, 'X:'], []],
    ['attack 31: a DOCTYPE', ['C: <!DOCTYPE x>', `S: ${header(FIRST)}`, error('restricted-xml'), END, 'X:'], []],
  ])('%s', async (_name, lines, facts) => {
    expect(await play(lines)).toEqual(facts);
  });
});
