import type { DhAgreement, Primitives } from '@cardea/kit-crypto';
import { equal, fromHex, toHex } from '@cardea/kit-octets';
import { type Clock, Secret } from '@cardea/kit-runtime';
import { CHANNEL } from '@cardea/wire-lock';
import {
  type ActorEffect,
  ALGORITHM,
  createDevice,
  type DeviceIdentity,
  type DeviceInput,
  type DeviceState,
  decodeHop,
  domainAddress,
  encodeHop,
  type HopMessage,
  isSecure,
  KEY_INDEX,
  type RunningNode,
  readableHead,
  runNode,
  ScpmError,
  serialKeyOf,
  stepDevice,
} from '@cardea/wire-scpm';
import type { SecureElement } from '../element.ts';
import type { Flash } from '../flash/flash.ts';
import { openDurableStore } from '../flash/store.ts';
import { goesDirectly, goesInside } from './policy.ts';
import { nodeRecords } from './record.ts';

/** What a lock needs to belong to a domain. */
export interface ScpmParts {
  /** Where its keys and sequence numbers are kept: {@link SCPM_FLASH}, and nothing else on it. */
  readonly flash: Flash;
  /** Of its secure element. */
  readonly dh: DhAgreement;
}

/** What the hop of one power-on works with. */
export interface HopParts extends ScpmParts {
  /** Kdev: the serial key on the case follows from it. */
  readonly factoryKey: Secret;
  readonly element: SecureElement;
  readonly clock: Clock;
  readonly primitives: Primitives;
  /** To a central. Lost silently when the link is gone. */
  transmit(link: number, channel: number, octets: Uint8Array): void;
  /** A message for the lock's own machine. */
  take(link: number, message: HopMessage): void;
  /** The flash has failed. */
  failed(error: unknown): void;
}

/** What stands between a lock's links and its machine. */
export interface Hop {
  /** It holds the user key of a domain. */
  readonly hasUserKey: boolean;
  connected(link: number): void;
  /** A whole message of a link, of any channel. */
  received(link: number, channel: number, octets: Uint8Array): void;
  /** What the machine sends, and where it really goes: directly, inside SCPM, or nowhere. */
  send(link: number, channel: number, octets: Uint8Array): void;
  disconnected(link: number): void;
  /** The button, or the binding window: it takes a user key for a time, if it has none. */
  settingMode(): void;
  /** The reset at the lock: resolves when no key of a domain is left in flash. Setting mode follows. */
  reset(): Promise<void>;
  /** The power goes. */
  stop(): void;
}

/** What a lock says inside SCPM is given up when nobody has confirmed it for so long. */
const ANSWER_LIFE_MS = 30_000;

/** All nodes of a domain use these. */
const SETTINGS: DeviceIdentity['settings'] = { profile: 'hardened', addressSize: 6, ivLayout: 'repeat' };

/** Whom a link speaks with inside SCPM, and under which key. */
interface Inside {
  readonly peer: Uint8Array;
  readonly keyIndex: number;
}

/** A frame of a link: the node hears it as any other. */
interface LinkFrame extends Extract<DeviceInput, { readonly kind: 'frame' }> {
  readonly link: number;
}

/**
 * Runs the lock's node of SCPM on its links: frames on channel 2, the messages inside them to the machine and back.
 *
 *     link --2--> node --deliver--> machine --send--> node --2--> the link on which its peer proved itself last
 *          --3--------------------> machine --send-----------3--> the same link, unless it carries messages inside
 *          --1, 4-----------------> machine, before the user key is set; nowhere after
 * @throws VirtualLockError `flash_corrupt`
 */
export function runHop(parts: HopParts): Hop {
  const { flash, element, clock, primitives, dh } = parts;
  const identity = identityOf(primitives, parts.factoryKey);
  const store = openDurableStore(flash, nodeRecords, element.scpmSeal);
  /** Links that are there; with whom they speak inside, once a message came inside. */
  const links = new Map<number, Inside | undefined>();
  /** By the address of a peer, in hex: the link on which it proved last that it holds a key. */
  const provedOn = new Map<string, number>();
  /** Whose frame came last, as it says, and on which link. */
  let latest: { readonly name: string; readonly link: number } | undefined;
  let current: DeviceInput | LinkFrame | undefined;
  let tokens = 0;

  /** Where a peer is asked: on the link on which it proved itself, before it has where it says that it is. */
  const linkTo = (name: string): number | undefined =>
    provedOn.get(name) ?? (latest?.name === name ? latest.link : undefined);
  /** What waits for a peer is tried at once when it comes on another link. */
  const heard = (octets: Uint8Array, link: number, isProved: boolean): void => {
    const { sa, da } = readableHead(octets, SETTINGS.addressSize);
    // Others may share the medium.
    if (sa === undefined || da === undefined || !equal(da, identity.address) || !links.has(link)) return;
    const peer = sa.slice();
    const name = toHex(peer);
    const before = linkTo(name);
    latest = { name, link };
    if (isProved) provedOn.set(name, link);
    if (linkTo(name) !== before) node.input({ kind: 'reachable', peer });
  };
  const frameNow = (): LinkFrame | undefined => (current?.kind === 'frame' && 'link' in current ? current : undefined);

  const perform = (effect: ActorEffect): void => {
    switch (effect.kind) {
      case 'transmit': {
        // An answer goes back where the question came from; what is asked goes to where the peer was heard.
        const link = isRequest(effect.octets) ? linkTo(toHex(effect.to)) : frameNow()?.link;
        if (link !== undefined) parts.transmit(link, CHANNEL.scpm, effect.octets);
        return;
      }
      case 'deliver':
        deliver(effect);
        return;
      case 'key':
      case 'trouble':
      case 'unauthenticated':
      case 'ordinary':
      case 'message-done':
      case 'update-wanted':
        return;
    }
  };
  const deliver = (effect: Extract<ActorEffect, { readonly kind: 'deliver' }>): void => {
    const link = frameNow()?.link;
    const message = readHop(effect.octets);
    if (link === undefined || !links.has(link) || message === undefined) return;
    if (!goesInside(message.channel, effect.keyIndex)) return;
    links.set(link, { peer: effect.from, keyIndex: effect.keyIndex });
    parts.take(link, message);
  };

  const found = createDevice(identity, store.durable);
  let keysInFlash = givenKeys(found);
  const node: RunningNode<DeviceState, DeviceInput | LinkFrame> = runNode({
    state: found,
    step(context, state, input) {
      current = input;
      return stepDevice(context, state, input);
    },
    primitives,
    clock,
    random: element.random,
    dh,
    async persist(_, record) {
      const given = givenKeys(node.state);
      store.commit({ record, erases: keysInFlash.some((key) => !given.includes(key)) });
      keysInFlash = given;
      // A record is made for what verified, and for nothing else: whoever sent this frame is who it says.
      const frame = frameNow();
      if (frame !== undefined) heard(frame.octets, frame.link, true);
      await flash.flush();
    },
    perform,
    failed: parts.failed,
  });
  const hasUserKey = (): boolean => node.state.ksn !== undefined;

  node.input({ kind: 'powered-on', random: element.random.octets(4) });

  return {
    get hasUserKey() {
      return hasUserKey();
    },
    connected(link) {
      links.set(link, undefined);
    },
    received(link, channel, octets) {
      if (channel === CHANNEL.scpm) {
        heard(octets, link, false);
        node.input({ kind: 'frame', octets, link });
        return;
      }
      // A link that carries messages inside SCPM carries none beside it.
      const isDirect = links.get(link) === undefined && goesDirectly(channel, hasUserKey());
      if (isDirect) parts.take(link, { channel, octets });
    },
    send(link, channel, octets) {
      if (links.get(link) === undefined && goesDirectly(channel, hasUserKey())) {
        parts.transmit(link, channel, octets);
        return;
      }
      const inside = links.get(link) ?? ksnOn(link);
      if (inside === undefined) return;
      node.input({
        ...{ kind: 'send', to: inside.peer, keyIndex: inside.keyIndex },
        octets: encodeHop({ channel, octets }),
        token: tokens++,
        expiresAtMs: clock.monotonic() + ANSWER_LIFE_MS,
      });
    },
    disconnected(link) {
      links.delete(link);
      if (latest?.link === link) latest = undefined;
      for (const [name, on] of provedOn) {
        if (on !== link) continue;
        provedOn.delete(name);
        node.input({ kind: 'unreachable', peer: fromHex(name) });
      }
    },
    settingMode: () => node.input({ kind: 'setting-mode' }),
    async reset() {
      for (const link of links.keys()) links.set(link, undefined);
      node.input({ kind: 'reset' });
      node.input({ kind: 'setting-mode' });
      await node.settled();
    },
    stop: () => node.stop(),
  };

  /** The key came while a message was being answered that had come directly: the answer goes inside. */
  function ksnOn(link: number): Inside | undefined {
    const { ksn } = node.state;
    if (ksn === undefined || provedOn.get(toHex(ksn)) !== link) return undefined;
    return { peer: ksn, keyIndex: KEY_INDEX.user };
  }
}

function identityOf(primitives: Primitives, factoryKey: Secret): DeviceIdentity {
  const serialKey = serialKeyOf(primitives, factoryKey.reveal());
  return {
    settings: SETTINGS,
    address: domainAddress(primitives, serialKey),
    serialKey: new Secret(serialKey),
    algorithms: [ALGORITHM.cbc, ALGORITHM.ccm],
  };
}

/** The keys that a domain gave and that are kept without power, by index and version. */
function givenKeys({ keys }: DeviceState): readonly string[] {
  return keys
    .filter(({ version, state }) => version > 0 && state !== 'shared')
    .map(({ keyIndex, version }) => `${keyIndex} ${version}`);
}

function isRequest(frame: Uint8Array): boolean {
  return isSecure(frame) && readableHead(frame, SETTINGS.addressSize).response === false;
}

/** Whoever holds a key and sends what is no message is answered nothing. */
function readHop(octets: Uint8Array): HopMessage | undefined {
  try {
    return decodeHop(octets);
  } catch (error) {
    if (error instanceof ScpmError) return undefined;
    throw error;
  }
}
