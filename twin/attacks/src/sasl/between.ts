import type { Connect } from '@cardea/gateway';
import type { Received, TlsConnection } from '@cardea/server-xmpp';
import { encodeUtf8 } from '@cardea/wire-xmpp';
import type { Trial } from '../attack.ts';
import { clientRig, type ServerRig, serverRig, tlsBoundBy } from './rig.ts';

/** Attacks by whoever sits between the product's gateway and the product's server, in two TLS connections of its own. */
export async function attackBetween(seed: number, weak: boolean): Promise<readonly Trial[]> {
  return [
    await relayed(seed, weak),
    await plusStripped(seed, weak, false),
    await plusStripped(seed, weak, true),
    await bindingTypesStripped(seed, weak),
  ];
}

interface Middle {
  readonly clientTls: TlsConnection | undefined;
  readonly serverTls: TlsConnection | undefined;
  /** What it makes of the server's words. */
  rewrite(text: string): string;
}

/** Runs a gateway's sign-in through the middle; whether both ends believe that it succeeded. */
async function signInThrough(
  seed: number,
  rig: ServerRig,
  middle: Middle,
  requireBinding: boolean,
): Promise<{ readonly online: boolean; readonly said: string }> {
  let said = '';
  const connect: Connect = (events) => {
    const atServer: Received = rig.accept({
      ...(middle.serverTls === undefined ? {} : { tls: middle.serverTls }),
      write: (octets) => {
        const text = middle.rewrite(new TextDecoder().decode(octets));
        rig.clock.after(1, () => events.received(encodeUtf8(text)));
      },
      close: () => {
        rig.clock.after(2, () => events.closed('closed'));
      },
    });
    rig.clock.after(1, () => events.connected(middle.clientTls));
    return {
      write: (octets) => {
        said += new TextDecoder().decode(octets);
        rig.clock.after(1, () => atServer.received(octets));
      },
      close() {},
    };
  };
  const client = clientRig(seed, connect, rig.clock, requireBinding);
  client.start();
  await rig.clock.advance(200);
  const online = client.online && rig.online.length > 0;
  void client.stop();
  return { online, said };
}

/** The exchange is carried over as it is from one TLS connection to the other: then its middle is signed in. */
async function relayed(seed: number, weak: boolean): Promise<Trial> {
  // The double binds the server's name in place of the connection.
  const binding = (connection: string) => tlsBoundBy(weak ? 'ras.example' : connection);
  const middle = { clientTls: binding('gateway to middle'), serverTls: binding('middle to server'), rewrite: same };
  const { online } = await signInThrough(seed, serverRig(seed), middle, false);
  const honest = { ...middle, serverTls: middle.clientTls };
  if (!(await signInThrough(seed, serverRig(seed), honest, false)).online) {
    throw new Error('the gateway cannot sign in where nobody attacks: then the trials show nothing');
  }
  return { name: 'wrong channel binding: an exchange that was relayed from another TLS connection', through: online };
}

/** SCRAM-SHA-256-PLUS is taken out of the offer, at the first meeting or after the gateway has bound a channel before. */
async function plusStripped(seed: number, weak: boolean, isKnown: boolean): Promise<Trial> {
  const rewrite = (text: string): string => text.replace('<mechanism>SCRAM-SHA-256-PLUS</mechanism>', '');
  const offered = "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>";
  const middle: Middle = {
    clientTls: tlsBoundBy('gateway to middle'),
    // The double has forgotten what it offered: -PLUS stands in its features, and `y` is no surprise to it.
    serverTls: weak ? undefined : tlsBoundBy('middle to server'),
    rewrite: weak
      ? (text) => rewrite(text.replace(offered, `${offered}<mechanism>SCRAM-SHA-256-PLUS</mechanism>`))
      : rewrite,
  };
  // A weak gateway keeps no memory of what the server could.
  const { online, said } = await signInThrough(seed, serverRig(seed), middle, isKnown && !weak);
  const when = isKnown ? 'of a server that bound a channel before' : 'at the first meeting';
  return {
    name: `SCRAM-SHA-256-PLUS stripped ${when}: signed in without channel binding`,
    through: isKnown ? online || said.includes("mechanism='SCRAM-SHA-256'") : online,
  };
}

/** XEP-0474: kinds of binding are taken out, so that only the server's certificate is bound, which the middle has stolen. */
async function bindingTypesStripped(seed: number, weak: boolean): Promise<Trial> {
  const stolen = (connection: string, isWeak: boolean): TlsConnection => ({
    // The double can bind nothing but its certificate, so that its offer needs no change.
    channel: { bindings: [...(isWeak ? [] : BEST), 'tls-server-end-point'], certificate: undefined },
    bind: (type) => encodeUtf8(type === 'tls-exporter' ? connection : 'the certificate'),
  });
  const middle: Middle = {
    clientTls: stolen('gateway to middle', false),
    serverTls: stolen('middle to server', weak),
    rewrite: (text) => text.replace("<channel-binding type='tls-exporter'/>", ''),
  };
  const { online } = await signInThrough(seed, serverRig(seed), middle, false);
  return { name: 'tls-exporter stripped by whoever has the certificate: the weaker binding is taken', through: online };
}

const BEST = ['tls-exporter'] as const;

function same(text: string): string {
  return text;
}
