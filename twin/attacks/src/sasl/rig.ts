import { pbkdf2Sync } from 'node:crypto';
import { type Connect, createUplink, type Transport, type TransportEvents } from '@cardea/gateway';
import { nodePrimitives, seededRandom, settle } from '@cardea/kit-node';
import { createVirtualClock, Secret, silentLog, type VirtualClock } from '@cardea/kit-runtime';
import { type Connection, createXmppDoor, type Received, type XmppDoorOptions } from '@cardea/server-xmpp';
import type { FromGateway } from '@cardea/wire-route';
import { type ChannelBindingType, encodeUtf8, scramVerifier } from '@cardea/wire-xmpp';

/** The estate of these attacks: one account that the attacker wants, and one that is the attacker's own. */
export const DOMAIN = 'ras.example';
export const VICTIM = { id: 'gw_victim', password: 'the password of the victim' } as const;
export const ATTACKER = { id: 'gw_attacker', password: 'the password of the attacker' } as const;
const SALT = new Uint8Array(16).fill(7);
const ITERATIONS = 4096;

/** RFC 5802's Hi, SHA-256. */
export function stretch(password: string, salt: Uint8Array, iterations: number): Uint8Array {
  return new Uint8Array(pbkdf2Sync(password, salt, iterations, 32, 'sha256'));
}

/** The product's door over a record of two accounts; `reports` is what it believed, and of whom. */
export interface ServerRig {
  readonly clock: VirtualClock;
  readonly reports: { readonly from: string; readonly report: FromGateway }[];
  readonly online: string[];
  accept(connection: Connection): Received;
}

export function serverRig(seed: number, options: Partial<XmppDoorOptions> = {}): ServerRig {
  const clock = createVirtualClock(1_750_000_000_000, settle);
  const reports: { from: string; report: FromGateway }[] = [];
  const online: string[] = [];
  const passwords = new Map<string, string>([VICTIM, ATTACKER].map(({ id, password }) => [id, password]));
  const door = createXmppDoor({
    domain: DOMAIN,
    primitives: nodePrimitives,
    random: seededRandom(`attack 32 server ${seed}`),
    clock,
    log: silentLog,
    ...options,
    core: {
      verifier: async (id) => {
        const password = passwords.get(id);
        if (password === undefined) return undefined;
        return scramVerifier(nodePrimitives, stretch(password, SALT, ITERATIONS), SALT, ITERATIONS);
      },
      online: async (id) => void online.push(id),
      lost: () => {},
      offline: () => {},
      received: async (from, report) => void reports.push({ from, report }),
    },
  });
  return { clock, reports, online, accept: door.accept };
}

/** The product's gateway as the victim; `derived` are the iterations that a server had it count. */
export interface ClientRig {
  readonly clock: VirtualClock;
  readonly derived: number[];
  online: boolean;
  start(): void;
  stop(): Promise<void>;
}

export function clientRig(seed: number, connect: Connect, clock: VirtualClock, requireBinding = false): ClientRig {
  const derived: number[] = [];
  const uplink = createUplink({
    connect,
    jid: `${VICTIM.id}@${DOMAIN}`,
    password: new Secret(VICTIM.password),
    primitives: nodePrimitives,
    deriveKey: async (password, salt, iterations) => {
      derived.push(iterations);
      // The count is what is attacked; nobody has to wait for it here.
      return new Secret(stretch(password.reveal(), salt, Math.min(iterations, ITERATIONS)));
    },
    random: seededRandom(`attack 32 client ${seed}`),
    clock,
    log: silentLog,
    requireBinding,
    onMessage() {},
    onOnline() {
      rig.online = true;
    },
  });
  const rig: ClientRig = { clock, derived, online: false, start: uplink.start, stop: uplink.stop };
  return rig;
}

/** A TLS connection that is bound by `octets`; both of its ends know the same ones, those of another connection do not. */
export function tlsBoundBy(octets: string, ...types: readonly ChannelBindingType[]) {
  return {
    channel: { bindings: types.length === 0 ? (['tls-exporter'] as const) : types, certificate: undefined },
    bind: () => encodeUtf8(octets),
  };
}

/** What a client writes, and a way to answer: the place of a server that is the attacker's. */
export interface EvilServer {
  readonly connect: Connect;
  /** Everything that the client has written on its newest connection. */
  heard: string;
  say(text: string): void;
  /** The newest connection breaks. */
  cut(): void;
  readonly connections: number;
}

/** Every connection ends at the attacker, in a TLS connection that the client trusts or in the clear. */
export function evilServer(clock: VirtualClock, tls: 'clear' | ReturnType<typeof tlsBoundBy> | undefined): EvilServer {
  let events: TransportEvents | undefined;
  let connections = 0;
  const evil = {
    heard: '',
    get connections() {
      return connections;
    },
    say(text: string) {
      events?.received(encodeUtf8(text));
    },
    cut() {
      events?.closed('cut');
    },
    connect(to: TransportEvents): Transport {
      events = to;
      connections++;
      evil.heard = '';
      clock.after(1, () => to.connected(tls));
      return {
        write: (octets) => {
          evil.heard += new TextDecoder().decode(octets);
        },
        startTls() {},
        close() {},
      };
    },
  };
  return evil;
}

/** A server's opening with these features inside. */
export function opening(features: string): string {
  return `<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' from='${DOMAIN}' id='x' version='1.0'><stream:features>${features}</stream:features>`;
}

/** The feature of SASL with these mechanisms. */
export function mechanisms(...names: readonly string[]): string {
  const each = names.map((name) => `<mechanism>${name}</mechanism>`).join('');
  return `<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>${each}</mechanisms>`;
}

/** A client's header. */
export const HEADER = `<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='${DOMAIN}' version='1.0'>`;

export function base64(text: string): string {
  return Buffer.from(text, 'latin1').toString('base64');
}

/** An element of SASL. */
export function sasl(name: string, content: string, attributes = ''): string {
  return `<${name} xmlns='urn:ietf:params:xml:ns:xmpp-sasl'${attributes}>${content}</${name}>`;
}
