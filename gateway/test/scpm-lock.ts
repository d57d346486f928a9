import { nodePrimitives, seededDh, seededRandom } from '@cardea/kit-node';
import { fromHex } from '@cardea/kit-octets';
import type { PeripheralLink } from '@cardea/kit-radio';
import { Secret } from '@cardea/kit-runtime';
import {
  CHANNEL,
  cardeaProfile,
  encodeUnbound,
  LEGACY_CHARACTERISTIC,
  LINK_CHARACTERISTIC,
  lockLink,
} from '@cardea/wire-lock';
import {
  createDevice,
  type DeviceInput,
  type DeviceState,
  decodeHop,
  domainAddress,
  encodeHop,
  type HopMessage,
  type RunningNode,
  runNode,
  serialKeyOf,
  stepDevice,
} from '@cardea/wire-scpm';
import type { Estate } from './estate.ts';

/** A lock with SCPM on an estate's air: it echoes every message, the way that it came. */
export class ScpmLock {
  readonly identifier: string;
  readonly serialKey: Secret;
  readonly address: Uint8Array;
  /** What came directly, and what came inside SCPM. */
  readonly direct: HopMessage[] = [];
  readonly inside: (HopMessage & { readonly keyIndex: number })[] = [];
  /** Octets of every frame that arrived on channel 2. */
  readonly frames: Uint8Array[] = [];
  readonly node: RunningNode<DeviceState, DeviceInput>;
  /** How long it takes for an answer: a bolt takes its time. */
  readonly answers = { afterMs: 200 };
  /** Loses so many of its answers. */
  deaf = 0;
  #say: (channel: number, octets: Uint8Array) => void = () => {};
  #tokens = 0;

  constructor(estate: Estate, identifier: string) {
    const { clock } = estate;
    const random = seededRandom(identifier);
    this.identifier = identifier;
    this.serialKey = new Secret(serialKeyOf(nodePrimitives, random.octets(16)));
    this.address = domainAddress(nodePrimitives, this.serialKey.reveal());
    this.node = runNode<DeviceState, DeviceInput>({
      state: createDevice(
        {
          settings: { profile: 'hardened', addressSize: 6, ivLayout: 'repeat' },
          address: this.address,
          serialKey: this.serialKey,
          algorithms: [1, 2],
        },
        undefined,
      ),
      step: stepDevice,
      primitives: nodePrimitives,
      clock,
      random,
      dh: seededDh(random),
      persist: async () => {},
      failed(error) {
        throw error;
      },
      perform: (effect) => {
        if (effect.kind === 'transmit') {
          if (this.deaf > 0) this.deaf--;
          else this.#say(CHANNEL.scpm, effect.octets);
        } else if (effect.kind === 'deliver') {
          const hop = decodeHop(effect.octets);
          this.inside.push({ ...hop, keyIndex: effect.keyIndex });
          clock.after(this.answers.afterMs, () => this.tell(effect.from, hop));
        }
      },
    });
    this.#serve(estate);
  }

  /** Says something inside SCPM under the user key. */
  tell(to: Uint8Array, hop: HopMessage): void {
    const token = ++this.#tokens;
    this.node.input({ kind: 'send', to, keyIndex: 1, octets: encodeHop(hop), token, expiresAtMs: undefined });
  }

  get isJoined(): boolean {
    return this.node.state.ksn !== undefined;
  }

  #serve(estate: Estate): void {
    const { clock } = estate;
    const codecs = new Map<number, ReturnType<typeof lockLink>>();
    const peripheral = estate.medium.radioFor(this.identifier).serve(
      {
        uuid: cardeaProfile.service,
        characteristics: [LINK_CHARACTERISTIC, LEGACY_CHARACTERISTIC].map((uuid) => ({
          uuid,
          write: true,
          notify: true,
        })),
      },
      {
        connected: (link: PeripheralLink) => {
          estate.connections.push(this.identifier);
          const codec = lockLink(link.mtu);
          codecs.set(link.id, codec);
          this.#say = (channel, octets) => {
            if (codecs.get(link.id) !== codec) return;
            for (const { characteristic, value } of codec.encode(channel, octets)) link.notify(characteristic, value);
          };
        },
        written: (link, characteristic, value) => {
          const taken = codecs.get(link.id)?.decode(characteristic, value, clock.monotonic());
          if (taken?.kind !== 'message') return;
          const { channel, octets } = taken;
          if (channel === CHANNEL.scpm) {
            this.frames.push(octets);
            this.node.input({ kind: 'frame', octets });
            return;
          }
          this.direct.push({ channel, octets });
          if (this.isJoined) return;
          clock.after(this.answers.afterMs, () => this.#say(channel, octets));
        },
        disconnected: (link) => codecs.delete(link.id),
      },
      { name: this.identifier, bluetooth: '5.0', mtu: 247 },
    );
    const data = encodeUnbound({ lockId: fromHex(this.identifier), model: 1, windowOpen: true });
    peripheral.advertise({ address: this.identifier, data });
  }
}
