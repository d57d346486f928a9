import { nodeDh, nodePrimitives, openUdpPlace, systemClock, systemRandom, type UdpPlace } from '@cardea/kit-node';
import { equal } from '@cardea/kit-octets';
import { Secret } from '@cardea/kit-runtime';
import { expect, it } from 'vitest';
import {
  createDevice,
  createDomain,
  type DeviceInput,
  type DeviceState,
  domainAddress,
  isJoined,
  type KsnInput,
  type KsnState,
  type RunningNode,
  readableHead,
  runNode,
  type ScpmContext,
  type ScpmEffect,
  stepDevice,
  stepKsn,
} from '../src/index.ts';

const settings = { profile: 'hardened', addressSize: 6, ivLayout: 'repeat' } as const;

/** A medium of UDP datagrams in real time, and what is waited for on it. */
class UdpMedium {
  readonly places: UdpPlace[] = [];
  /** Frames that were heard by somebody who was not meant. */
  foreign = 0;
  readonly #waiting = new Set<() => void>();
  #failure: unknown;

  /** A node on the medium: whatever is not for it changes nothing in it. */
  async node<State extends { readonly address: Uint8Array }, Input>(
    state: State,
    step: (context: ScpmContext, state: State, input: Input) => { state: State; effects: readonly ScpmEffect[] },
    delivered: (octets: Uint8Array, keyIndex: number) => void = () => {},
  ): Promise<RunningNode<State, Input>> {
    const place = await openUdpPlace(
      () => this.places.map(({ port }) => port),
      (octets) => node.input({ kind: 'frame', octets }),
    );
    const node: RunningNode<State, Input> = runNode({
      ...{ primitives: nodePrimitives, clock: systemClock(), random: systemRandom, dh: nodeDh, state },
      step: (context, before, input: Input) => {
        const after = step(context, before, input);
        this.#look(before, input, after);
        return after;
      },
      persist: async () => {},
      perform: (effect) => {
        if (effect.kind === 'transmit') place.send(effect.octets);
        if (effect.kind === 'deliver') delivered(effect.octets, effect.keyIndex);
        for (const look of this.#waiting) look();
      },
      failed: (error) => {
        this.#failure = error;
        for (const look of this.#waiting) look();
      },
    });
    this.places.push(place);
    return node;
  }

  /** Resolves once it is so. @throws what went wrong in a node */
  until(done: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        if (this.#failure !== undefined) reject(this.#failure);
        if (!done()) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
      look();
    });
  }

  close(): Promise<unknown> {
    return Promise.all(this.places.map((place) => place.close()));
  }

  #look<State extends { readonly address: Uint8Array }>(
    before: State,
    input: unknown,
    after: { readonly state: State; readonly effects: readonly ScpmEffect[] },
  ): void {
    const { octets } = input as { readonly octets?: Uint8Array };
    if ((input as { readonly kind: string }).kind !== 'frame' || octets === undefined) return;
    const { da } = readableHead(octets, settings.addressSize);
    if (da === undefined || equal(da, before.address)) return;
    this.foreign++;
    // A frame may come when something of the node's own is due: that is all that may happen.
    const isOwn = ({ kind }: ScpmEffect) => kind === 'wake' || kind === 'transmit';
    expect(after.effects.filter((effect) => !isOwn(effect))).toEqual([]);
    expect(kept(after.state)).toEqual(kept(before));
  }
}

/** What of a state only frames for the node itself may change. */
function kept(state: object): unknown {
  const { keys, ksn, entries, domainKeys, floors, peers } = state as Record<string, unknown>;
  const lines = (peers as readonly { address: unknown; lines: unknown }[]).map((peer) => [peer.address, peer.lines]);
  return { keys, ksn, entries, domainKeys, floors, lines };
}

/** A key setting node with its devices, and what they were told. */
async function domain(medium: UdpMedium, devices: number, preferred: 1 | 2) {
  const ksnAddress = domainAddress(nodePrimitives, systemRandom.octets(16));
  const userKey = new Secret(systemRandom.octets(16));
  const heard: string[] = [];
  const ksn = await medium.node<KsnState, KsnInput>(
    createDomain({ settings, address: ksnAddress, preferred, group: 2, userKey }),
    stepKsn,
    (octets) => heard.push(`ksn ${String.fromCharCode(...octets)}`),
  );
  const all: { readonly address: Uint8Array; readonly node: RunningNode<DeviceState, DeviceInput> }[] = [];
  for (let i = 0; i < devices; i++) {
    const serialKey = new Secret(systemRandom.octets(16));
    const address = domainAddress(nodePrimitives, serialKey.reveal());
    const node = await medium.node<DeviceState, DeviceInput>(
      createDevice({ settings, address, serialKey, algorithms: [1, 2] }, undefined),
      stepDevice,
      (octets) => heard.push(`device ${i} ${String.fromCharCode(...octets)}`),
    );
    all.push({ address, node });
    node.input({ kind: 'setting-mode' });
    ksn.input({ kind: 'join', device: address, serialKey });
  }
  return { ksn, devices: all, heard };
}

const text = (said: string): Uint8Array => Uint8Array.from(said, (letter) => letter.charCodeAt(0));

it('two domains share one medium of UDP: each sets its keys and carries its messages, frames of the other change nothing', async () => {
  const medium = new UdpMedium();
  const [a, b] = [await domain(medium, 2, 2), await domain(medium, 1, 1)];
  const domains = [a, b];
  await medium.until(() =>
    domains.every(({ ksn, devices }) => devices.every(({ address }) => isJoined(ksn.state, address))),
  );
  for (const [name, { ksn, devices }] of [['a', a] as const, ['b', b] as const]) {
    for (const [i, { address, node }] of devices.entries()) {
      expect(node.state.ksn).toEqual(ksn.state.address);
      const message = { keyIndex: 1, token: i, expiresAtMs: undefined } as const;
      ksn.input({ ...message, kind: 'send', to: address, octets: text(`to ${name}${i}`) });
      node.input({ ...message, kind: 'send', to: ksn.state.address, octets: text(`of ${name}${i}`) });
    }
  }
  await medium.until(() => a.heard.length === 4 && b.heard.length === 2);
  expect([...a.heard].sort()).toEqual(['device 0 to a0', 'device 1 to a1', 'ksn of a0', 'ksn of a1']);
  expect([...b.heard].sort()).toEqual(['device 0 to b0', 'ksn of b0']);

  // One domain renews its key: the other keeps its own.
  const before = b.devices.map(({ node }) => node.state.keys);
  a.ksn.input({ kind: 'update-key', keyIndex: 1, key: new Secret(systemRandom.octets(16)) });
  const generation = () => a.ksn.state.domainKeys.find(({ keyIndex }) => keyIndex === 1);
  await medium.until(() => generation()?.generation === 2 && generation()?.next === undefined);
  expect(b.devices.map(({ node }) => node.state.keys)).toEqual(before);
  expect(medium.foreign).toBeGreaterThan(100);
  for (const { ksn, devices } of domains) {
    ksn.stop();
    for (const { node } of devices) node.stop();
  }
  await medium.close();
});
