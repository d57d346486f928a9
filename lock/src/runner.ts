import type { Primitives } from '@cardea/kit-crypto';
import type { CardContact, PeripheralLink } from '@cardea/kit-radio';
import { type Cancel, type Clock, instant } from '@cardea/kit-runtime';
import type { BoltOperation, DeviceEffect, DeviceInput, LinkCodec } from '@cardea/wire-profile';
import type { DeviceMachine, LockFactoryIdentity } from './device/machine.ts';
import type { SecureElement } from './element.ts';
import type { Flash } from './flash/flash.ts';
import { openDurableStore } from './flash/store.ts';
import { runHop, type ScpmParts } from './scpm/hop.ts';

/** What the device machine of one power-on works with. */
export interface RunnerParts<State, Durable, Change> {
  readonly machine: DeviceMachine<State, Durable, Change>;
  readonly identity: LockFactoryIdentity;
  readonly flash: Flash;
  readonly element: SecureElement;
  /** The lock's own clock. */
  readonly clock: Clock;
  readonly primitives: Primitives;
  /** Undefined: what comes on the links of this lock is for its machine, and SCPM is not spoken. */
  readonly scpm: ScpmParts | undefined;
  advertise(address: string, data: Uint8Array): void;
  /** Moves the bolt; the answer comes as an `acted` input. */
  act(operation: BoltOperation, token: number): void;
  configure(autoRelockS: number, heldOpenS: number): void;
  confirmationWanted(wanted: boolean): void;
  /** The flash has failed: this lock does nothing any more. */
  failed(error: unknown): void;
}

/** The device machine with power. */
export interface DeviceRunner {
  /** It holds the user key of a domain: its gateway reaches it inside SCPM alone. */
  readonly hasUserKey: boolean;
  input(input: DeviceInput): void;
  connected(link: PeripheralLink): void;
  written(link: PeripheralLink, characteristic: string, value: Uint8Array): void;
  disconnected(link: PeripheralLink): void;
  /** A contactless card is at the reader. */
  cardPresented(contact: CardContact): void;
  /** The power goes: nothing that was under way comes back. */
  powerOff(): void;
}

/**
 * Performs a device machine's effects in order: inputs that arise meanwhile wait their turn.
 * @throws VirtualLockError `flash_corrupt`
 */
export function runDevice<State, Durable, Change>(parts: RunnerParts<State, Durable, Change>): DeviceRunner {
  const { machine, identity, flash, element, clock, primitives } = parts;
  const store = openDurableStore(flash, machine.durable, element);
  const context = () => ({ primitives, now: instant(clock) });
  const links = new Map<number, { link: PeripheralLink; codec: LinkCodec }>();
  const inputs: DeviceInput[] = [];
  let state = machine.initial(context(), identity, store.durable);
  let running = false;
  let powered = true;
  let timer: Cancel | undefined;
  let card: CardContact | undefined;

  const input = (next: DeviceInput): void => {
    if (!powered) return;
    inputs.push(next);
    if (running) return;
    running = true;
    try {
      for (let one = inputs.shift(); one !== undefined && powered; one = inputs.shift()) {
        const step = machine.step(context(), state, one);
        state = step.state;
        for (const effect of step.effects) if (powered) perform(effect);
      }
    } finally {
      running = false;
    }
  };
  /** Feeds a promised result to the machine, unless the power has gone meanwhile. */
  const later = (result: Promise<DeviceInput>): void => {
    result.then(input, fail);
  };
  const fail = (error: unknown): void => {
    if (!powered) return;
    powerOff();
    parts.failed(error);
  };
  const powerOff = (): void => {
    powered = false;
    timer?.();
    hop?.stop();
    for (const { link } of links.values()) link.disconnect();
    links.clear();
  };

  const transmit = (to: number, channel: number, octets: Uint8Array): void => {
    const found = links.get(to);
    if (found === undefined) return;
    for (const { characteristic, value } of found.codec.encode(channel, octets)) {
      found.link.notify(characteristic, value);
    }
  };
  const hop =
    parts.scpm &&
    runHop({
      ...parts.scpm,
      ...{ factoryKey: identity.factoryKey, element, clock, primitives, transmit, failed: fail },
      take: (link, message) => input({ ...message, kind: 'message', link }),
    });

  /** Whoever is at the reader when the answer comes: that of a card that has been taken away counts no more. */
  const askCard = (command: Uint8Array): void => {
    const asked = card;
    if (asked === undefined) return;
    asked.transceive(command).then(
      (octets) => {
        if (card === asked) input({ kind: 'card-answered', octets });
      },
      () => cardGone(asked),
    );
  };
  const cardGone = (gone: CardContact): void => {
    if (card !== gone) return;
    card = undefined;
    input({ kind: 'card-gone' });
  };

  const perform = (effect: DeviceEffect<Change>): void => {
    switch (effect.kind) {
      case 'send':
        (hop?.send ?? transmit)(effect.link, effect.channel, effect.octets);
        return;
      case 'drop-link':
        links.get(effect.link)?.link.disconnect();
        return;
      case 'act':
        parts.act(effect.operation, effect.token);
        return;
      case 'configure':
        parts.configure(effect.autoRelockS, effect.heldOpenS);
        return;
      case 'persist':
        try {
          store.commit(effect.change);
        } catch (error) {
          fail(error);
          return;
        }
        later(flash.flush().then(() => ({ kind: 'persisted', id: effect.id })));
        return;
      case 'make-ephemeral': {
        const random = element.random.octets(effect.sizeOctets);
        later(element.generate().then((pair) => ({ kind: 'ephemeral', id: effect.id, random, ...pair })));
        return;
      }
      case 'make-random':
        input({ kind: 'random', id: effect.id, random: element.random.octets(effect.sizeOctets) });
        return;
      case 'agree':
        later(element.agree(effect.privateKey, effect.peer).then((z) => ({ kind: 'agreed', id: effect.id, z })));
        return;
      case 'sign':
        later(element.sign(effect.message).then((signature) => ({ kind: 'signed', id: effect.id, signature })));
        return;
      case 'verify':
        later(
          element
            .verify(effect.publicKey, effect.message, effect.signature)
            .then((valid) => ({ kind: 'verified', id: effect.id, valid })),
        );
        return;
      case 'advertise':
        parts.advertise(effect.address, effect.data);
        return;
      case 'card-command':
        askCard(effect.octets);
        return;
      case 'confirmation-wanted':
        parts.confirmationWanted(effect.wanted);
        return;
      case 'cleared':
        // Nothing is kept outside the machine's own records.
        return;
      case 'wake':
        timer?.();
        timer = clock.after(effect.atMonotonicMs - clock.monotonic(), () => input({ kind: 'wake' }));
    }
  };

  return {
    get hasUserKey() {
      return hop?.hasUserKey ?? false;
    },
    input(next) {
      if (hop !== undefined && next.kind === 'factory-reset') {
        // The domain's keys first: a cut in between leaves a lock that is still bound, and whose reset is asked again.
        later(hop.reset().then(() => next));
        return;
      }
      if (opensSettingMode(next)) hop?.settingMode();
      input(next);
    },
    connected(link) {
      links.set(link.id, { link, codec: machine.link(link.mtu) });
      hop?.connected(link.id);
      input({ kind: 'connected', link: link.id });
    },
    written(link, characteristic, value) {
      const codec = links.get(link.id)?.codec;
      const decoded = codec?.decode(characteristic, value, clock.monotonic());
      if (decoded?.kind === 'broken') link.disconnect();
      else if (decoded?.kind === 'message') {
        if (hop === undefined) input({ ...decoded, link: link.id });
        else hop.received(link.id, decoded.channel, decoded.octets);
      }
    },
    cardPresented(contact) {
      card = contact;
      contact.onGone(() => cardGone(contact));
      input({ kind: 'card-presented' });
    },
    disconnected(link) {
      links.delete(link.id);
      hop?.disconnected(link.id);
      input({ kind: 'disconnected', link: link.id });
    },
    powerOff,
  };
}

/** The binding window opens, or a hand is at the lock. */
function opensSettingMode({ kind }: DeviceInput): boolean {
  return kind === 'powered-on' || kind === 'button' || kind === 'open-window';
}
