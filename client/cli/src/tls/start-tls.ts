import type { Socket } from 'node:net';

/** What an XMPP server offers before TLS (RFC 6120, 5). */
export interface ClearOffer {
  /** Whether STARTTLS is offered, and nothing goes without it. */
  readonly startTls: 'required' | 'offered' | 'absent';
  /** SASL mechanisms that it would take in the clear: there should be none. */
  readonly mechanisms: readonly string[];
}

const MOST_OCTETS = 64 * 1024;
const WITHIN_MS = 5_000;

/** Opens a stream in the clear and asks for TLS; afterwards the socket expects a handshake. Rejects when it is refused. */
export async function startTls(socket: Socket, domain: string): Promise<ClearOffer> {
  const offer = await clearOffer(socket, domain);
  if (offer.startTls === 'absent') throw new Error('STARTTLS is not offered');
  socket.write("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
  const answer = await readUntil(socket, /<(proceed|failure)\b[^>]*>/);
  if (!answer.includes('<proceed')) throw new Error('STARTTLS was refused');
  return offer;
}

/** Opens a stream in the clear, and reads what is offered. */
export async function clearOffer(socket: Socket, domain: string): Promise<ClearOffer> {
  socket.write(
    `<?xml version='1.0'?><stream:stream to='${attribute(domain)}' version='1.0' xml:lang='en' ` +
      `xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>`,
  );
  return readOffer(await readUntil(socket, /<\/stream:features>|<stream:error/));
}

/** The offer in a features element. It is only looked at, so it is not parsed as a whole. */
export function readOffer(text: string): ClearOffer {
  const startTls = /<starttls\b[^>]*?(\/>|>([\s\S]*?)<\/starttls>)/.exec(text);
  return {
    startTls: startTls === null ? 'absent' : startTls[2]?.includes('<required') === true ? 'required' : 'offered',
    mechanisms: [...text.matchAll(/<mechanism\b[^>]*>([A-Z0-9_-]{1,20})<\/mechanism>/g)].map((match) => match[1] ?? ''),
  };
}

function readUntil(socket: Socket, end: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const timer = setTimeout(() => finish(new Error(`no answer within ${WITHIN_MS / 1000} s`)), WITHIN_MS);
    const finish = (error?: Error): void => {
      clearTimeout(timer);
      socket.removeListener('data', hear);
      socket.removeListener('close', gone);
      if (error === undefined) resolve(text);
      else reject(error);
    };
    const hear = (octets: Buffer): void => {
      text += octets.toString('latin1');
      if (end.test(text)) finish();
      else if (text.length > MOST_OCTETS) finish(new Error('its answer is too long'));
    };
    const gone = (): void => finish(new Error('closed by the other side'));
    socket.on('data', hear);
    socket.once('close', gone);
  });
}

const attribute = (text: string): string => text.replace(/[<>&'"]/g, (one) => `&#${one.charCodeAt(0)};`);
