import { nodePrimitives, seededRandom, settle } from '@cardea/kit-node';
import { createVirtualClock, Secret } from '@cardea/kit-runtime';
import { createXmppDoor, type XmppDoorOptions } from '@cardea/server-xmpp';
import { scramVerifier } from '@cardea/wire-xmpp';
import { must, octetsOf, type Target } from '../target.ts';

const GATEWAY = 'gw_1';
const PASSWORD = 'a password of sixteen';
const SALTED = new Uint8Array(32).fill(7);
const SALT = new Uint8Array(16).fill(9);
/** Between what is sent: the door has its turn. */
const TURN = '\u0001';
/** In place of a password that fuzzing would not guess. */
const PLAIN = '$PLAIN';

const HEADER =
  "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='hotel.example' version='1.0'>";
const SASL = "xmlns='urn:ietf:params:xml:ns:xmpp-sasl'";
const SM = "xmlns='urn:xmpp:sm:3'";
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const SIGN_IN = [HEADER, `<auth ${SASL} mechanism='PLAIN'>${PLAIN}</auth>`, HEADER].join(TURN);
const BIND =
  "<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>bgw</resource></bind></iq>";
const BOUND = [SIGN_IN, BIND].join(TURN);
const ROUTE = "xmlns='urn:cardea:route:1'";

/** The XMPP door: its machines, its sessions and its stream management, by octets, with one account whose password is known. */
export async function xmppDoorTarget(): Promise<Target> {
  const verifier = scramVerifier(nodePrimitives, SALTED, SALT, 10_000);
  const options: Omit<XmppDoorOptions, 'clock' | 'random' | 'core' | 'log'> = {
    domain: 'hotel.example',
    primitives: nodePrimitives,
    legacySasl: {
      plain: true,
      stretch: async (password) => new Secret(password.reveal() === PASSWORD ? SALTED : new Uint8Array(32)),
    },
  };
  const stanzas = [
    "<iq type='get' id='1'><ping xmlns='urn:xmpp:ping'/></iq>",
    `<iq type='set' id='2'><progress ${ROUTE} id='att_1' lock='C0FFEE00112A' stage='queued' queue='1'/></iq>`,
    "<iq type='result' id='r-1'/>",
    "<iq type='error' id='r-1'><error type='wait'><resource-constraint xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>",
    '<presence/>',
    `<enable ${SM} resume='true'/>`,
    `<enable ${SM} resume='true'/>${TURN}<r ${SM}/><a ${SM} h='1'/>`,
    `<enable ${SM}/>${TURN}<a ${SM} h='4294967295'/>`,
    '</stream:stream>',
  ];
  const scram = base64(`n,,n=${GATEWAY},r=rOprNGfwEbeRWgbNEkqO`);
  return {
    name: 'xmpp-door',
    covers: ['server/xmpp/src/', 'bind', 'management', 'sasl', 'session', 'stream', 'tls', 'stanzas', 'element'].map(
      (path) => (path.includes('/') ? path : `wire/xmpp/src/${path}`),
    ),
    seeds: [
      HEADER,
      [HEADER, `<auth ${SASL} mechanism='SCRAM-SHA-256'>${scram}</auth>`].join(TURN),
      [HEADER, `<auth ${SASL} mechanism='SCRAM-SHA-256'>${scram}</auth>`, `<response ${SASL}>Yz1iaXdz</response>`].join(
        TURN,
      ),
      [HEADER, `<auth ${SASL} mechanism='SCRAM-SHA-256'>${scram}</auth>`, `<abort ${SASL}/>`].join(TURN),
      [HEADER, `<auth ${SASL} mechanism='EXTERNAL'>=</auth>`].join(TURN),
      [
        HEADER,
        `<auth ${SASL} mechanism='SCRAM-SHA-256-PLUS'>${base64(`p=tls-exporter,,n=${GATEWAY},r=abc`)}</auth>`,
      ].join(TURN),
      [HEADER, "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"].join(TURN),
      [SIGN_IN, `<resume ${SM} h='0' previd='x'/>`].join(TURN),
      ...stanzas.map((stanza) => [BOUND, stanza].join(TURN)),
    ].map(octetsOf),
    maxOctets: 2048,
    async run(input) {
      let errors = 0;
      let online = 0;
      const clock = createVirtualClock(Date.UTC(2026, 0, 1), settle);
      const door = createXmppDoor({
        ...options,
        core: {
          verifier: async (id) => (id === GATEWAY ? verifier : undefined),
          online: async () => {
            online++;
          },
          received: async () => undefined,
          offline: () => undefined,
          lost: () => undefined,
        },
        log: { debug() {}, info() {}, warn() {}, error: () => void errors++ },
        clock,
        random: seededRandom('fuzz'),
      });
      const text = Buffer.from(input).toString('latin1');
      const known = base64(`\0${GATEWAY}\0${PASSWORD}`);
      const given = text.replaceAll(PLAIN, known);
      let closed = false;
      const stream = door.accept({
        write: () => must(!closed, 'nothing is written after the end'),
        close: () => {
          closed = true;
        },
        ...(text.includes('starttls') ? { tls: 'clear' as const, startTls: () => undefined } : {}),
      });
      for (const part of given.split(TURN).slice(0, 12)) {
        stream.received(new Uint8Array(Buffer.from(part, 'latin1')));
        await settle();
        await settle();
      }
      // A gateway that is online is asked for something, so that answers have a question.
      if (online > 0) door.uplink.send(GATEWAY, { kind: 'cancel', id: 'att_1' });
      await settle();
      stream.closed();
      door.close();
      must(errors === 0, 'no invariant broke');
      must(online === 0 || given.includes(known), 'nobody is online without the password');
    },
  };
}
