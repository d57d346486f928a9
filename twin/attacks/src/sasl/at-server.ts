import type { Connection, Received } from '@cardea/server-xmpp';
import { encodeUtf8 } from '@cardea/wire-xmpp';
import type { Trial } from '../attack.ts';
import {
  ATTACKER,
  base64,
  DOMAIN,
  HEADER,
  type ServerRig,
  sasl,
  serverRig,
  stretch,
  tlsBoundBy,
  VICTIM,
} from './rig.ts';

/** Attacks on the server by whoever is its client. */
export async function attackServers(seed: number, weak: boolean): Promise<readonly Trial[]> {
  return [await plainInTheClear(seed, weak), await injection(seed, weak), await forgedFrom(seed, weak)];
}

const LEGACY = {
  plain: true,
  stretch: async () => {
    throw new Error('not reached: the attacker needs the answer before this');
  },
} as const;

/** A conversation with a server, in text. */
function talk(rig: ServerRig, accept: ServerRig['accept'], tls: Connection['tls']) {
  let heard = '';
  let upgrade = false;
  const received: Received = accept({
    ...(tls === undefined ? {} : { tls }),
    write: (octets) => {
      heard += new TextDecoder().decode(octets);
    },
    startTls: () => {
      upgrade = true;
    },
    close() {},
  });
  return {
    received,
    get upgraded() {
      return upgrade;
    },
    async say(text: string): Promise<string> {
      heard = '';
      received.received(encodeUtf8(text));
      await rig.clock.advance(1);
      return heard;
    },
  };
}

/** A client that knows no better says its password before TLS; whoever listens has it once the server takes it. */
async function plainInTheClear(seed: number, weak: boolean): Promise<Trial> {
  const rig = serverRig(seed, { legacySasl: LEGACY });
  // The double takes a connection in the clear for one that is safe.
  const { say } = talk(rig, rig.accept, weak ? undefined : 'clear');
  const features = await say(HEADER);
  const answer = await say(sasl('auth', base64(`\0${VICTIM.id}\0${VICTIM.password}`), " mechanism='PLAIN'"));
  const isRefused = /<failure|<stream:error/.test(answer);
  const through = features.includes('PLAIN') || !isRefused;
  return { name: 'PLAIN before TLS is offered or taken', through };
}

/**
 * What an attacker puts behind the client's <starttls/> must not be read as if it had come through TLS (the flaw of
 * STARTTLS in many servers, CVE-2011-0411 the first).
 */
async function injection(seed: number, weak: boolean): Promise<Trial> {
  const rig = serverRig(seed);
  const client = talk(rig, weak ? bufferKeeping(rig.accept) : rig.accept, 'clear');
  await client.say(HEADER);
  const injected = `${HEADER}${sasl('auth', base64(`n,,n=${ATTACKER.id},r=abcdef`), " mechanism='SCRAM-SHA-256'")}`;
  await client.say(`<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>${injected}`);
  if (!client.upgraded)
    return { name: 'octets behind <starttls/> are read as if they came through TLS', through: false };
  client.received.secured(tlsBoundBy('the connection'));
  const answer = await client.say('');
  return {
    name: 'octets behind <starttls/> are read as if they came through TLS',
    through: /<challenge|<stream:features/.test(answer),
  };
}

/** The double: what had come in the clear stays in the buffer, and is read after the handshake. */
function bufferKeeping(accept: ServerRig['accept']): ServerRig['accept'] {
  return (connection) => {
    const inner = accept(connection);
    let kept = '';
    return {
      ...inner,
      received(octets) {
        const text = new TextDecoder().decode(octets);
        const end = text.indexOf("xmpp-tls'/>");
        if (kept !== '') inner.received(encodeUtf8(kept));
        kept = end < 0 ? '' : text.slice(end + 11);
        inner.received(encodeUtf8(end < 0 ? text : text.slice(0, end + 11)));
      },
    };
  };
}

/** Signed in with its own account, the attacker reports in the victim's name. */
async function forgedFrom(seed: number, weak: boolean): Promise<Trial> {
  const forgeries = [
    `${VICTIM.id}@${DOMAIN}/bgw`,
    `${VICTIM.id}@${DOMAIN}`,
    DOMAIN,
    `${ATTACKER.id}@${DOMAIN}/other`,
    `${ATTACKER.id}@elsewhere.example/bgw`,
    '',
  ];
  let through = false;
  for (const forged of forgeries) {
    const rig = serverRig(seed);
    const believed: string[] = [];
    const accept = weak ? goingByFrom(rig.accept, believed) : rig.accept;
    const { say } = talk(rig, accept, undefined);
    await signIn(say);
    const report = `<progress xmlns='urn:cardea:route:1' id='att_1' lock='A1B2C3D4E5F6' stage='written'/>`;
    const answer = await say(`<iq type='set' id='1' from='${forged}'>${report}</iq>`);
    await rig.clock.advance(10);
    const victims = rig.reports.some(({ from }) => from !== ATTACKER.id) || believed.includes(VICTIM.id);
    through ||= victims || answer.includes("type='result'");
  }
  return { name: 'a forged from: a report in the name of another', through, tried: forgeries.length };
}

async function signIn(say: (text: string) => Promise<string>): Promise<void> {
  const { createHash, createHmac } = await import('node:crypto');
  const hmac = (key: Uint8Array, text: string) => createHmac('sha256', key).update(text).digest();
  await say(HEADER);
  const bare = `n=${ATTACKER.id},r=abcdef`;
  const challenge = await say(sasl('auth', base64(`n,,${bare}`), " mechanism='SCRAM-SHA-256'"));
  const first = Buffer.from(/<challenge[^>]*>([^<]*)</.exec(challenge)?.[1] ?? '', 'base64').toString();
  const [, r = '', s = '', i = '0'] = /^r=([^,]+),s=([^,]+),i=([0-9]+)/.exec(first) ?? [];
  const clientKey = hmac(stretch(ATTACKER.password, Buffer.from(s, 'base64'), Number(i)), 'Client Key');
  const signature = hmac(createHash('sha256').update(clientKey).digest(), `${bare},${first},c=biws,r=${r}`);
  const proof = Buffer.from(clientKey.map((octet, at) => octet ^ (signature[at] ?? 0))).toString('base64');
  await say(sasl('response', base64(`c=biws,r=${r},p=${proof}`)));
  await say(HEADER);
  const bound = await say(`<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>`);
  if (!bound.includes(`${ATTACKER.id}@${DOMAIN}/bgw`)) throw new Error('the attacker cannot sign in as itself');
}

/** The double: goes by what stands in `from`, as servers did that trusted their clients. */
function goingByFrom(accept: ServerRig['accept'], believed: string[]): ServerRig['accept'] {
  return (connection) => {
    const inner = accept(connection);
    return {
      ...inner,
      received(octets) {
        const text = new TextDecoder().decode(octets);
        const [, from] = /<iq type='set' id='1' from='([^@']*)/.exec(text) ?? [];
        if (from !== undefined) believed.push(from);
        inner.received(encodeUtf8(text.replace(/(<iq type='set' id='1') from='[^']*'/, '$1')));
      },
    };
  };
}
