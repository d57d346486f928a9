import { nodePrimitives, seededDh } from '@cardea/kit-node';
import { toHex } from '@cardea/kit-octets';
import type { CentralLink, Radio } from '@cardea/kit-radio';
import { type Clock, type Random, Secret } from '@cardea/kit-runtime';
import type { VirtualLockIdentity } from '@cardea/lock';
import { CHANNEL, cardeaDriver, LINK_CHARACTERISTIC, LOCK_SERVICE } from '@cardea/wire-lock';
import type { LinkCodec } from '@cardea/wire-profile';
import {
  type ActorEffect,
  createDomain,
  decodeHop,
  domainAddress,
  encodeHop,
  type HopMessage,
  isJoined,
  KEY_INDEX,
  type KsnInput,
  type KsnState,
  openKsn,
  type RunningNode,
  runNode,
  serialKeyOf,
  stepKsn,
} from '@cardea/wire-scpm';

/** What a key setting node at a radio is made of. */
export interface RadioKsnParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly radio: Radio;
  /** Whose lock it speaks with: the only one on this air, or the only one of whom it takes advertisements. */
  readonly lock: VirtualLockIdentity;
}

/** A key setting node with a radio, which keeps a link to one lock as long as it is on, and no server behind it. */
export class RadioKsn {
  /** What the lock said inside SCPM, and outside. */
  readonly inside: HopMessage[] = [];
  readonly outside: HopMessage[] = [];
  /** Tokens of messages that arrived, and of those that were given up. */
  readonly arrived: number[] = [];
  readonly givenUp: number[] = [];
  /** Frames that were written to the lock, as somebody on the air has them. */
  readonly written: Uint8Array[] = [];
  onInside: (message: HopMessage) => void = () => {};
  readonly device: Uint8Array;
  readonly #parts: RadioKsnParts;
  readonly #serialKey: Uint8Array;
  readonly #records = new Map<string, Uint8Array>();
  #node: RunningNode<KsnState, KsnInput>;
  #link: { readonly central: CentralLink; readonly codec: LinkCodec } | undefined;
  #connecting = false;
  #on = false;
  #writes: Promise<void> = Promise.resolve();
  #tokens = 0;
  #stopScan: () => void = () => {};

  constructor(parts: RadioKsnParts) {
    this.#parts = parts;
    const { random, lock } = parts;
    this.#serialKey = serialKeyOf(nodePrimitives, lock.factoryKey.reveal());
    this.device = domainAddress(nodePrimitives, this.#serialKey);
    this.#node = this.#run(
      createDomain({
        settings: { profile: 'hardened', addressSize: 6, ivLayout: 'repeat' },
        address: domainAddress(nodePrimitives, random.octets(16)),
        preferred: 1,
        group: 2,
        userKey: new Secret(random.octets(16)),
      }),
    );
  }

  get state(): KsnState {
    return this.#node.state;
  }

  get joined(): boolean {
    return isJoined(this.state, this.device);
  }

  get isConnected(): boolean {
    return this.#link !== undefined;
  }

  tell(input: KsnInput): void {
    this.#node.input(input);
  }

  join(): void {
    this.tell({ kind: 'join', device: this.device, serialKey: new Secret(this.#serialKey) });
  }

  /** Connects whenever the lock is heard and there is no link. */
  on(): void {
    this.#on = true;
    this.#stopScan = this.#parts.radio.scan([LOCK_SERVICE], ({ address, connectable }) => {
      if (connectable && this.#link === undefined && !this.#connecting) void this.#connect(address);
    });
  }

  /** Hangs up, and stays silent. */
  off(): void {
    this.#on = false;
    this.#stopScan();
    this.#link?.central.disconnect();
  }

  /** A message to the lock inside SCPM; answers its token. */
  say(message: HopMessage, keyIndex: number = KEY_INDEX.user): number {
    const token = this.#tokens++;
    const octets = encodeHop(message);
    this.tell({ kind: 'send', to: this.device, keyIndex, octets, token, expiresAtMs: undefined });
    return token;
  }

  /** A message to the lock as it is. */
  sayOutside({ channel, octets }: HopMessage): void {
    this.#write(channel, octets);
  }

  /** The power of the KSN goes and comes: it goes on from its records. */
  restart(): void {
    this.#node.stop();
    const domain = this.#records.get('domain');
    if (domain === undefined) throw new Error('the KSN has no record of its domain');
    const devices = [...this.#records].filter(([name]) => name !== 'domain').map(([, octets]) => octets);
    this.#node = this.#run(openKsn(domain, devices));
    this.tell({ kind: 'powered-on' });
  }

  #run(state: KsnState): RunningNode<KsnState, KsnInput> {
    const { clock, random } = this.#parts;
    return runNode({
      ...{ state, step: stepKsn, primitives: nodePrimitives, clock, random, dh: seededDh(random) },
      persist: async (name, octets) => {
        if (octets === undefined) this.#records.delete(name);
        else this.#records.set(name, octets);
      },
      perform: (effect) => this.#perform(effect),
      failed(error) {
        throw error;
      },
    });
  }

  #perform(effect: ActorEffect): void {
    switch (effect.kind) {
      case 'transmit':
        if (toHex(effect.to) === toHex(this.device)) this.#write(CHANNEL.scpm, effect.octets);
        return;
      case 'deliver': {
        const message = decodeHop(effect.octets);
        this.inside.push(message);
        this.onInside(message);
        return;
      }
      case 'message-done':
        (effect.arrived ? this.arrived : this.givenUp).push(effect.token);
        return;
      default:
        return;
    }
  }

  #write(channel: number, octets: Uint8Array): void {
    const link = this.#link;
    if (link === undefined) return;
    if (channel === CHANNEL.scpm) this.written.push(octets);
    for (const { characteristic, value } of link.codec.encode(channel, octets)) {
      this.#writes = this.#writes.then(() => link.central.write(characteristic, value)).catch(() => {});
    }
  }

  async #connect(address: string): Promise<void> {
    const { radio, clock } = this.#parts;
    this.#connecting = true;
    try {
      const central = await radio.connect(address, { timeoutMs: 5_000 });
      if (!this.#on) {
        central.disconnect();
        return;
      }
      const link = { central, codec: cardeaDriver(nodePrimitives).link(central.mtu) };
      this.#link = link;
      central.onDisconnect(() => {
        if (this.#link === link) this.#link = undefined;
        this.tell({ kind: 'unreachable', peer: this.device });
      });
      central.onNotify(LINK_CHARACTERISTIC, (value) => {
        const heard = link.codec.decode(LINK_CHARACTERISTIC, value, clock.monotonic());
        if (heard.kind !== 'message') return;
        if (heard.channel === CHANNEL.scpm) this.tell({ kind: 'frame', octets: heard.octets });
        else this.outside.push({ channel: heard.channel, octets: heard.octets });
      });
      this.tell({ kind: 'reachable', peer: this.device });
    } catch {
      // Heard again, it is tried again.
    } finally {
      this.#connecting = false;
    }
  }
}
