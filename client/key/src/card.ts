import type { ContactlessCard } from '@cardea/kit-radio';
import {
  type CardContext,
  type CardEffect,
  type CardInput,
  type CardState,
  IDLE_CARD,
  stepCard,
} from '@cardea/wire-access';
import { openKeyReceipt, type ReceiptAnswer } from '@cardea/wire-lock';
import { bundleOf, type DoorKey } from './door-key.ts';
import { handWork } from './hand-work.ts';
import type { PhoneHands, PhoneKey } from './hands.ts';
import type { Presented } from './present.ts';

/** What a card is made of: a phone's key in a chip, and the keys that were loaded into it. */
export interface CardParts {
  readonly hands: PhoneHands;
  readonly key: PhoneKey;
  readonly keys: readonly DoorKey[];
  /** Told what came of each exchange; the lock's own light says it to the person. */
  readonly onPresented?: (presented: Presented) => void;
}

/** A card: what a reader's field wakes. It knows neither time nor door; each tap begins anew. */
export function createCard({ hands, key, keys, onPresented }: CardParts): ContactlessCard {
  const context: CardContext<ReceiptAnswer> = {
    primitives: hands.primitives,
    openReceipt: openKeyReceipt,
    keys: keys.map(bundleOf),
  };
  let state: CardState = IDLE_CARD;
  /** Counts taps, so that what the chip began in one does not end in the next. */
  let tap = 0;
  let answer: (response: Uint8Array) => void = () => {};
  let fail: (error: unknown) => void = () => {};

  const input = (next: CardInput): void => {
    const step = stepCard(context, state, next);
    state = step.state;
    for (const effect of step.effects) perform(effect);
  };
  const later = (result: Promise<CardInput>): void => {
    const mine = tap;
    result
      .then((next) => {
        if (mine === tap) input(next);
      })
      .catch((error: unknown) => fail(error));
  };
  const perform = (effect: CardEffect<ReceiptAnswer>): void => {
    switch (effect.kind) {
      case 'respond':
        answer(effect.octets);
        return;
      case 'make-ephemeral':
      case 'sign':
      case 'agree':
        later(handWork(hands, key, effect));
        return;
      case 'done':
        onPresented?.({ kind: 'answered', receipt: effect.receipt, carried: effect.carried });
        return;
      case 'refused':
        onPresented?.({ kind: 'refused', reason: effect.reason });
    }
  };

  return {
    respond: (command) =>
      new Promise((resolve, reject) => {
        answer = resolve;
        fail = reject;
        input({ kind: 'command', octets: command });
      }),
    left() {
      tap++;
      state = IDLE_CARD;
    },
  };
}
