import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { Connect } from '@cardea/gateway';
import { encodeUtf8 } from '@cardea/wire-xmpp';
import { base64, DOMAIN, HEADER, sasl, stretch, VICTIM } from './rig.ts';

/** The points in which a client of the weak doubles trusts its server; each is one mistake of a client that was published. */
export interface Trust {
  /** Takes PLAIN when nothing else is offered. */
  readonly takesPlain?: boolean;
  /** Signs in without TLS when STARTTLS is not offered. */
  readonly goesOnInTheClear?: boolean;
  /** Counts as many iterations as it is told. */
  readonly countsOn?: boolean;
  /** Does not look at the server's signature. */
  readonly ignoresProof?: boolean;
}

/** A client as many were: right in all points but those of `trust`. `derived` are the iterations that it counted. */
export function trustingClient(connect: Connect, trust: Trust) {
  const derived: number[] = [];
  const nonce = randomBytes(18).toString('base64');
  const bare = `n=${VICTIM.id},r=${nonce}`;
  let inTls = false;
  let wanted = '';
  let transport: ReturnType<Connect> | undefined;
  const write = (text: string): void => transport?.write(encodeUtf8(text));

  const featuresCame = (text: string): void => {
    const offers = (mechanism: string): boolean => text.includes(`<mechanism>${mechanism}</mechanism>`);
    if (!inTls && text.includes('<starttls')) {
      write("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
    } else if (!inTls && trust.goesOnInTheClear !== true) {
      transport?.close();
    } else if (offers('SCRAM-SHA-256')) {
      write(sasl('auth', base64(`n,,${bare}`), " mechanism='SCRAM-SHA-256'"));
    } else if (trust.takesPlain === true && offers('PLAIN')) {
      write(sasl('auth', base64(`\0${VICTIM.id}\0${VICTIM.password}`), " mechanism='PLAIN'"));
    }
  };

  const challengeCame = (first: string): void => {
    const [, r = '', s = '', i = '0'] = /^r=([^,]+),s=([^,]+),i=([0-9]+)/.exec(first) ?? [];
    const iterations = Number(i);
    if (iterations > 100_000 && trust.countsOn !== true) return;
    derived.push(iterations);
    const salted = stretch(VICTIM.password, Buffer.from(s, 'base64'), Math.min(iterations, 4096));
    const hmac = (key: Uint8Array, text: string) => createHmac('sha256', key).update(text).digest();
    const clientKey = hmac(salted, 'Client Key');
    const signed = `${bare},${first},c=biws,r=${r}`;
    const signature = hmac(createHash('sha256').update(clientKey).digest(), signed);
    const proof = clientKey.map((octet, at) => octet ^ (signature[at] ?? 0));
    wanted = `v=${hmac(hmac(salted, 'Server Key'), signed).toString('base64')}`;
    write(sasl('response', base64(`c=biws,r=${r},p=${Buffer.from(proof).toString('base64')}`)));
  };

  transport = connect({
    connected(tls) {
      inTls = tls !== 'clear';
      write(HEADER);
    },
    received(octets) {
      const text = new TextDecoder().decode(octets);
      const [, challenge] = /<challenge[^>]*>([^<]*)</.exec(text) ?? [];
      const [, success] = /<success[^>]*>([^<]*)</.exec(text) ?? [];
      if (text.includes('<stream:features>')) featuresCame(text);
      if (challenge !== undefined) challengeCame(Buffer.from(challenge, 'base64').toString());
      if (success === undefined) return;
      const proved = Buffer.from(success, 'base64').toString() === wanted;
      if (proved || trust.ignoresProof === true) write(`${HEADER}<!-- signed in at ${DOMAIN} -->`);
    },
    closed() {},
  });
  return { derived };
}
