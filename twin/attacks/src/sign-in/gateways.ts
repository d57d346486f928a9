import type { Connection, Received } from '@cardea/server-xmpp';
import { encodeUtf8 } from '@cardea/wire-xmpp';
import type { Trial } from '../attack.ts';
import { base64, HEADER, type ServerRig, sasl, serverRig, VICTIM } from '../sasl/rig.ts';

/** As long as the victim's. */
const NOBODY = 'gw_nobodyy';

/** Which gateways there are: a name without an account gets a challenge of the same form, the same each time. */
export async function gatewayNames(seed: number, weak: boolean): Promise<Trial> {
  const rig = serverRig(seed);
  const accept = weak ? refusingStrangers(rig.accept) : rig.accept;
  const known = await asked(rig, accept, VICTIM.id);
  const unknown = await asked(rig, accept, NOBODY);
  const again = await asked(rig, accept, NOBODY);
  const why = [
    ...(known.shape === unknown.shape ? [] : ['the challenge tells']),
    ...(known.end === unknown.end ? [] : ['the refusal tells']),
    ...(unknown.salt === again.salt ? [] : ['a new salt each time tells']),
    ...(known.salt === unknown.salt || known.salt === '' ? ['nothing is shown: there was no salt'] : []),
  ];
  return { name: ["names at the gateways' sign-in", ...why].join(': '), through: why.length > 0, tried: 3 };
}

/** A whole sign-in with a wrong proof: the form of the challenge, its salt, and how it ended. */
async function asked(rig: ServerRig, accept: (connection: Connection) => Received, user: string) {
  let heard = '';
  const received = accept({
    write: (octets) => {
      heard += new TextDecoder().decode(octets);
    },
    startTls() {},
    close() {},
  });
  const say = async (text: string): Promise<string> => {
    heard = '';
    received.received(encodeUtf8(text));
    await rig.clock.advance(1);
    return heard;
  };
  await say(HEADER);
  const challenge = await say(sasl('auth', base64(`n,,n=${user},r=abcdef`), " mechanism='SCRAM-SHA-256'"));
  const first = Buffer.from(/<challenge[^>]*>([^<]*)</.exec(challenge)?.[1] ?? '', 'base64').toString();
  const [, r = '', salt = '', iterations = ''] = /^r=([^,]+),s=([^,]+),i=([0-9]+)/.exec(first) ?? [];
  const proof = Buffer.alloc(32, 1).toString('base64');
  const end = await say(sasl('response', base64(`c=biws,r=${r},p=${proof}`)));
  received.closed();
  return { shape: `${challenge.length} ${r.length} ${salt.length} ${iterations}`, salt, end };
}

/** The double: says at once that there is no such account, as many servers do. */
function refusingStrangers(accept: ServerRig['accept']): ServerRig['accept'] {
  return (connection) => {
    const inner = accept(connection);
    return {
      ...inner,
      received(octets) {
        const text = new TextDecoder().decode(octets);
        const initial = /<auth[^>]*>([^<]*)</.exec(text)?.[1];
        const name = /n=([^,]+),/.exec(Buffer.from(initial ?? '', 'base64').toString())?.[1];
        if (initial === undefined || name === VICTIM.id) inner.received(octets);
        else
          connection.write(encodeUtf8(`<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><not-authorized/></failure>`));
      },
    };
  };
}
