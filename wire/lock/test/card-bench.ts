import type { PrivateKeyHandle } from '@cardea/kit-crypto';
import { agreeP256, generateP256, signP256 } from '@cardea/kit-node';
import {
  type CardEffect,
  type CardInput,
  type CardState,
  IDLE_CARD,
  type KeyBundle,
  stepCard,
} from '@cardea/wire-access';
import { openKeyReceipt, type ReceiptAnswer } from '../src/index.ts';
import { type DeviceBench, primitives } from './device-bench.ts';

/** A CPU card held to the reader of the lock on the bench: APDUs cross one by one. */
export class CardBench {
  state: CardState = IDLE_CARD;
  end: Extract<CardEffect<ReceiptAnswer>, { kind: 'done' | 'refused' }> | undefined;
  response: Uint8Array | undefined;
  readonly keys: readonly KeyBundle[];
  readonly #privateKey: PrivateKeyHandle;

  constructor(privateKey: PrivateKeyHandle, keys: readonly KeyBundle[]) {
    this.#privateKey = privateKey;
    this.keys = keys;
  }

  /** One command APDU, and its response if the chip has one by then. */
  command(octets: Uint8Array): Uint8Array | undefined {
    this.response = undefined;
    this.#input({ kind: 'command', octets });
    return this.response;
  }

  #input(input: CardInput): void {
    const context = { primitives, openReceipt: openKeyReceipt, keys: this.keys };
    const { state, effects } = stepCard<ReceiptAnswer>(context, this.state, input);
    this.state = state;
    for (const effect of effects) this.#perform(effect);
  }

  #perform(effect: CardEffect<ReceiptAnswer>): void {
    switch (effect.kind) {
      case 'respond':
        this.response = effect.octets;
        return;
      case 'make-ephemeral':
        this.#input({ kind: 'ephemeral', random: new Uint8Array(effect.sizeOctets).fill(7), ...generateP256() });
        return;
      case 'sign':
        this.#input({ kind: 'signed', signature: signP256(this.#privateKey, effect.message) });
        return;
      case 'agree':
        this.#input({ kind: 'agreed', z: agreeP256(effect.privateKey, effect.peer) });
        return;
      case 'done':
      case 'refused':
        this.end = effect;
    }
  }
}

/** Holds a card to the reader until nothing moves; the body moves its bolt when it is asked to. */
export function holdCard(lock: DeviceBench, respond: (command: Uint8Array) => Uint8Array | undefined): void {
  let seen = lock.effects.length;
  lock.input({ kind: 'card-presented' });
  for (;;) {
    const command = lock.effects.slice(seen).find((effect) => effect.kind === 'card-command');
    if (command === undefined) {
      if (lock.state.acting === undefined) return;
      lock.act();
      continue;
    }
    seen = lock.effects.indexOf(command) + 1;
    const octets = respond(command.octets);
    if (octets === undefined) return;
    lock.input({ kind: 'card-answered', octets });
  }
}
