import {
  type Element,
  LIMITS_AFTER_AUTHENTICATION,
  LIMITS_BEFORE_AUTHENTICATION,
  parseJid,
  type StreamEvent,
  StreamReader,
  serialize,
  Utf8Decoder,
  XmppError,
} from '@cardea/wire-xmpp';
import { foreseen, must, octetsOf, type Target } from '../target.ts';

/** UTF-8 in two pieces beside the platform's decoder. */
export async function utf8Target(): Promise<Target> {
  return {
    name: 'utf8',
    covers: ['wire/xmpp/src/utf8.ts'],
    seeds: ['plain', 'Tür', '€', '😀', '\u0800\uffff'].map(octetsOf),
    maxOctets: 64,
    run(input) {
      const [first = 0] = input;
      const octets = input.subarray(1);
      const cut = first % (octets.length + 1);
      const ours = foreseen(XmppError, () => {
        const decoder = new Utf8Decoder();
        return decoder.write(octets.subarray(0, cut)) + decoder.write(octets.subarray(cut));
      });
      let theirs: string | undefined;
      try {
        theirs = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(octets, { stream: true });
      } catch {
        theirs = undefined;
      }
      must(ours === theirs, 'decodes just what the platform decodes');
    },
  };
}

/** Addresses. */
export async function jidTarget(): Promise<Target> {
  return {
    name: 'jid',
    covers: ['wire/xmpp/src/jid.ts'],
    seeds: ['gw_1@example.com/bgw', 'gw_1@example.com'].map(octetsOf),
    maxOctets: 600,
    run(input) {
      const text = Buffer.from(input).toString('latin1');
      const jid = foreseen(XmppError, () => parseJid(text));
      if (jid === undefined) return;
      const written = `${jid.local}@${jid.domain}${jid.resource === undefined ? '' : `/${jid.resource}`}`;
      must(written === text, 'an address comes back');
    },
  };
}

const HEADER =
  "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='example.com' version='1.0'>";
const BOUND = 'urn:ietf:params:xml:ns:xmpp-bind';
const STANZAS = [
  `<iq type='set' id='b'><bind xmlns='${BOUND}'><resource>bgw</resource></bind></iq>`,
  "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='SCRAM-SHA-256'>biwsbj1hLHI9YQ==</auth>",
  "<message xml:lang='de'><body>T&#252;r &lt;1&gt; &amp; <![CDATA[<2>]]></body></message>",
  "<presence/><a:b xmlns:a='urn:x' a:c='1' d=\"2\"/>",
  ' \n ',
];

function events(octets: Uint8Array, pieceOctets: number, before: boolean): readonly StreamEvent[] {
  const reader = new StreamReader(before ? LIMITS_BEFORE_AUTHENTICATION : LIMITS_AFTER_AUTHENTICATION);
  const told: StreamEvent[] = [];
  for (let at = 0; at < octets.length; at += pieceOctets) {
    reader.read(octets.subarray(at, at + pieceOctets), (event) => told.push(event));
  }
  return told;
}

/**
 * The same events from either; where the stream is broken, what shared a piece with the fault may be left unsaid. Many
 * small pieces are refused where few large ones are not.
 */
function oneSaysTheOther(whole: readonly StreamEvent[], pieces: readonly StreamEvent[]): boolean {
  const [wholeFault, piecesFault] = [whole, pieces].map((told) => told.find((one) => one.kind === 'fault'));
  if (wholeFault !== undefined && piecesFault === undefined) return false;
  if (wholeFault === undefined && piecesFault !== undefined && piecesFault.condition !== 'policy-violation')
    return false;
  const [a = [], b = []] = [whole, pieces].map((told) =>
    told.filter(({ kind }) => kind !== 'fault').map((one) => JSON.stringify(one)),
  );
  const same = a.slice(0, b.length).join() === b.slice(0, a.length).join();
  return same && (piecesFault !== undefined || a.length === b.length);
}

function again(stanza: Element): Element | undefined {
  const text = foreseen(XmppError, () => serialize(stanza));
  if (text === undefined) return undefined;
  const [, event] = events(octetsOf(HEADER + text), 4096, false);
  return event?.kind === 'stanza' ? event.stanza : undefined;
}

/** A whole stream, cut into pieces by its first octet: the reader and its parser. */
export async function xmlStreamTarget(): Promise<Target> {
  return {
    name: 'xml-stream',
    covers: ['wire/xmpp/src/parser.ts', 'wire/xmpp/src/stream-reader.ts', 'wire/xmpp/src/utf8.ts'],
    seeds: [
      ...STANZAS.map((stanza) => octetsOf(`~${HEADER}${stanza}</stream:stream>`)),
      octetsOf(`~${HEADER}${STANZAS.join('')}`),
      octetsOf(`~<?xml version='1.0' encoding='utf-8'?><!-- c --><!DOCTYPE x [<!ENTITY a 'b'>]><?p i?><a>&a;</a>`),
    ],
    maxOctets: 4096,
    run(input) {
      const [first = 0] = input;
      const octets = input.subarray(1);
      for (const before of [true, false]) {
        const whole = events(octets, Math.max(1, octets.length), before);
        const pieces = events(octets, 1 + (first & 63), before);
        must(oneSaysTheOther(whole, pieces), 'a stream says the same in whatever pieces it comes');
        must(
          whole.slice(0, -1).every(({ kind }) => kind !== 'fault'),
          'nothing comes after a fault',
        );
        if (before) continue;
        for (const event of whole) {
          if (event.kind !== 'stanza') continue;
          const copy = again(event.stanza);
          if (copy !== undefined) must(JSON.stringify(copy) === JSON.stringify(event.stanza), 'a stanza comes back');
        }
      }
    },
  };
}
